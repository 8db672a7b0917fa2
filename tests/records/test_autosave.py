"""Saving while one writes: the same service as the button, checked by revision, and nothing is ever lost."""

from events.audit import AuditEntry
from minutes.records import services
from minutes.records.content import Content
from minutes.records.models import Minutes
from tests.records.scene import address, fields_of, new, opened


def page_of(desk, minutes):
    return fields_of(desk.get(address("minutes-edit", minutes)))


def autosave(desk, minutes, typed):
    return desk.post(address("minutes-autosave", minutes), typed)


def test_it_saves_and_tells_the_page_what_its_rows_are_called_now(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    typed = {**page_of(desk, minutes), "decisions-0-text": "Nytt lys"}
    answer = autosave(desk, minutes, typed).json()
    decision = minutes.outcomes.get(kind="decision")
    assert answer["revision"] == 1
    assert answer["rows"]["decisions-0"]["id"] == decision.pk
    again = {**typed, "revision": "1", "decisions-0-text": "Nytt lys i parken"}
    for row, hidden in answer["rows"].items():
        again |= {f"{row}-{field}": str(value) for field, value in hidden.items()}
    assert autosave(desk, minutes, again).json()["revision"] == 2
    assert [one.text for one in minutes.outcomes.all()] == ["Nytt lys i parken"]
    shown = page_of(desk, minutes)
    told = [name for name in shown if name.startswith("decisions-0") and not name.endswith("base")]
    assert {name: again.get(name) for name in told} == {name: shown[name] for name in told}


def test_every_section_learns_its_new_rows(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    typed = {
        **page_of(desk, minutes),
        "walkins-0-name": "Ida",
        "headcounts-0-organisation": "Skolen",
        "headcounts-0-count": "12",
        "actions-0-text": "Ringe",
        "actions-0-owner": "Kari",
    }
    rows = autosave(desk, minutes, typed).json()["rows"]
    assert all(
        rows[name]["id"] for name in ("walkins-0", "headcounts-0", "actions-0", "items-0", "attendance-0")
    )


def test_an_older_page_is_told_and_writes_nothing(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    typed = {**page_of(desk, minutes), "decisions-0-text": "Mitt"}
    services.save(minutes, by=kari, revision=0, content=Content(decisions=[new(text="Deres")]))
    assert autosave(desk, minutes, typed).status_code == 409
    assert [one.text for one in minutes.outcomes.all()] == ["Deres"]
    joined = fields_of(desk.post(address("minutes-edit", minutes), typed))
    assert {value for name, value in joined.items() if name.startswith("decisions") and name.endswith("text")} >= {
        "Mitt", "Deres",
    }  # fmt: skip


def test_what_is_wrong_is_not_saved_by_half(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    typed = {**page_of(desk, minutes), "decisions-0-text": "Bra", "actions-0-text": "gjelder 13097248022"}
    assert autosave(desk, minutes, typed).status_code == 422
    assert not minutes.outcomes.exists()


def test_minutes_that_wait_for_approval_are_not_written_in(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    typed = page_of(desk, minutes)
    Minutes.objects.of(sandefjord).update(state="submitted")
    assert autosave(desk, minutes, typed).status_code == 423


def test_a_row_that_is_removed_stays_removed(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    services.save(minutes, by=kari, revision=0, content=Content(decisions=[new(text="Bort")]))
    typed = {**page_of(desk, minutes), "decisions-0-remove": "on"}
    answer = autosave(desk, minutes, typed).json()
    assert answer["rows"]["decisions-0"] == {"id": "", "base": ""}
    again = {**typed, "revision": str(answer["revision"]), "decisions-0-id": "", "decisions-0-base": ""}
    assert autosave(desk, minutes, again).status_code == 200
    assert not minutes.outcomes.exists()


def test_the_trail_names_a_writer_once_in_ten_minutes_and_each_save_by_hand(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)

    def entries():
        return AuditEntry.objects.of(sandefjord).filter(action="minutes.changed").count()

    for _n in range(3):
        assert autosave(desk, minutes, page_of(desk, minutes)).status_code == 200
    assert entries() == 1
    desk.post(address("minutes-edit", minutes), page_of(desk, minutes))
    assert entries() == 2


def test_the_page_learns_which_draft_was_saved_and_nothing_else_comes_back(sandefjord, kari, at_desk):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    for draft, told in (("a1-b2", "?saved=a1-b2"), ("<script>", ""), ("", "")):
        saved = desk.post(address("minutes-edit", minutes), {**page_of(desk, minutes), "draft": draft})
        assert saved["Location"] == address("minutes-edit", minutes) + told

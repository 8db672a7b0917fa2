"""The list of action points, one of them, and what colleagues may do."""

import pytest

from minutes.records.actions import answering, reminding, services
from minutes.records.actions.models import ActionItem
from tests.actions.scene import DAY, amina, decided, fresh, on, today
from tests.queries import queries_of

LIST = "/t/sandefjord/actions/"


def page(action, verb=""):
    return f"{LIST}{action.pk}/{verb}"


def test_the_list_shows_open_ones_first_due_first_and_the_overdue_ones_apart(sandefjord, kari, at_desk):
    later = decided(sandefjord, kari, due=on(today() + 30 * DAY), text="Senere")
    late = decided(sandefjord, kari, due=on(today() - DAY), text="For sent")
    someday = decided(sandefjord, kari, due=None, text="Uten frist")
    done = decided(sandefjord, kari, text="Ferdig")
    services.move(done, by=kari, to="done")
    desk = at_desk(kari)
    shown = {show: [row.pk for row in desk.get(f"{LIST}?show={show}").context["rows"]] for show in
             ("open", "overdue", "closed", "tull")}  # fmt: skip
    every = [late.pk, later.pk, someday.pk]
    assert shown == {"open": every, "overdue": [late.pk], "closed": [done.pk], "tull": every}


def test_the_list_asks_the_same_for_one_row_and_for_three(sandefjord, kari, at_desk):
    decided(sandefjord, kari)
    one = queries_of(at_desk(kari), LIST)
    for _n in range(2):
        decided(sandefjord, kari)
    assert (one, queries_of(at_desk(kari), LIST)) == (3, 3)


def test_a_reader_learns_no_owner_and_no_history(sandefjord, kari, leif, at_desk):
    action = decided(sandefjord, kari)
    answering.answer(action, said="not_yet", note="Ahmed er syk")
    desk = at_desk(leif)
    for address in (LIST, page(action)):
        shown = desk.get(address).content.decode()
        assert "Ringe skolene" in shown
        assert "Amina Noor" not in shown
        assert "Ahmed" not in shown
    kept = at_desk(kari).get(page(action)).content.decode()
    assert "Amina Noor" in kept
    assert "Ahmed er syk" in kept


@pytest.mark.parametrize(
    ("verb", "data"), [("move/", {"to": "done"}), ("edit/", {"owner": "x"}), ("accept/", {}), ("revoke/", {})]
)
def test_a_reader_changes_nothing(sandefjord, kari, leif, at_desk, verb, data):
    action = decided(sandefjord, kari)
    assert at_desk(leif).post(page(action, verb), data).status_code == 403
    assert (fresh(action).status, fresh(action).owner) == ("open", "Amina Noor")


def test_closing_and_opening_again(sandefjord, mina, kari, at_desk):
    action = decided(sandefjord, kari)
    desk = at_desk(mina)
    desk.post(page(action, "move/"), {"to": "done", "note": "Ringte alle"})
    assert fresh(action).status == "done"
    assert "Ringte alle" in desk.get(page(action)).content.decode()
    desk.post(page(action, "move/"), {"to": "open", "note": ""})
    assert fresh(action).status == "open"


def test_dropping_without_a_reason_says_so_beside_the_field_and_keeps_what_was_typed(
    sandefjord, kari, at_desk
):
    action = decided(sandefjord, kari)
    shown = at_desk(kari).post(page(action, "move/"), {"to": "dropped", "note": ""})
    assert shown.context["form"].errors == {"note": ["Skriv hvorfor det droppes."]}
    shown = at_desk(kari).post(page(action, "move/"), {"to": "dropped", "note": "gjelder 13097248022"})
    assert list(shown.context["form"].errors) == ["note"]
    assert "gjelder 13097248022" in shown.content.decode()
    assert fresh(action).status == "open"


def test_a_vague_date_is_typed_as_people_say_it(sandefjord, kari, at_desk):
    action = decided(sandefjord, kari)
    desk = at_desk(kari)
    desk.post(page(action, "edit/"), {"owner": "Amina Noor", "due": "våren 2027", "not_before": ""})
    assert (fresh(action).due.words(), fresh(action).due_precision) == ("våren 2027", "season")
    shown = desk.post(page(action, "edit/"), {"owner": "Amina Noor", "due": "snart", "not_before": ""})
    assert list(shown.context["form"].errors) == ["due"]
    assert 'value="snart"' in shown.content.decode()


def test_the_date_that_the_owner_asked_for_is_set_with_one_button(sandefjord, kari, at_desk):
    action = decided(sandefjord, kari)
    asked = on(today() + 60 * DAY)
    answering.answer(action, said="new_date", due=asked, note="Ferie")
    desk = at_desk(kari)
    assert "Sett denne datoen" in desk.get(page(action)).content.decode()
    desk.post(page(action, "accept/"))
    assert fresh(action).due == asked
    assert "Sett denne datoen" not in desk.get(page(action)).content.decode()
    desk.post(page(action, "accept/"))
    assert fresh(action).due == asked


def test_an_owner_nobody_can_write_to_is_said(sandefjord, kari, at_desk):
    action = decided(sandefjord, kari)
    assert "Ingen blir påminnet" in at_desk(kari).get(page(action)).content.decode()
    amina(sandefjord)
    known = decided(sandefjord, kari)
    assert "Ingen blir påminnet" not in at_desk(kari).get(page(known)).content.decode()


def test_the_link_is_taken_back(sandefjord, kari, at_desk, client):
    amina(sandefjord)
    action = decided(sandefjord, kari, due=on(today() + 5 * DAY))
    reminding.tick()
    link = f"/action/{fresh(action).token}/"
    assert client.get(link).status_code == 200
    at_desk(kari).post(page(action, "revoke/"))
    assert client.get(link).status_code == 404
    assert ActionItem.objects.of(sandefjord).get().token_hash is None


def test_the_overview_shows_what_is_overdue(sandefjord, kari, at_desk):
    assert "Forfalte oppfølgingspunkter" not in at_desk(kari).get("/t/sandefjord/").content.decode()
    decided(sandefjord, kari, due=on(today() - DAY))
    assert "Forfalte oppfølgingspunkter" in at_desk(kari).get("/t/sandefjord/").content.decode()

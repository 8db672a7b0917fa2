"""Where staff say who sees the guests: one click or field by field, never wider by accident once people answered."""

import pytest
from django.urls import reverse

from events.audit import AuditEntry
from events.gatherings.matrix import presets, services
from events.gatherings.models import Event
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed
from tests.factories import event, invitation
from tests.invitations.telling import say

MATRIX = dict.fromkeys(presets.MATRIX, 4)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Dialogmøte")


@pytest.fixture
def page(meeting):
    return reverse("event-visibility", kwargs={"tenant": "sandefjord", "pk": meeting.pk})


def stored(row):
    now = Event.objects.of(row.tenant).get(pk=row.pk)
    return {name: getattr(now, name) for name in presets.SETTABLE}


def history(row):
    return list(AuditEntry.objects.of(row.tenant).about(row).values_list("action", flat=True))


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda preset: preset.key)
def test_one_click_sets_a_preset(at_desk, kari, meeting, page, preset):
    Event.objects.of(meeting.tenant).update(name_for=3, place_hours_before=24, press_attends=True)
    at_desk(kari).post(page, {"preset": preset.key})
    assert {name: stored(meeting)[name] for name in presets.MATRIX} == preset.matrix
    assert (stored(meeting)["place_hours_before"], stored(meeting)["press_attends"]) == (24, True)


def test_field_by_field_and_a_second_click_changes_nothing_more(at_desk, kari, meeting, page):
    wanted = {
        **MATRIX,
        "name_for": 2,
        "police_attends": "on",
        "ex_officio": "Statsforvalteren",
        "place_hours_before": 0,
    }
    for _click in range(2):
        assert at_desk(kari).post(page, wanted).status_code == 302
    assert stored(meeting) == {
        **MATRIX,
        "name_for": 2,
        "police_attends": True,
        "press_attends": False,
        "ex_officio": "Statsforvalteren",
        "place_hours_before": 0,
    }
    assert history(meeting) == ["event.guests_wider"]


def test_wider_after_an_answer_needs_a_tick_and_the_page_keeps_what_was_chosen(at_desk, kari, meeting, page):
    say(invitation(meeting), "accepted")
    client = at_desk(kari)
    asked = client.post(page, {"preset": "delegates"})
    text = asked.content.decode()
    assert (asked.status_code, stored(meeting)["name_for"]) == (200, 4)
    assert ('name="confirm"' in text, asked.context["form"]["name_for"].value()) == (True, 2)
    chosen = {**presets.preset_of("delegates").matrix, "confirm": "on"}
    assert client.post(page, chosen).status_code == 302
    assert (stored(meeting)["name_for"], history(meeting)) == (2, ["event.guests_wider"])


@pytest.mark.parametrize(
    "facts", [{"press_attends": True}, {"police_attends": True}, {"ex_officio": "Ministeren"}]
)
def test_others_who_come_by_office_are_a_wider_promise_too(meeting, kari, facts):
    say(invitation(meeting), "tentative")
    with pytest.raises(services.NotConfirmed):
        services.set_matrix(meeting, by=kari, facts=facts)


def test_narrower_is_always_possible_and_wider_before_any_answer(meeting, kari):
    row = invitation(meeting)
    assert services.set_matrix(meeting, by=kari, facts={"name_for": 1})
    say(row, "accepted")
    assert services.set_matrix(meeting, by=kari, facts={"name_for": 3, "count_for": 4})
    assert history(meeting) == ["event.guests_set", "event.guests_wider"]


def test_a_cancelled_meeting_and_a_field_of_something_else_are_refused(meeting, kari):
    with pytest.raises(TypeError):
        services.set_matrix(meeting, by=kari, facts={"title": "Nytt"})
    Event.objects.of(meeting.tenant).update(state="cancelled", cancelled_at=meeting.starts_at)
    with pytest.raises(NotAllowed):
        services.set_matrix(meeting, by=kari, facts={"name_for": 0})


def test_somebody_elses_choice_of_the_same_moment_is_not_overwritten(meeting, kari, monkeypatch):
    def meanwhile(_event, _facts):
        Event.objects.of(meeting.tenant).update(role_for=3)
        return []

    monkeypatch.setattr(services, "widened", meanwhile)
    with pytest.raises(ChangedMeanwhile):
        services.set_matrix(meeting, by=kari, facts={"name_for": 2})


def test_the_page_warns_once_invitations_are_out_and_shows_what_each_audience_would_see(
    at_desk, kari, meeting, page
):
    client = at_desk(kari)
    assert "Invitasjonene er sendt" not in client.get(page).content.decode()
    invitation(meeting)
    Event.objects.of(meeting.tenant).update(**presets.preset_of("chatham").matrix)
    shown = client.get(page)
    assert "Invitasjonene er sendt" in shown.content.decode()
    assert [len(one.lines) for one in shown.context["examples"]] == [0, 0, 4, 4]
    assert shown.context["examples"][2].lines[0] == "Amina Noor, moské"


@pytest.mark.parametrize("wrong", [{"name_for": "9"}, {"name_for": "x"}, {"place_hours_before": "-1"}, {}])
def test_what_is_no_choice_is_told_and_nothing_is_written(at_desk, kari, meeting, page, wrong):
    answer = at_desk(kari).post(page, {**MATRIX, **wrong} if wrong else {})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert stored(meeting)["name_for"] == 4

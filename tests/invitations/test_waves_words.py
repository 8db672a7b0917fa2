"""Notes and checks of a wave: kept with it, asked when it is planned, and once more when it goes out."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from invites.invitations.checks import Refused
from invites.invitations.drafting import services as drafting
from invites.invitations.models import Invitation
from invites.invitations.waves import sending
from invites.invitations.waves.models import Wave, WaveMember
from invites.invitations.waves.services import arrange
from invites.invitations.waves.timing import Timing
from invites.post import outbox
from tests.factories import contact, event

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord)


@pytest.fixture
def people(sandefjord):
    return [contact(sandefjord, name="Anne"), contact(sandefjord, name="Bo")]


def soon():
    return Timing(timezone.now() + DAY, in_quiet_hours=True)


def notes_of(meeting):
    return dict(Invitation.objects.of(meeting.tenant).values_list("contact__name", "note"))


def two_days_later():
    return time_machine.travel(timezone.now() + 2 * DAY)


def test_a_planned_wave_keeps_its_greeting_and_the_notes_until_it_goes_out(meeting, people, kari):
    arrange(
        meeting, by=kari, contacts=people, timing=soon(), note="Vel møtt", notes={people[0].pk: "Takk sist"}
    )
    assert notes_of(meeting) == {}
    with two_days_later():
        assert sending.send_due() == 2
    assert notes_of(meeting) == {"Anne": "Takk sist\n\nVel møtt", "Bo": "Vel møtt"}


def test_those_who_join_a_wave_get_what_was_written_to_them_and_the_waves_own_greeting(meeting, people, kari):
    planned = arrange(meeting, by=kari, contacts=people[:1], timing=soon(), note="Vel møtt")
    joining = Timing(joins=planned.wave)
    longest = "x" * 450
    arrange(
        meeting, by=kari, contacts=people[1:], timing=joining, note=longest, notes={people[1].pk: longest}
    )
    with two_days_later():
        sending.send_due()
    assert notes_of(meeting) == {"Anne": "Vel møtt", "Bo": f"{longest}\n\n{longest}\n\nVel møtt"}


@pytest.mark.parametrize("later", [True, False])
def test_a_wave_whose_words_would_not_do_is_not_even_planned(meeting, people, kari, later):
    with pytest.raises(Refused):
        arrange(
            meeting,
            by=kari,
            contacts=people,
            timing=soon() if later else Timing(),
            notes={people[0].pk: "I Rådhusgata 1"},
        )
    assert Wave.objects.of(meeting.tenant).count() == 0
    assert WaveMember.objects.of(meeting.tenant).count() == 0


def test_the_number_an_organisation_may_send_is_known_in_preview_mail_and_checks(
    at_desk, kari, meeting, people
):
    drafting.write_words(
        meeting.tenant, by=kari, kind="invitation", language="nb", subject="Hei", body="Send {quota}."
    )
    client = at_desk(kari)
    address = f"/t/sandefjord/events/{meeting.pk}/invite/"
    client.post(address, {"contact": [one.pk for one in people], "do": "preview"})
    [reason] = client.get(f"{address}preview/").context["reasons"]
    assert reason.who == "Anne, Bo"
    session = client.session
    session[f"invite-{meeting.pk}"] = {"ids": [people[0].pk], "quotas": {str(people[0].pk): 3}}
    session.save()
    page = client.get(f"{address}preview/")
    assert page.context["reasons"] == []
    assert page.context["letter"].text.startswith("Send 3.\n")
    contacts, quotas = page.context["contacts"], page.context["quotas"]
    client.post(f"{address}send/", {"contacts": contacts, "quotas": quotas, "reader": people[0].pk})
    assert Invitation.objects.of(meeting.tenant).get().quota == 3


def test_what_was_typed_about_the_time_is_kept_while_one_steps_and_tests(at_desk, kari, meeting, people):
    client = at_desk(kari)
    address = f"/t/sandefjord/events/{meeting.pk}/invite/"
    client.post(address, {"contact": [one.pk for one in people], "do": "preview"})
    typed = {"when-choice": "at", "when-date": "2026-13-45", "when-time": "8.15", "when-name": "Ordførere"}
    sent = {"reader": people[0].pk, "greeting": "", "note": "", "do": "next", **typed}
    page = client.get(client.post(f"{address}preview/", sent)["Location"])
    form = page.context["when_form"]
    assert [form[name].value() for name in ("choice", "time", "name")] == ["at", "8.15", "Ordførere"]
    assert "error-summary" not in page.content.decode()

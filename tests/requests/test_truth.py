"""Staff see who comes instead of whom, in both directions; the minutes count the one who comes."""

import datetime as dt

from django.utils import timezone

from events.gatherings.models import Event
from invites.answers.requests.services import grant, refuse
from invites.invitations import truth
from minutes.records import services as records
from tests.requests.scene import fresh, name, say, stand_in


def said(row):
    return [str(step.what) for step in truth.steps(fresh(row))]


def test_the_history_of_both_says_who_comes_instead_of_whom(amina, automatic):
    name(amina)
    assert "Bo Berg kommer i stedet" in said(amina)
    assert "kommer i stedet for Amina Noor" in said(stand_in(amina))
    say(stand_in(amina), "declined")
    assert "Bo Berg skulle komme i stedet, men kan ikke" in said(amina)


def test_the_history_tells_what_was_asked_and_decided_by_whom_and_why(amina, kari):
    refuse(name(amina), by=kari, reason="Salen er full.")
    found = [(str(step.what), str(step.source), str(step.detail)) for step in truth.steps(fresh(amina))]
    assert ("forespørsel: avslått", "Kari Koordinator", "Salen er full.") in found


def test_the_guest_list_says_it_at_both(at_desk, kari, amina, automatic, meeting):
    name(amina)
    text = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/invitations/").content.decode()
    assert ("kommer i stedet for Amina Noor" in text, "Bo Berg kommer i stedet" in text) == (True, True)


def test_the_minutes_count_the_substitute_and_not_the_invitee(amina, kari, meeting):
    say(amina, "accepted")
    grant(name(amina), by=kari)
    began = timezone.now() - dt.timedelta(hours=1)
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(
        starts_at=began, ends_at=began + dt.timedelta(hours=3), answer_by=None
    )
    minutes = records.open_minutes(Event.objects.of(meeting.tenant).get(pk=meeting.pk), by=kari)
    assert dict(minutes.attendance.values_list("name", "status")) == {
        "Amina Noor": "excused",
        "Bo Berg": "present",
    }

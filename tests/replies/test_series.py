"""An answer to one meeting of a series counts for that one, whatever else of the series it may name."""

import datetime as dt

import pytest
import time_machine

from events.calendar.render import uid_of
from events.gatherings.series import services as repeating
from invites.invitations.models import Invitation
from tests import factories
from tests.replies import kit
from tests.series.stage import FIRST, made

pytestmark = pytest.mark.usefixtures("january")


@pytest.fixture
def january():
    with time_machine.travel(dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def invited(sandefjord, kari):
    """Ola's invitation to the second of three meetings, and to the third."""
    first = factories.draft(
        sandefjord, starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=2), answer_by=None, city="Sandefjord"
    )
    series = made(first, by=kari, count=3)
    repeating.publish_all(series, by=kari)
    ola = factories.contact(sandefjord, name="Ola", email="ola@forening.example")
    second, third = series.occurrences.order_by("recurrence_at")[1:]
    both = [factories.invitation(one, contact=ola) for one in (second, third)]
    for one in both:
        kit.sent(one)
    return both


def standing(one):
    return Invitation.objects.of(one.tenant).get(pk=one.pk).reply


def reply(to, *more, **facts):
    """As a calendar writes it, with the UID of the series."""
    series, own = uid_of(to.event.series.uid), uid_of(to.event.uid)
    return kit.reply(to, more=more, **facts).replace(own.encode(), series.encode())


SAYS = {
    "our own form": "RECURRENCE-ID;TZID=Europe/Oslo:20270316T170000",
    "in UTC": "RECURRENCE-ID:20270316T160000Z",
    "with a range": "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Oslo:20270316T170000",
    "a zone by a name of its own": "RECURRENCE-ID;TZID=Vesteuropa:20270316T170000",
    "without a zone": "RECURRENCE-ID:20270316T170000",
    "the day alone": "RECURRENCE-ID;VALUE=DATE:20270316",
    "none": "",
}


@pytest.mark.parametrize("line", SAYS.values(), ids=SAYS)
def test_an_answer_counts_for_the_meeting_that_the_invitation_is_to(invited, deliver, line):
    second, third = invited
    row = deliver(reply(second, *([line] if line else [])))
    assert (row.state, row.topic) == ("applied", "answer")
    assert (standing(second), standing(third)) == ("accepted", "")


OTHERS = {
    "another of the series": "RECURRENCE-ID;TZID=Europe/Oslo:20270323T170000",
    "another in UTC": "RECURRENCE-ID:20270323T160000Z",
    "another day": "RECURRENCE-ID;VALUE=DATE:20270323",
    "nothing one can read": "RECURRENCE-ID:soon",
}


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_an_answer_that_names_another_meeting_is_applied_to_none(invited, deliver, line):
    second, third = invited
    row = deliver(reply(second, line))
    assert (row.state, row.reason) == ("quarantined", "about another event")
    assert (standing(second), standing(third)) == ("", "")


def test_a_moved_meeting_is_still_named_by_the_moment_of_the_rule(invited, deliver):
    second, _third = invited
    event = second.event
    type(event).objects.of(event.tenant).filter(pk=event.pk).update(
        starts_at=event.starts_at + dt.timedelta(days=1), ends_at=event.ends_at + dt.timedelta(days=1)
    )
    deliver(reply(second, SAYS["our own form"]))
    assert standing(second) == "accepted"


def test_the_uid_of_the_meeting_itself_is_not_the_one_calendars_know(invited, deliver):
    second, _third = invited
    assert deliver(kit.reply(second)).state == "quarantined"


def test_a_meeting_by_itself_has_no_recurrence(ola, deliver):
    assert deliver(kit.reply(ola, more=[SAYS["our own form"]])).state == "quarantined"
    assert standing(ola) == ""

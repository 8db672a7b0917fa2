"""Whoever is invited to one meeting of a series has it under the series' UID, in mails, in the file and in feeds."""

import datetime as dt

import pytest
from django.urls import reverse

from events.calendar.render import uid_of
from events.gatherings import services as gatherings
from events.gatherings.series import services as repeating
from invites.invitations.mails import compose_invitations
from tests.calendar.facts import values
from tests.factories import draft, invitation
from tests.invitations.telling import letter, sent
from tests.series.stage import FIRST, given_of, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("january")]
BY_RULE = ["RECURRENCE-ID;TZID=Europe/Oslo:20270316T170000"]


@pytest.fixture
def series(sandefjord, kari):
    ends = FIRST + dt.timedelta(hours=2)
    first = draft(sandefjord, title="Samarbeidsforum", starts_at=FIRST, ends_at=ends, answer_by=None)
    series = made(first, by=kari, count=3)
    repeating.publish_all(series, by=kari)
    return series


@pytest.fixture
def second(series):
    return series.occurrences.order_by("recurrence_at")[1]


def mail(to, kind="invitation", revision=0):
    return sent(to, "claimed", kind=kind, revision=revision)


def which(octets):
    return values(octets, "UID"), values(octets, "RECURRENCE-ID")


def test_the_invitation_the_news_and_the_file_name_the_same_meeting_of_the_series(
    series, second, client, kari
):
    ola = invitation(second)
    expected = ([f"UID:{uid_of(series.uid)}"], BY_RULE)
    assert which(letter(sent(ola)).calendar) == expected
    later = second.starts_at + dt.timedelta(days=1)
    times = {"starts_at": later, "ends_at": later + dt.timedelta(hours=2)}
    gatherings.change(second, by=kari, **given_of(second, **times))
    news = letter(mail(ola, "update", revision=1)).calendar
    assert (which(news), values(news, "SEQUENCE")) == (expected, ["SEQUENCE:1"])
    assert "DTSTART;TZID=Europe/Oslo:20270317T170000" in values(news, "DTSTART")
    assert which(client.get(reverse("rsvp-calendar", args=[ola.token])).content) == expected
    gatherings.cancel(second, by=kari, reason="")
    off = letter(mail(ola, "cancellation", revision=2)).calendar
    assert (which(off), values(off, "METHOD")) == (expected, ["METHOD:CANCEL"])


def test_invitations_to_two_meetings_of_a_series_are_written_with_as_many_queries_as_to_one(
    series, second, django_assert_num_queries, django_assert_max_num_queries
):
    third = series.occurrences.order_by("recurrence_at")[2]
    rows = [mail(invitation(one)) for one in (second, third)]
    with django_assert_max_num_queries(40) as one:
        compose_invitations(rows[:1])
    with django_assert_num_queries(len(one.captured_queries)):
        compose_invitations(rows)

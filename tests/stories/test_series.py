"""Kari makes a series out of a draft, leaves one meeting out, moves another, and looks at her feed."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.text import capfirst

from events.calendar import services as calendars
from events.gatherings.series import wording
from events.gatherings.series.models import Series
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.factories import OSLO, draft
from tests.series.reading import expanded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def second_tuesday():
    """Of a month that lies ahead, at 17:00."""
    first = (timezone.localdate() + dt.timedelta(days=60)).replace(day=1)
    day = first + dt.timedelta(days=(1 - first.weekday()) % 7 + 7)
    return dt.datetime.combine(day, dt.time(17), OSLO)


@pytest.fixture
def forum(sandefjord):
    starts = second_tuesday()
    ends = starts + dt.timedelta(hours=2)
    return draft(sandefjord, title="Samarbeidsforum", starts_at=starts, ends_at=ends, answer_by=None)


def feed_of(kari, visitor):
    membership = Membership.objects.across_tenants("a test").get(user=kari)
    _feed, token = calendars.create(membership=membership, name="Telefon", nonce=new_nonce())
    return visitor.page.request.get(f"{visitor.base_url}/calendar/{token}.ics").body()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_series_is_made_one_left_out_one_moved_and_the_feed_says_so(
    at_work, kari, sandefjord, forum, phone, language
):
    kari.language = language
    kari.save()
    desk = at_work(kari, language=language, phone=phone, dark=phone)
    desk.go(f"/t/sandefjord/events/{forum.pk}/").follow("Repeat")
    with translation.override(language):
        monthly = capfirst(wording.how_often("monthly_weekday", forum.starts_local.date(), 1))

    # What is wrong is told beside the field, and what was written stays.
    desk.fill("Every how many weeks, months or years", "0").press("Show the dates")
    desk.reads("Please correct this first")
    assert desk.error_at("Every how many weeks, months or years")
    assert desk.typed("Every how many weeks, months or years") == "0"
    desk.jump("Write when the series ends: the last day or the number of meetings.", to="Last day")

    # The dates are shown first; then one button makes the drafts.
    desk.tick(monthly).fill("Every how many weeks, months or years", "1").fill("Or number of meetings", "4")
    desk.press("Show the dates").reads("These dates")
    assert Series.objects.of(sandefjord).count() == 0
    words = desk.say("Make the series of %(n)s meeting", "Make the series of %(n)s meetings", n=4)
    desk.tab_to(desk.button(words)).enter().reads(
        "The series is made. Its meetings are drafts that nobody else sees."
    )
    series = Series.objects.of(sandefjord).get()
    rows = list(series.occurrences.order_by("recurrence_at"))

    # The second is left out.
    desk.page.get_by_role("link", name=desk.say("Leave out")).nth(1).click()
    desk.look().press("Cancel the meeting").reads("The meeting is cancelled.")

    # All others are published, and the third is moved to the next day.
    desk.go(f"/t/sandefjord/series/{series.pk}/").follow("Publish all drafts")
    desk.press(desk.say("Publish %(n)s meeting", "Publish %(n)s meetings", n=3))
    day = rows[2].starts_at.astimezone(OSLO) + dt.timedelta(days=1)
    desk.go(f"/t/sandefjord/events/{rows[2].pk}/edit/").fill("Date", f"{day:%Y-%m-%d}").press("Save changes")
    desk.go(f"/t/sandefjord/series/{series.pk}/").follow("Let the series go on")
    desk.fill("Or number of meetings", "5").press("Show the dates")
    desk.press(desk.say("Add %(n)s draft", "Add %(n)s drafts", n=1))
    assert series.occurrences.count() == 5

    # The calendar has what takes place, and the draft is in nobody's.
    told = [(starts, title) for starts, _ends, title in expanded(feed_of(kari, desk))]
    moved = rows[2].starts_at.astimezone(OSLO) + dt.timedelta(days=1)
    times = (rows[0].starts_at, moved.astimezone(dt.UTC), rows[3].starts_at)
    assert told == [(at, "Samarbeidsforum") for at in times]


def test_a_meeting_and_the_later_ones_are_changed_in_one_go(at_work, kari, sandefjord, forum):
    desk = at_work(kari)
    desk.go(f"/t/sandefjord/events/{forum.pk}/repeat/?frequency=weekly&interval=1&count=2")
    desk.press(desk.say("Make the series of %(n)s meeting", "Make the series of %(n)s meetings", n=2))
    desk.go(f"/t/sandefjord/events/{forum.pk}/").reads("Neste:").follow("Change this and later ones")
    desk.fill("Title", "Forum for kommune og politi").press("Save changes")
    desk.reads(desk.say("%(n)s meeting is changed.", "%(n)s meetings are changed.", n=2))
    titles = {one.title for one in Series.objects.of(sandefjord).get().occurrences.all()}
    assert titles == {"Forum for kommune og politi"}

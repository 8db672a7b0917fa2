"""The month and the agenda at a browser: by keyboard alone, on a wide screen and on a phone; and for the public."""

import datetime as dt

import pytest
from django.utils import timezone

from events.dates import Precision
from events.gatherings.models import Event
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def days(sandefjord, kari):
    """Something on today, a visit of three days, a draft, and one that has no day yet."""
    today = timezone.localdate()
    whole = factories.on_days(today, today + dt.timedelta(days=2))
    factories.event(sandefjord, title="Besøk fra Aarhus", is_public=True, **{**whole, "answer_by": None})
    factories.draft(sandefjord, title="Utkast om trygghet", **{**factories.on_days(today), "answer_by": None})
    factories.event(
        sandefjord,
        title="Konferanse en gang",
        state=Event.State.HELD,
        is_public=True,
        starts_at=None,
        ends_at=None,
        answer_by=None,
        vague_from=today.replace(day=1),
        vague_precision=Precision.MONTH,
    )


@pytest.mark.parametrize("phone", [False, True])
def test_a_coordinator_reads_month_and_agenda_with_the_keyboard_alone(at_work, sandefjord, kari, days, phone):
    desk = at_work(kari, phone=phone)
    desk.go("/t/sandefjord/events/").tab_to(desk.link("Month")).enter()
    desk.reads("Besøk fra Aarhus", "Utkast om trygghet", "today", "Without a day yet", "Konferanse en gang")
    assert desk.page.get_by_role("table").is_visible() is not phone
    rel = desk.page.locator('main a[rel="next"]')
    desk.tab_to(rel).enter()
    desk.tab_to(desk.link("This month")).enter().reads("Utkast om trygghet")
    desk.tab_to(desk.link("Agenda")).enter().reads("Besøk fra Aarhus", "all day")
    desk.tab_to(desk.field("Only meetings I am responsible for")).page.keyboard.press("Space")
    desk.tab_to(desk.button("Show")).enter().reads("No meeting in these weeks")
    desk.tab_to(desk.link("Show all")).enter().reads("Besøk fra Aarhus")
    desk.go("/t/sandefjord/calendar/agenda/?day=9999-12-31", status=400)
    assert desk.error_at("From")
    desk.go("/t/sandefjord/calendar/month/?m=2026-13", status=400).reads("This month")


@pytest.mark.parametrize("phone", [False, True])
def test_a_meeting_is_made_for_whole_days_without_a_script(at_work, sandefjord, kari, phone):
    desk = at_work(kari, phone=phone, script=False)
    day = timezone.localdate() + dt.timedelta(days=40)
    desk.go("/t/sandefjord/events/new/").fill("Title", "Fagdager").tick("All day")
    desk.press("Save draft")
    assert desk.error_at("Date")
    desk.fill("Date", f"{day}").fill("Last day", f"{day + dt.timedelta(days=1)}").fill("Starts at", "17:00")
    desk.press("Save draft").reads("Fagdager")
    made = Event.objects.of(sandefjord).get()
    assert (made.all_day, made.first_day, made.last_day) == (True, day, day + dt.timedelta(days=1))
    assert "00:00" not in desk.text


@pytest.mark.parametrize(("language", "phone"), [("nb", False), ("en", True)])
def test_anybody_reads_the_listed_meetings_of_a_month(meet, sandefjord, days, language, phone):
    citizen = meet(language=language, phone=phone)
    citizen.go("/calendar/public/sandefjord/month/").reads(
        "Besøk fra Aarhus", "Konferanse en gang", "all day"
    )
    citizen.never_reads("Utkast om trygghet")
    citizen.tab_to(citizen.page.locator('main a[rel="prev"]')).enter()
    assert citizen.context.cookies() == []

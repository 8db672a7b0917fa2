"""A maybe must settle: asked some days before the deadline, never twice a day or at night, and called after it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from events.gatherings.models import Event
from invites.invitations import overview
from invites.invitations.guests import calls
from invites.invitations.reminders import services
from invites.invitations.reminders.forms import PlanForm
from invites.invitations.reminders.models import ReminderPlan, plan_of
from invites.invitations.wording import BUILT_IN
from invites.post import outbox
from invites.post.letters import Letter, Postponed, Withheld
from tests.factories import event
from tests.invitations.telling import fresh, invited, letter, mails, of, say, sent, told

OSLO = ZoneInfo("Europe/Oslo")
START = dt.datetime(2026, 6, 4, 12, tzinfo=OSLO)
DEADLINE = dt.datetime(2026, 6, 17, 12, tzinfo=OSLO)
MEETING = dt.datetime(2026, 6, 19, 17, tzinfo=OSLO)
STEP = dt.datetime(2026, 6, 14, 9, tzinfo=OSLO)  # three days before the deadline, a Sunday
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(clock, sandefjord):
    row = event(
        sandefjord, title="Dialogmøte", starts_at=MEETING, ends_at=MEETING + 2 * HOUR, answer_by=DEADLINE
    )
    # Without the other steps, so that only this one shows.
    ReminderPlan.objects.create(tenant=sandefjord, event=row, chase_days=[], remind_days=[])
    return row


def tick(clock, at=STEP):
    clock.move_to(at)
    return services.tick()


def test_those_who_said_maybe_are_asked_once_and_nobody_else(clock, meeting, sandefjord):
    for name, reply in (
        ("Amina Noor", "tentative"),
        ("Bo Berg", "accepted"),
        ("Cecilie Dahl", "declined"),
        ("Dag Dal", ""),
    ):
        invited(meeting, name, reply=reply)
    assert (tick(clock, STEP - HOUR), tick(clock), tick(clock)) == (0, 1, 0)
    assert told(sandefjord, "settle") == ["amina"]


def test_the_mail_says_that_maybe_holds_no_seat_and_offers_yes_and_no(clock, meeting, sandefjord):
    amina = invited(meeting, "Amina Noor", reply="tentative", language="en")
    tick(clock)
    (mail,) = mails(sandefjord, "settle")
    found = letter(mail)
    assert isinstance(found, Letter)
    for body in (found.text, found.html):
        assert "A maybe holds no seat" in body
        assert [
            f"/rsvp/{fresh(amina).token}/?answer={reply}" in body
            for reply in ("accepted", "declined", "tentative")
        ] == [
            True,
            True,
            False,
        ]
    assert found.calendar == b""
    assert "Møterom 3" not in found.text


def test_who_settles_meanwhile_gets_no_mail(clock, meeting, sandefjord):
    amina = invited(meeting, "Amina Noor", reply="tentative")
    tick(clock)
    say(amina, "accepted")
    (mail,) = mails(sandefjord, "settle")
    assert isinstance(letter(mail), Withheld)


def test_who_said_maybe_yesterday_evening_is_left_alone(clock, meeting, sandefjord):
    amina = invited(meeting, "Amina Noor")
    clock.move_to(STEP - 12 * HOUR)
    say(amina, "tentative")
    assert tick(clock) == 0


def test_who_was_asked_today_already_is_not_asked_again_today(clock, meeting, sandefjord):
    amina = invited(meeting, "Amina Noor", reply="tentative")
    tick(clock)
    sent(amina, kind="chase", revision=STEP.toordinal(), ago=HOUR / 2)
    (mail,) = mails(sandefjord, "settle")
    mail.pk += 10  # the other one is older
    assert letter(mail) == Withheld("cancelled", "asked today already")


def test_what_was_asked_counts_towards_what_the_plan_allows(clock, meeting, sandefjord):
    ReminderPlan.objects.of(sandefjord).update(settle_days=[5, 3], most=1)
    invited(meeting, "Amina Noor", reply="tentative")
    assert (tick(clock, STEP - 2 * DAY), tick(clock)) == (1, 0)


def test_in_quiet_hours_it_waits(clock, meeting, sandefjord):
    type(sandefjord).objects.filter(pk=sandefjord.pk).update(quiet_from=dt.time(20), quiet_until=dt.time(7))
    ReminderPlan.objects.of(sandefjord).update(at_hour=dt.time(22))
    invited(meeting, "Amina Noor", reply="tentative")
    tick(clock, STEP + 13 * HOUR)
    (mail,) = mails(sandefjord, "settle")
    assert meeting.local(mail.due_at) == dt.datetime(2026, 6, 15, 7, tzinfo=OSLO)
    assert isinstance(letter(mail), Postponed)


def test_switched_off_or_with_no_days_nobody_is_asked(clock, meeting, sandefjord):
    invited(meeting, "Amina Noor", reply="tentative")
    ReminderPlan.objects.of(sandefjord).update(settle_days=[])
    assert tick(clock) == 0
    ReminderPlan.objects.of(sandefjord).update(settle_days=[3], is_on=False)
    assert tick(clock) == 0


def test_the_plan_page_shows_the_step_and_who_would_get_it(clock, meeting, at_desk, kari):
    invited(meeting, "Amina Noor", reply="tentative")
    text = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/reminders/").content.decode()
    assert ("3 dager før fristen, til dem som svarte kanskje" in text, "Amina Noor" in text) == (True, True)


def test_the_days_are_changed_like_the_others(meeting):
    facts = {"chase_days": "7", "settle_days": "5, 1", "remind_days": "1", "at_hour": "09:00", "most": "3"}
    form = PlanForm(facts, plan=plan_of(meeting))
    assert form.is_valid()
    assert form.cleaned_data["settle_days"] == [5, 1]


def test_the_words_are_the_tenants_own_where_it_has_some():
    assert "settle" in BUILT_IN


@pytest.fixture
def passed(sandefjord):
    """A meeting in two weeks whose deadline passed an hour ago, by the database's own clock; one maybe and one yes."""
    row = event(sandefjord)
    for name, reply in (("Amina Noor", "tentative"), ("Bo Berg", "accepted")):
        invited(row, name, reply=reply)
    return row


def close(meeting):
    Event.objects.of(meeting.tenant_id).filter(pk=meeting.pk).update(answer_by=timezone.now() - HOUR)


def test_after_the_deadline_an_unsettled_maybe_is_to_be_called(passed):
    assert (list(calls.to_call(of(passed))), overview.tallies(of(passed))[0].to_call) == ([], 0)
    close(passed)
    (person,) = calls.people(of(passed), calls.to_call(of(passed)))
    assert (person.name, str(person.why)) == ("Amina Noor", "Svarte kanskje, må bestemme seg.")
    assert (overview.tallies(of(passed))[0].to_call, overview.tallies(of(passed))[0].tentative) == (1, 1)
    rows = overview.with_answers(overview.filtered(of(passed), call="1"))
    assert [(guest.name, guest.to_call) for guest in overview.guests(of(passed), rows)] == [
        ("Amina Noor", True)
    ]


def test_the_guest_list_says_that_a_maybe_must_settle(passed, at_desk, kari):
    client, address = at_desk(kari), f"/t/sandefjord/events/{passed.pk}/invitations/"
    words = "1 invitert svarte kanskje og må bestemme seg."
    assert words not in client.get(address).content.decode()
    close(passed)
    assert words in client.get(address).content.decode()

"""Waves: planned rounds whose invitations are made when they are due; never twice, never early, never after all."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.directory.models import Contact
from events.gatherings.models import Event
from invites.invitations import services as inviting
from invites.invitations.checks import Refused
from invites.invitations.models import Invitation
from invites.invitations.tasks import tick
from invites.invitations.waves import sending, services
from invites.invitations.waves.models import SUCCESSORS, Wave, WaveMember
from invites.invitations.waves.services import NotPlanned, arrange
from invites.invitations.waves.timing import Timing, days_after
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, staff, tenant

OSLO = ZoneInfo("Europe/Oslo")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    """The outbox keeps its rows, but nobody is woken."""
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)` makes it that moment for everybody."""

    def at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    return at


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord)


@pytest.fixture
def plan(meeting, kari):
    """`plan(people, days=3)` is a wave planned for that many days from now."""

    def make(people, *, days=3, quotas=None, **how):
        timing = Timing(timezone.now() + days * DAY, **how)
        return arrange(meeting, by=kari, contacts=people, timing=timing, quotas=quotas).wave

    return make


def people(at, number):
    return [contact(at) for _ in range(number)]


def fresh(wave):
    return Wave.objects.of(wave.tenant_id).select_related("event__tenant", "created_by").get(pk=wave.pk)


def invited(meeting):
    return set(
        Invitation.objects.of(meeting.tenant).filter(event=meeting).values_list("contact_id", flat=True)
    )


def ids(contacts):
    return {one.pk for one in contacts}


def change(meeting, **facts):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(**facts)


# --- Now ---------------------------------------------------------------------------------------------------------
def test_a_round_sent_now_is_a_wave_that_was_sent(sandefjord, meeting, kari):
    one, two = people(sandefjord, 2)
    done = arrange(meeting, by=kari, contacts=[one, two], timing=Timing(name="Alle"), quotas={two.pk: 3})

    assert (done.number, done.due_at) == (2, None)
    wave = Wave.objects.of(sandefjord).get()
    assert (wave.number, wave.state, wave.name, wave.created_by) == (1, "sent", "Alle", kari)
    rows = Invitation.objects.of(sandefjord).order_by("contact")
    assert list(rows.values_list("contact", "wave", "for_organisation", "quota")) == [
        (one.pk, wave.pk, False, 1),
        (two.pk, wave.pk, True, 3),
    ]


def test_the_mails_are_given_up_two_hours_before_the_meeting(sandefjord, meeting, kari):
    arrange(meeting, by=kari, contacts=people(sandefjord, 1), timing=Timing())
    assert OutgoingMail.objects.of(sandefjord).get().give_up_at == meeting.starts_at - 2 * HOUR


def test_an_invitation_in_the_last_two_hours_is_still_tried_until_the_start(sandefjord, kari):
    starts = timezone.now() + HOUR
    soon = event(sandefjord, starts_at=starts, ends_at=starts + HOUR, answer_by=None)
    inviting.invite(soon, by=kari, contacts=people(sandefjord, 1))
    assert OutgoingMail.objects.of(sandefjord).get().give_up_at == starts


def test_the_same_round_again_makes_no_second_wave(sandefjord, meeting, kari):
    crowd = people(sandefjord, 2)
    arrange(meeting, by=kari, contacts=crowd, timing=Timing())
    assert arrange(meeting, by=kari, contacts=crowd, timing=Timing()).number == 0
    assert (Wave.objects.of(sandefjord).count(), OutgoingMail.objects.of(sandefjord).count()) == (1, 2)


def test_a_note_and_a_time_for_the_mails_go_through_the_one_door(sandefjord, meeting, kari):
    later = timezone.now() + DAY
    inviting.invite(meeting, by=kari, contacts=people(sandefjord, 1), note="Vel møtt", due_at=later)
    assert Invitation.objects.of(sandefjord).get().note == "Vel møtt"
    assert OutgoingMail.objects.of(sandefjord).get().due_at == later


@pytest.mark.parametrize("quota", [-1, 21])
def test_a_quota_out_of_range_is_refused(sandefjord, meeting, kari, quota):
    (one,) = people(sandefjord, 1)
    with pytest.raises(ValueError, match="at most 20"):
        inviting.invite(meeting, by=kari, contacts=[one], quotas={one.pk: quota})
    with pytest.raises(ValueError, match="at most 20"):
        arrange(meeting, by=kari, contacts=[one], timing=Timing(timezone.now() + DAY), quotas={one.pk: quota})
    assert (invited(meeting), Wave.objects.of(sandefjord).count()) == (set(), 0)


def test_a_wave_of_another_event_is_refused(sandefjord, meeting, kari, plan):
    wave = plan(people(sandefjord, 1))
    with pytest.raises(ValueError, match="another event"):
        inviting.invite(event(sandefjord), by=kari, contacts=people(sandefjord, 1), wave=wave)


def test_a_contact_of_another_tenant_is_not_planned(sandefjord, kristiansand, meeting, kari, plan):
    with pytest.raises(ValueError, match="another tenant"):
        plan([contact(kristiansand)])
    assert Wave.objects.of(sandefjord).count() == 0


# --- Later -------------------------------------------------------------------------------------------------------
def test_a_planned_wave_invites_nobody_until_it_is_due(sandefjord, meeting, plan, clock):
    crowd = people(sandefjord, 2)
    wave = plan(crowd, days=3)
    assert (tick(), invited(meeting), OutgoingMail.objects.of(sandefjord).count()) == (0, set(), 0)

    clock(wave.due_at - dt.timedelta(seconds=1))
    assert (tick(), invited(meeting)) == (0, set())
    clock(wave.due_at)
    assert (tick(), invited(meeting)) == (2, ids(crowd))
    assert (fresh(wave).state, fresh(wave).settled_at) == ("sent", wave.due_at)


def test_a_second_tick_sends_nothing_more(sandefjord, meeting, plan, clock):
    clock(plan(people(sandefjord, 2)).due_at + MINUTE)
    assert [tick(), tick()] == [2, 0]
    assert OutgoingMail.objects.of(sandefjord).count() == 2


def test_address_and_language_are_those_of_the_moment_the_wave_goes_out(sandefjord, meeting, plan, clock):
    (one,) = people(sandefjord, 1)
    wave = plan([one])
    Contact.objects.of(sandefjord).filter(pk=one.pk).update(email="ny@adresse.example", language="en")
    change(meeting, sequence=4)
    clock(wave.due_at)
    tick()
    mail = OutgoingMail.objects.of(sandefjord).get()
    assert (mail.to_address, mail.revision) == ("ny@adresse.example", 4)
    assert Invitation.objects.of(sandefjord).get().language == "en"


def test_who_left_or_lost_the_address_meanwhile_is_not_invited(sandefjord, meeting, plan, clock):
    stays, left, lost = people(sandefjord, 3)
    wave = plan([stays, left, lost])
    rows = Contact.objects.of(sandefjord)
    rows.filter(pk=left.pk).update(valid_until=timezone.localdate() - DAY)
    rows.filter(pk=lost.pk).update(email="")
    clock(wave.due_at)
    assert (tick(), invited(meeting)) == (1, {stays.pk})


def test_who_was_invited_meanwhile_gets_no_second_invitation(sandefjord, meeting, kari, plan, clock):
    one, two = people(sandefjord, 2)
    wave = plan([one, two])
    inviting.invite(meeting, by=kari, contacts=[one])
    clock(wave.due_at)
    assert (tick(), invited(meeting)) == (1, {one.pk, two.pk})


def test_who_is_planned_is_not_planned_again(sandefjord, meeting, plan):
    one, two = people(sandefjord, 2)
    first = plan([one])
    second = plan([one, two])
    assert plan([one, two]) is None
    members = WaveMember.objects.of(sandefjord).values_list("wave", "contact")
    assert set(members) == {(first.pk, one.pk), (second.pk, two.pk)}


def test_more_people_can_join_a_planned_wave_but_not_one_that_went_out(
    sandefjord, meeting, kari, plan, clock
):
    one, two, three = people(sandefjord, 3)
    wave = plan([one])
    done = arrange(meeting, by=kari, contacts=[one, two], timing=Timing(joins=wave), quotas={two.pk: 2})
    assert (done.number, done.due_at) == (1, wave.due_at)

    clock(wave.due_at)
    tick()
    assert dict(Invitation.objects.of(sandefjord).values_list("contact", "quota")) == {one.pk: 1, two.pk: 2}
    with pytest.raises(NotPlanned):
        arrange(meeting, by=kari, contacts=[three], timing=Timing(joins=wave))
    assert WaveMember.objects.of(sandefjord).filter(contact=three).count() == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "cancelled", "cancelled_at": timezone.now()},
        {"state": "held", "held_at": timezone.now()},
        {"starts_at": timezone.now() + HOUR, "ends_at": timezone.now() + 9 * DAY},
    ],
)
def test_nothing_is_sent_when_the_meeting_is_off_or_has_begun_and_the_wave_says_so(
    sandefjord, meeting, plan, clock, facts
):
    wave = plan(people(sandefjord, 2))
    change(meeting, **facts)
    clock(wave.due_at)
    assert (tick(), tick(), invited(meeting), fresh(wave).state) == (0, 0, set(), "stopped")
    assert AuditEntry.objects.of(sandefjord).filter(action="wave.stopped").count() == 1
    assert OutgoingMail.objects.of(sandefjord).count() == 0


def test_a_draft_takes_no_waves(sandefjord, kari):
    row = event(sandefjord, state="draft")
    with pytest.raises(inviting.NotInvitable):
        arrange(row, by=kari, contacts=people(sandefjord, 1), timing=Timing(timezone.now() + DAY))


def test_one_wave_that_fails_holds_up_no_other(sandefjord, meeting, plan, clock, monkeypatch, caplog):
    bad, good = plan(people(sandefjord, 1)), plan(people(sandefjord, 1))

    def invite(*args, wave, **kwargs):
        if wave.pk == bad.pk:
            raise RuntimeError("out of luck")
        return inviting.invite(*args, wave=wave, **kwargs)

    monkeypatch.setattr(sending, "invite", invite)
    clock(good.due_at)
    assert tick() == 1
    assert (fresh(bad).state, fresh(good).state) == ("planned", "sent")
    assert f"wave {bad.pk} could not be sent" in caplog.text

    monkeypatch.undo()
    clock(good.due_at)
    assert (tick(), fresh(bad).state) == (1, "sent")


# --- Changing a plan ---------------------------------------------------------------------------------------------
def test_moving_early_sending_and_calling_off(sandefjord, meeting, kari, plan):
    moved, early, off = (plan(people(sandefjord, 1)) for _ in range(3))
    later = moved.due_at + DAY
    services.move(moved, by=kari, timing=Timing(later))
    services.move(fresh(moved), by=kari, timing=Timing(later))  # again: nothing to change
    assert sending.send_early(fresh(early), by=kari) == 1
    services.call_off(off, by=kari)

    assert [fresh(w).state for w in (moved, early, off)] == ["planned", "sent", "called_off"]
    assert fresh(moved).due_at == later
    actions = AuditEntry.objects.of(sandefjord).order_by("pk").values_list("action", flat=True)
    assert [a for a in actions if a != "wave.planned"] == ["wave.moved", "event.invited", "wave.called_off"]


@pytest.mark.parametrize("end", ["send_early", "call_off"])
def test_what_is_done_is_done(sandefjord, kari, plan, end):
    wave = plan(people(sandefjord, 1))
    getattr(sending if end == "send_early" else services, end)(fresh(wave), by=kari)
    stale = wave  # as another tab read it
    for again in (
        lambda: sending.send_early(fresh(wave), by=kari),
        lambda: services.call_off(stale, by=kari),
        lambda: services.move(stale, by=kari, timing=Timing(timezone.now() + 5 * DAY)),
        lambda: services.take_out(stale, by=kari, members=[]),
    ):
        with pytest.raises(NotPlanned):
            again()
    assert SUCCESSORS[fresh(wave).state] == frozenset()


def test_sending_early_what_is_cancelled_changes_nothing(sandefjord, meeting, kari, plan):
    wave = plan(people(sandefjord, 1))
    change(meeting, state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(inviting.NotInvitable):
        sending.send_early(fresh(wave), by=kari)
    assert (fresh(wave).state, invited(meeting)) == ("planned", set())


def test_people_can_be_taken_out_and_planned_elsewhere(sandefjord, meeting, kari, plan, clock):
    one, two = people(sandefjord, 2)
    wave, others = plan([one, two]), plan(people(sandefjord, 1))
    rows = WaveMember.objects.of(sandefjord)
    member, stranger = rows.get(contact=one), rows.get(wave=others)
    assert services.take_out(wave, by=kari, members=[member.pk, stranger.pk]) == 1  # only its own
    assert (rows.filter(wave=others).count(), plan([one], days=5).number) == (1, 3)

    clock(wave.due_at)
    tick()
    assert one.pk not in invited(meeting)


# --- After another wave ------------------------------------------------------------------------------------------
def test_a_wave_that_follows_moves_along_with_the_one_before_it(sandefjord, meeting, kari, plan):
    first = plan(people(sandefjord, 1), days=2)
    second = plan(people(sandefjord, 1), days=4, after=first, after_days=2)
    third = plan(people(sandefjord, 1), days=5, after=second, after_days=1)
    services.move(first, by=kari, timing=Timing(first.due_at + 3 * DAY))

    local = [fresh(w).due_at.astimezone(OSLO).replace(tzinfo=None) for w in (first, second, third)]
    assert [later - earlier for earlier, later in pairwise(local)] == [2 * DAY, DAY]


def test_sending_the_first_one_early_brings_the_next_one_forward(sandefjord, meeting, kari, plan):
    first = plan(people(sandefjord, 1), days=3)
    second = plan(people(sandefjord, 1), days=5, after=first, after_days=2)
    sending.send_early(fresh(first), by=kari)
    sent = fresh(first).settled_at.astimezone(OSLO)
    assert fresh(second).due_at.astimezone(OSLO).replace(tzinfo=None) == sent.replace(tzinfo=None) + 2 * DAY


def test_when_the_first_one_is_called_off_the_next_keeps_its_time(sandefjord, kari, plan):
    first = plan(people(sandefjord, 1), days=3)
    second = plan(people(sandefjord, 1), days=5, after=first, after_days=2)
    services.call_off(first, by=kari)
    now = fresh(second)
    assert (now.state, now.due_at, now.after, now.after_days) == ("planned", second.due_at, None, None)


def test_a_wave_never_follows_itself_or_a_later_one(sandefjord, kari, plan):
    first = plan(people(sandefjord, 1))
    second = plan(people(sandefjord, 1), days=5, after=first, after_days=2)
    for after in (first, second):
        with pytest.raises(ValueError, match="earlier wave"):
            services.move(first, by=kari, timing=Timing(timezone.now() + 6 * DAY, after=after, after_days=1))


@pytest.mark.parametrize(
    ("begins", "days", "due"),
    [
        ("2027-03-26T10:00", 3, "2027-03-29T10:00"),  # over the change to summer time
        ("2027-10-29T10:00", 3, "2027-11-01T10:00"),  # and back
        ("2027-03-27T02:30", 1, "2027-03-28T03:30"),  # an hour that is skipped
    ],
)
def test_days_are_counted_on_the_clock_on_the_wall(sandefjord, meeting, begins, days, due):
    def at(text):
        return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)

    first = Wave(tenant=sandefjord, event=meeting, number=1, due_at=at(begins))
    assert days_after(first, days, meeting).astimezone(OSLO) == at(due)


# --- Quiet hours -------------------------------------------------------------------------------------------------
def test_a_wave_that_comes_late_waits_for_the_morning(sandefjord, meeting, plan, clock):
    night = dt.datetime.combine(timezone.localdate() + 3 * DAY, dt.time(23), OSLO)
    wave, chosen = plan(people(sandefjord, 1)), plan(people(sandefjord, 1), in_quiet_hours=True)
    Wave.objects.of(sandefjord).update(due_at=night - HOUR)
    sandefjord.quiet_from, sandefjord.quiet_until = dt.time(20), dt.time(7)
    sandefjord.save()

    clock(night)
    assert tick() == 1  # only the one that somebody wanted at night
    assert [fresh(w).state for w in (wave, chosen)] == ["planned", "sent"]
    morning = dt.datetime.combine(night.date() + DAY, dt.time(7), OSLO)
    assert fresh(wave).due_at == morning
    clock(morning)
    assert (tick(), fresh(wave).state) == (1, "sent")


# --- The database ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "facts",
    [{"number": 1}, {"state": "lost"}, {"state": "sent"}, {"after_days": 3}, {"settled_at": timezone.now()}],
)
def test_the_database_refuses_nonsense(sandefjord, meeting, plan, facts):
    plan(people(sandefjord, 1))
    row = {"tenant": sandefjord, "event": meeting, "number": 2, "due_at": timezone.now(), **facts}
    with pytest.raises(IntegrityError), transaction.atomic():
        Wave.objects.create(**row)


# --- At the same time, on both databases -------------------------------------------------------------------------
def at_once(jobs):
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return job()
        except NotPlanned:
            return "not planned"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_many_workers_send_a_due_wave_once(turn):
    at = tenant()
    kari, meeting = staff(at, "coordinator"), event(at)
    for _ in range(3):
        arrange(meeting, by=kari, contacts=people(at, 10), timing=Timing(timezone.now() + DAY))
    Wave.objects.of(at).update(due_at=timezone.now() - MINUTE)

    assert sum(at_once([tick] * 6)) == 30
    assert Invitation.objects.of(at).count() == OutgoingMail.objects.of(at).count() == 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_wave_that_is_due_sent_by_hand_and_called_off_at_once_has_one_end(turn):
    at = tenant()
    kari, meeting = staff(at, "coordinator"), event(at)
    arrange(meeting, by=kari, contacts=people(at, 10), timing=Timing(timezone.now() + DAY))
    Wave.objects.of(at).update(due_at=timezone.now() - MINUTE)
    wave = Wave.objects.of(at).select_related("event__tenant", "created_by").get()

    at_once(
        [
            tick,
            tick,
            lambda: sending.send_early(wave, by=kari),
            lambda: services.call_off(wave, by=kari),
            lambda: inviting.invite(meeting, by=kari, contacts=list(Contact.objects.of(at))),
        ]
    )
    assert Invitation.objects.of(at).count() == OutgoingMail.objects.of(at).count() == 10
    assert fresh(wave).state in ("sent", "called_off")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("later", [True, False])
def test_two_tabs_arrange_one_wave(later):
    at = tenant()
    kari, meeting = staff(at, "coordinator"), event(at)
    crowd = people(at, 10)
    timing = Timing(timezone.now() + DAY) if later else Timing()
    jobs = [
        lambda order=order: arrange(meeting, by=kari, contacts=order, timing=timing).number
        for order in [crowd, crowd[::-1]] * 3
    ]
    assert sorted(at_once(jobs)) == [0] * 5 + [10]
    assert Wave.objects.of(at).count() == 1
    assert WaveMember.objects.of(at).count() == (10 if later else 0)
    assert Invitation.objects.of(at).count() == (0 if later else 10)


# --- Whatever happens in whatever order --------------------------------------------------------------------------
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("plan"), st.integers(1, 6)),
        st.tuples(st.just("send"), st.integers(0, 3)),
        st.tuples(st.just("move"), st.integers(1, 6)),
        st.tuples(st.just("call_off"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
        st.tuples(st.just("cancel"), st.just(0)),
    ),
    max_size=12,
)


class Weeks:
    """A meeting, four people, and a clock that a step moves; steps that are refused change nothing."""

    def __init__(self, at, by, patch):
        self.by, self.patch, self.now = by, patch, timezone.now()
        self.meeting, self.crowd = event(at), people(at, 4)

    def take(self, what, number):
        self.pass_by(MINUTE)
        with suppress(inviting.NotInvitable, IndexError):
            getattr(self, what)(number)

    def plan(self, number):
        timing = Timing(self.now + number * DAY)
        arrange(self.meeting, by=self.by, contacts=self.crowd[: number % 4 + 1], timing=timing)

    def send(self, number):
        arrange(self.meeting, by=self.by, contacts=self.crowd[number:], timing=Timing())

    def move(self, number):
        services.move(self.waves()[0], by=self.by, timing=Timing(self.now + number * DAY))

    def call_off(self, _number):
        services.call_off(self.waves()[-1], by=self.by)

    def cancel(self, _number):
        if self.meeting.state == "published":
            change(self.meeting, state="cancelled", cancelled_at=self.now)
            self.meeting.refresh_from_db()

    def wait(self, number):
        self.pass_by(number * 6 * HOUR)
        tick()
        tick()

    def waves(self):
        rows = Wave.objects.of(self.meeting.tenant_id).filter(event=self.meeting).planned()
        return [fresh(wave) for wave in rows]

    def pass_by(self, time):
        self.now += time
        self.patch.setattr("django.utils.timezone.now", lambda: self.now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps=STEPS)
def test_waves_never_invite_twice_never_early_and_never_after_cancellation(sandefjord, kari, steps):
    with pytest.MonkeyPatch.context() as patch:
        weeks = Weeks(sandefjord, kari, patch)
        for what, number in steps:
            weeks.take(what, number)
    meeting = weeks.meeting
    asked = Invitation.objects.of(sandefjord).filter(event=meeting).select_related("wave")
    assert len(asked) == len({row.contact_id for row in asked})
    end = min(meeting.cancelled_at or meeting.starts_at, meeting.starts_at)
    assert [row.wave.state for row in asked] == ["sent"] * len(asked)
    assert all(row.wave.due_at <= row.wave.settled_at < end for row in asked)


# --- Words -------------------------------------------------------------------------------------------------------
def leak(meeting):
    """The purpose gives away the room, which invitees may not know."""
    change(meeting, purpose="Vi møtes i Møterom 3.")


def test_notes_travel_with_the_wave_to_the_invitations(sandefjord, meeting, kari, clock):
    one, two, three = people(sandefjord, 3)
    timing = Timing(timezone.now() + DAY)
    told = {"note": "Vel møtt", "notes": {one.pk: "Takk for sist"}}
    wave = arrange(meeting, by=kari, contacts=[one, two], timing=timing, **told).wave
    arrange(meeting, by=kari, contacts=[three], timing=Timing(joins=wave), note="Velkommen du også")
    clock(wave.due_at)
    tick()
    assert dict(Invitation.objects.of(sandefjord).values_list("contact", "note")) == {
        one.pk: "Takk for sist\n\nVel møtt",
        two.pk: "Vel møtt",
        three.pk: "Velkommen du også\n\nVel møtt",
    }


def test_a_wave_whose_words_would_not_do_is_not_planned(sandefjord, meeting, plan):
    leak(meeting)
    meeting.refresh_from_db()
    with pytest.raises(Refused):
        plan(people(sandefjord, 1))
    assert Wave.objects.of(sandefjord).count() == 0


def test_a_wave_whose_words_would_not_do_any_more_is_held_back_and_goes_out_when_they_do(
    sandefjord, meeting, kari, plan, clock
):
    wave = plan(people(sandefjord, 2))
    leak(meeting)
    now = clock(wave.due_at)
    assert (tick(), fresh(wave).state, fresh(wave).held_at, invited(meeting)) == (0, "planned", now, set())
    with pytest.raises(Refused):
        sending.send_early(fresh(wave), by=kari)

    change(meeting, purpose="")
    clock(now + MINUTE)
    assert (tick(), fresh(wave).state) == (0, "planned")  # it rests a little
    clock(now + 10 * MINUTE)
    assert (tick(), fresh(wave).state) == (2, "sent")

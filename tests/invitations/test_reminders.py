"""Chasing and reminders (issue 3, point 7): computed from the dates as they are, once, and stopped at once."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.tenancy.quiet import is_quiet
from invites.invitations.models import Invitation
from invites.invitations.reminders import people, services
from invites.invitations.reminders.forms import PlanForm
from invites.invitations.reminders.models import ReminderPlan, ReminderRun
from invites.invitations.reminders.steps import steps
from invites.post import outbox
from invites.post.letters import Letter, Postponed, Withheld
from invites.post.models import OutgoingMail
from tests.factories import event, tenant
from tests.invitations.telling import change, fresh, invited, letter, mails, of, say, sent, tell, told

OSLO = ZoneInfo("Europe/Oslo")
ASLEEP = {"quiet_from": dt.time(20), "quiet_until": dt.time(7), "quiet_weekends": True}
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# A Thursday; the deadline is Wednesday the 17th at noon, the meeting on Friday the 19th at five.
START = dt.datetime(2026, 6, 4, 12, tzinfo=OSLO)
DEADLINE = dt.datetime(2026, 6, 17, 12, tzinfo=OSLO)
MEETING = dt.datetime(2026, 6, 19, 17, tzinfo=OSLO)
FIRST_CHASE = dt.datetime(2026, 6, 10, 9, tzinfo=OSLO)  # seven days before the deadline
SETTLE = dt.datetime(2026, 6, 14, 9, tzinfo=OSLO)  # three days before it, to those who said maybe
SECOND_CHASE = dt.datetime(2026, 6, 15, 9, tzinfo=OSLO)
REMINDER = dt.datetime(2026, 6, 18, 9, tzinfo=OSLO)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def planned(at, **facts):
    facts = {"starts_at": MEETING, "ends_at": MEETING + 2 * HOUR, "answer_by": DEADLINE, **facts}
    return event(at, title="Dialogmøte om tillit", contact_phone="33 41 60 00", **facts)


@pytest.fixture
def meeting(clock, sandefjord):
    return planned(sandefjord)


def tick_at(clock, moment):
    clock.move_to(moment)
    return services.tick()


def plan(of_event, **facts):
    return ReminderPlan.objects.create(tenant=of_event.tenant, event=of_event, **facts)


# --- When -----------------------------------------------------------------------------------------------------------
def test_the_usual_plan_is_seven_and_two_days_before_the_deadline_and_the_day_before_the_meeting(meeting):
    plan_now = ReminderPlan(tenant=meeting.tenant, event=meeting)
    found = [(step.kind, step.days, step.moment) for step in steps(meeting, plan_now)]
    assert found == [
        ("chase", 7, FIRST_CHASE),
        ("settle", 3, SETTLE),
        ("chase", 2, SECOND_CHASE),
        ("reminder", 1, REMINDER),
    ]


def test_a_step_is_carried_out_once_when_it_is_due_and_not_before(meeting, clock):
    invited(meeting)
    assert tick_at(clock, FIRST_CHASE - dt.timedelta(minutes=1)) == 0
    assert [tick_at(clock, FIRST_CHASE), tick_at(clock, FIRST_CHASE + HOUR)] == [1, 0]
    assert [tick_at(clock, SECOND_CHASE), tick_at(clock, REMINDER)] == [1, 0]
    assert len(mails(meeting.tenant, "chase")) == 2


def test_a_step_long_past_is_skipped_not_sent_late(meeting, clock):
    invited(meeting)
    assert tick_at(clock, FIRST_CHASE + DAY) == 0
    assert tick_at(clock, SECOND_CHASE + DAY - HOUR) == 1


def test_moving_the_dates_moves_the_steps(meeting, clock):
    invited(meeting)
    change(meeting, answer_by=DEADLINE + DAY)
    assert tick_at(clock, FIRST_CHASE) == 0
    assert tick_at(clock, FIRST_CHASE + DAY) == 1


@pytest.fixture
def asleep(sandefjord):
    """No mails from eight to seven, and none at weekends."""
    for name, value in ASLEEP.items():
        setattr(sandefjord, name, value)
    sandefjord.save()


@pytest.mark.usefixtures("asleep")
def test_quiet_hours_are_waited_for(clock, sandefjord):
    meeting = planned(sandefjord)
    plan(meeting, at_hour=dt.time(23))
    invited(meeting)
    assert tick_at(clock, FIRST_CHASE.replace(hour=23)) == 1
    (mail,) = mails(sandefjord, "chase")
    assert (is_quiet(mail.due_at, sandefjord), mail.due_at.astimezone(OSLO).date()) == (
        False,
        dt.date(2026, 6, 11),
    )
    assert mail.revision == dt.date(2026, 6, 11).toordinal()
    assert isinstance(letter(mail), Postponed)  # a worker that comes too early


@pytest.mark.usefixtures("asleep")
def test_what_quiet_hours_would_put_after_the_deadline_is_left_out(clock, sandefjord):
    meeting = planned(sandefjord, answer_by=dt.datetime(2026, 6, 15, 6, tzinfo=OSLO))  # Monday at six
    plan(meeting, chase_days=[2], at_hour=dt.time(12))  # Saturday
    invited(meeting)
    assert tick_at(clock, dt.datetime(2026, 6, 13, 12, tzinfo=OSLO)) == 0
    assert mails(sandefjord, "chase") == []


def test_an_hour_that_the_clock_skips_still_has_its_reminder(clock, sandefjord):
    starts = dt.datetime(2027, 3, 29, 12, tzinfo=OSLO)
    meeting = planned(sandefjord, starts_at=starts, ends_at=starts + HOUR, answer_by=starts)
    plan_then = ReminderPlan(event=meeting, chase_days=[], remind_days=[1], at_hour=dt.time(2, 30))
    (step,) = (step for step in steps(meeting, plan_then) if step.kind == "reminder")
    assert step.moment.astimezone(OSLO) == dt.datetime(2027, 3, 28, 3, 30, tzinfo=OSLO)


# --- Whom -----------------------------------------------------------------------------------------------------------
def test_only_those_who_got_it_and_have_not_answered_are_asked(meeting, clock):
    invited(meeting, "Amina Noor")
    invited(meeting, "Bo Berg", reply="tentative")
    invited(meeting, "Cecilie C", reply="accepted")
    for state in ("queued", "failed", "unknown", "calling", "cancelled"):
        invited(meeting, f"{state.capitalize()} Person", state=state)
    invited(meeting, "Lars Brev", channel="letter", mail=False)
    bounced = invited(meeting, "Bounce Person", mail=False)
    sent(bounced, delivery="bounced")
    gone = invited(meeting, "Gone Person")
    Invitation.objects.of(meeting.tenant).filter(pk=gone.pk).update(revoked_at=START)
    assert tick_at(clock, FIRST_CHASE) == 1
    assert told(meeting.tenant, "chase") == ["amina"]
    assert tick_at(clock, REMINDER) == 1
    assert told(meeting.tenant, "reminder") == ["cecilie"]


def test_nobody_is_asked_again_within_a_day_of_getting_the_invitation(meeting, clock):
    row = invited(meeting, mail=False)
    clock.move_to(FIRST_CHASE)
    sent(row, ago=2 * HOUR)
    assert services.tick() == 0


def test_who_got_an_update_counts_from_that(meeting, clock):
    row = invited(meeting)
    clock.move_to(FIRST_CHASE)
    sent(row, kind="update", revision=1, ago=HOUR)
    assert services.tick() == 0


@pytest.mark.parametrize("state", ["draft", "held", "cancelled"])
def test_only_published_meetings_have_reminders(meeting, clock, state):
    invited(meeting)
    stamps = {"held": {"held_at": START}, "cancelled": {"cancelled_at": START}}.get(state, {})
    Event.objects.of(meeting.tenant).update(state=state, **stamps)
    assert tick_at(clock, FIRST_CHASE) == 0


def test_a_plan_that_is_off_sends_nothing(meeting, clock, kari):
    invited(meeting)
    services.set_plan(of(meeting), by=kari, facts={"is_on": False})
    assert tick_at(clock, FIRST_CHASE) == 0
    assert AuditEntry.objects.of(meeting.tenant).filter(action="reminders.switched_off").count() == 1


def test_each_tenants_and_events_reminders_are_their_own(meeting, clock, kristiansand):
    invited(meeting)
    invited(planned(kristiansand), "Nils Nabo")
    plan(planned(kristiansand), is_on=False)
    assert tick_at(clock, FIRST_CHASE) == 2
    assert (told(meeting.tenant, "chase"), told(kristiansand, "chase")) == (["amina"], ["nils"])


def test_what_is_wrong_with_one_event_holds_up_no_other(meeting, clock, sandefjord, monkeypatch):
    invited(meeting)
    other = planned(sandefjord)
    invited(other, "Bo Berg")
    whole = services.carry_out

    def broken(each, *rest):
        if each.pk == meeting.pk:
            raise RuntimeError
        return whole(each, *rest)

    monkeypatch.setattr(services, "carry_out", broken)
    assert tick_at(clock, FIRST_CHASE) == 1
    assert told(sandefjord, "chase") == ["bo"]


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_time_ask_once(monkeypatch):
    from tests.post.test_workers import at_once

    meeting = planned(tenant())
    for n in range(5):
        invited(meeting, f"Person{n} X", mail=False)
    with time_machine.travel(FIRST_CHASE, tick=False):
        for row in Invitation.objects.of(meeting.tenant):
            sent(row)

        def tick():
            try:
                return services.tick()
            finally:
                connection.close()

        assert sum(at_once(tick, workers=4)) == 5
    assert len(mails(meeting.tenant, "chase")) == 5
    assert ReminderRun.objects.of(meeting.tenant).count() == 1


# --- At delivery ----------------------------------------------------------------------------------------------------
def queued_chase(meeting, clock, **facts):
    row = invited(meeting, **facts)
    assert tick_at(clock, FIRST_CHASE) == 1
    (mail,) = mails(meeting.tenant, "chase")
    return row, mail


def test_a_chase_asks_with_buttons_and_no_calendar_and_names_who_asks(meeting, clock):
    row, mail = queued_chase(meeting, clock)
    written = letter(mail)
    assert isinstance(written, Letter)
    assert (written.calendar, written.method, mail.give_up_at) == (b"", "", DEADLINE)
    assert written.useless_from == MEETING
    for part in (written.text, written.html):
        for words in (
            "Sandefjord kommune",
            "Dialogmøte om tillit",
            "33 41 60 00",
            f"/rsvp/{row.token}/?answer=accepted",
        ):
            assert words in part
        for hidden in ("Møterom 3", "Rådhusgata"):
            assert hidden not in part


def test_a_reminder_tells_the_whole_place(meeting, clock):
    invited(meeting, reply="accepted")
    tick_at(clock, REMINDER)
    (mail,) = mails(meeting.tenant, "reminder")
    written = letter(mail)
    assert (written.calendar, mail.give_up_at) == (b"", MEETING)
    assert (written.give_up_at, written.useless_from) == (MEETING - dt.timedelta(hours=2), MEETING)
    for part in (written.text, written.html):
        assert ("Møterom 3" in part, "33 41 60 00" in part) == (True, True)


@pytest.mark.parametrize(
    "what", ["answered", "bounced", "complained", "cancelled", "withdrawn", "late", "switched off"]
)
def test_a_queued_chase_is_stopped_at_once(meeting, clock, what):
    row, mail = queued_chase(meeting, clock)
    tenant_of = meeting.tenant
    if what == "answered":
        say(row, "declined")
    elif what in ("bounced", "complained"):
        OutgoingMail.objects.of(tenant_of).filter(kind="invitation").update(delivery=what)
    elif what == "cancelled":
        gatherings.cancel(of(meeting), by=None, reason="")
    elif what == "withdrawn":
        Invitation.objects.of(tenant_of).update(revoked_at=FIRST_CHASE)
    elif what == "late":
        clock.move_to(DEADLINE)
    else:
        services.set_plan(of(meeting), by=None, facts={"is_on": False})
    assert isinstance(letter(mail), Withheld)


def test_a_limit_that_is_lowered_holds_for_what_is_queued_already(meeting, clock, kari):
    """The composer counts for itself."""
    row = invited(meeting)
    services.chase(meeting, by=kari, chosen=[row.pk])
    clock.move_to(FIRST_CHASE)
    assert services.tick() == 1
    older, newer = mails(meeting.tenant, "chase")
    OutgoingMail.objects.of(meeting.tenant).filter(pk=older.pk).update(state="accepted", settled_at=START)
    assert isinstance(letter(newer), Letter)
    plan(meeting, most=1)
    assert isinstance(letter(newer), Withheld)


def test_a_chase_that_came_back_stops_the_later_ones(meeting, clock):
    _row, mail = queued_chase(meeting, clock)
    OutgoingMail.objects.of(meeting.tenant).filter(pk=mail.pk).update(state="accepted", delivery="bounced")
    assert tick_at(clock, SECOND_CHASE) == 0


def test_a_reminder_is_not_sent_to_who_no_longer_comes(meeting, clock):
    row = invited(meeting, reply="accepted")
    tick_at(clock, REMINDER)
    say(row, "declined", source="staff")
    assert isinstance(letter(mails(meeting.tenant, "reminder")[0]), Withheld)


# --- By hand --------------------------------------------------------------------------------------------------------
def test_by_hand_those_chosen_are_asked_with_the_message(meeting, clock, kari):
    amina, bo = invited(meeting, "Amina Noor"), invited(meeting, "Bo Berg")
    assert (
        services.chase(meeting, by=kari, chosen=[amina.pk], message="Vi trenger tallet til bevertningen.")
        == 1
    )
    (mail,) = mails(meeting.tenant, "chase")
    assert (mail.subject_id, "Vi trenger tallet til bevertningen." in letter(mail).text) == (amina.pk, True)
    assert services.chase(meeting, by=kari, chosen=[bo.pk]) == 1
    assert "bevertningen" not in letter(mails(meeting.tenant, "chase")[1]).text


def test_by_hand_works_with_the_plan_switched_off_and_in_quiet_hours(meeting, clock, kari):
    row = invited(meeting)
    services.set_plan(of(meeting), by=kari, facts={"is_on": False})
    clock.move_to(START.replace(hour=23))
    services.chase(meeting, by=kari, chosen=[row.pk])
    assert isinstance(letter(mails(meeting.tenant, "chase")[0]), Letter)


def test_a_second_click_the_same_day_is_refused_and_sends_nothing(meeting, clock, kari):
    row = invited(meeting)
    services.chase(meeting, by=kari, chosen=[row.pk])
    with pytest.raises(services.AskedEnough) as refused:
        services.chase(meeting, by=kari, chosen=[row.pk])
    assert ([each.pk for each in refused.value.today], refused.value.often) == ([row.pk], [])
    assert len(mails(meeting.tenant, "chase")) == 1


def test_who_was_asked_as_often_as_the_plan_allows_is_refused_by_name(meeting, clock, kari):
    row, other = invited(meeting), invited(meeting, "Bo Berg")
    plan(meeting, most=1)
    services.chase(meeting, by=kari, chosen=[row.pk])
    clock.move_to(START + DAY)
    with pytest.raises(services.AskedEnough) as refused:
        services.chase(meeting, by=kari, chosen=[row.pk, other.pk])
    assert [each.contact.name for each in refused.value.often] == ["Amina Noor"]
    assert len(mails(meeting.tenant, "chase")) == 1
    assert tick_at(clock, FIRST_CHASE) == 1  # the other one


def test_the_plan_and_a_round_by_hand_make_one_mail_a_day(meeting, clock, kari):
    row = invited(meeting)
    clock.move_to(FIRST_CHASE - HOUR)
    services.chase(meeting, by=kari, chosen=[row.pk])
    assert tick_at(clock, FIRST_CHASE) == 0


def test_after_the_deadline_nobody_can_be_asked(meeting, clock, kari):
    row = invited(meeting)
    clock.move_to(DEADLINE)
    with pytest.raises(services.NotChasable):
        services.chase(meeting, by=kari, chosen=[row.pk])


def test_another_tenants_invitations_and_answered_ones_are_not_asked(meeting, clock, kari, kristiansand):
    theirs = invited(planned(kristiansand), "Nils Nabo")
    answered = invited(meeting, "Bo Berg", reply="declined")
    assert services.chase(meeting, by=kari, chosen=[theirs.pk, answered.pk]) == 0
    assert (mails(kristiansand, "chase"), mails(meeting.tenant, "chase")) == ([], [])


# --- The form -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "days"), [("7, 2", [7, 2]), ("2 7;2", [7, 2]), ("", []), ("0", [0]), (" 60 ,", [60])]
)
def test_days_are_read_as_people_write_them(written, days):
    form = PlanForm(
        {"chase_days": written, "remind_days": "1", "at_hour": "09:00", "most": "3"}, plan=ReminderPlan()
    )
    assert (form.is_valid(), form.cleaned_data["chase_days"]) == (True, days)


@pytest.mark.parametrize("written", ["x", "-1", "1.5", "61", "9999", "1,2,3,4,5,6", "٣"])
def test_days_that_are_none_are_refused_and_kept(written):
    form = PlanForm(
        {"chase_days": written, "remind_days": "1", "at_hour": "25:00", "most": "9"}, plan=ReminderPlan()
    )
    assert sorted(form.errors) == ["at_hour", "chase_days", "most"]
    assert form["chase_days"].value() == written


# --- Any history ----------------------------------------------------------------------------------------------------
class Post:
    """Takes every mail, and writes down whether a rule was broken as it went out."""

    name, window = "post", 1

    def __init__(self, tenant_of, broken, went_out):
        self.tenant, self.broken, self.went_out = tenant_of, broken, went_out

    def prepare(self, written):
        return b""

    def send(self, written, wire):
        from django.utils import timezone

        from invites.post.transports.base import accepted

        row = Invitation.objects.of(self.tenant).select_related("event").get(contact__email=written.to.email)
        mail = OutgoingMail.objects.of(self.tenant).get(delivery_id=written.delivery_id)
        now, meeting = timezone.now(), row.event
        self.went_out.append((mail.kind, row.pk, meeting.local(now).date()))
        wrong = {
            "off": meeting.state != "published" or row.revoked_at is not None,
            "begun": meeting.starts_at <= now,
            "quiet": is_quiet(now, self.tenant) and not self.by_hand(mail),
            "late": mail.kind == "chase" and (meeting.answer_by <= now or row.reply != ""),
            "not coming": mail.kind == "reminder" and row.reply != "accepted",
            "bounced": OutgoingMail.objects.of(self.tenant)
            .filter(subject_id=row.pk, delivery="bounced")
            .exists(),
        }
        self.broken += [(name, mail.kind) for name, is_so in wrong.items() if is_so]
        return accepted("id")

    def by_hand(self, mail):
        rounds = ReminderRun.objects.of(self.tenant).filter(step_on=None)
        return any(
            mail.subject_id in each.chosen and each.sent_on.toordinal() == mail.revision for each in rounds
        )

    def close(self):
        pass


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 60)),
        st.tuples(
            st.just("answer"), st.integers(0, 3), st.sampled_from(["accepted", "tentative", "declined"])
        ),
        st.tuples(st.just("bounce"), st.integers(0, 3)),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
        st.tuples(st.just("move"), st.integers(-6, 10)),
        st.tuples(st.just("chase"), st.integers(0, 3)),
        st.sampled_from([("cancel",), ("switch",), ("deliver",), ("tick",), ("again",)]),
    ),
    min_size=8,
    max_size=40,
)


def bounce(meeting, row):
    mails_to = OutgoingMail.objects.of(meeting.tenant).filter(subject_id=row.pk, state="accepted")
    mails_to.update(delivery="bounced")


def withdraw(meeting, row):
    Invitation.objects.of(meeting.tenant).filter(pk=row.pk).update(revoked_at=START)


def move(meeting, days):
    by, now = dt.timedelta(days=days), of(meeting)
    change(now, starts_at=now.starts_at + by, ends_at=now.ends_at + by, answer_by=now.answer_by + by)


def switch(meeting):
    is_on = services.plan_of(of(meeting)).is_on
    services.set_plan(of(meeting), by=None, facts={"is_on": not is_on})


def act(action, meeting, rows, clock):
    name, *arguments = action
    row = fresh(rows[arguments[0]]) if name in ("answer", "bounce", "withdraw", "chase") else None
    {
        "wait": lambda: clock.shift(dt.timedelta(hours=arguments[0])),
        "answer": lambda: say(row, arguments[1]),
        "bounce": lambda: bounce(meeting, row),
        "withdraw": lambda: withdraw(meeting, row),
        "move": lambda: move(meeting, arguments[0]),
        "chase": lambda: services.chase(of(meeting), by=None, chosen=[row.pk]),
        "cancel": lambda: gatherings.cancel(of(meeting), by=None, reason=""),
        "switch": lambda: switch(meeting),
        "again": lambda: tell(of(meeting), asks_again=True),
        "tick": services.tick,
        "deliver": outbox.deliver,
    }[name]()


@pytest.mark.django_db
@settings(max_examples=20)
@given(ACTIONS)
def test_no_history_breaks_a_rule(actions):
    from invites.answers.services import Refused
    from invites.invitations.telling.services import NotTellable

    at, broken, went_out = tenant(**ASLEEP), [], []
    refusals = (Refused, NotTellable, services.AskedEnough, services.NotChasable, gatherings.NotAllowed)
    with time_machine.travel(START, tick=False) as clock, pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "wake", lambda *args, **kwargs: None)
        patch.setattr(outbox, "current_transport", lambda: Post(at, broken, went_out))
        meeting = planned(at)
        plan(meeting, chase_days=[9, 7, 6, 3, 1], remind_days=[2, 1], most=2)
        rows = [invited(meeting, f"Person{n} X", reply="accepted" if n == 3 else "") for n in range(4)]
        OutgoingMail.objects.of(at).filter(kind="receipt").delete()
        for action in actions:
            try:
                act(action, meeting, rows, clock)
            except refusals:
                continue
            if action[0] in ("answer", "cancel", "again"):  # what else these queue is not what is looked at
                OutgoingMail.objects.of(at).filter(
                    kind__in=("receipt", "update", "cancellation"), state="queued"
                ).delete()
            services.tick()
            outbox.deliver()
        # The next history begins on an empty stage.
        Event.objects.of(at).delete()
        OutgoingMail.objects.of(at).delete()
        assert broken == []
        chases = [(pk, day) for kind, pk, day in went_out if kind == "chase"]
        assert max(Counter(chases).values(), default=0) <= 1
        assert max(Counter(pk for pk, _day in chases).values(), default=0) <= 2
        reminders = [(pk, day) for kind, pk, day in went_out if kind == "reminder"]
        assert max(Counter(reminders).values(), default=0) <= 1


def test_the_people_of_the_next_step_are_those_it_would_write_to(meeting, clock):
    invited(meeting)
    assert [row.contact.name for row in people.silent(meeting)] == ["Amina Noor"]

"""The waiting list: who waits, to whom seats go, and that it happens with the change that freed them."""

import datetime as dt

import pytest
from django.utils import timezone

from events.audit import AuditEntry
from invites.answers.models import Answer
from invites.answers.people import Person
from invites.answers.seats import lapsing, services
from invites.answers.seats.models import SeatOffer
from invites.answers.services import Full
from invites.invitations import overview
from invites.invitations import services as inviting
from invites.invitations.reminders import people as reminded
from invites.post.models import OutgoingMail
from tests.answers.seats.conftest import change, fresh, now, replies, say
from tests.factories import invitation

pytestmark = pytest.mark.usefixtures("still_post")
LATER = dt.timedelta(days=3)


def mails(row, kind):
    ids = row.answers.values_list("pk") if kind == "receipt" else row.seat_offers.values_list("pk")
    return OutgoingMail.objects.of(row.tenant_id).filter(kind=kind, subject_id__in=ids).count()


def outcomes(meeting):
    rows = SeatOffer.objects.of(meeting.tenant).filter(event=meeting).order_by("offered_at", "pk")
    return list(rows.values_list("invitation_id", "outcome"))


# --- Waiting -----------------------------------------------------------------------------------------------------
def test_a_yes_that_finds_no_seat_waits_with_a_receipt(small, guest):
    first, second = guest(), guest()
    say(first)
    given = say(second, comment="Gjerne")
    row = fresh(second)
    assert (row.reply, given.reply, row.event.seats_taken, row.seats) == ("waiting", "waiting", 1, 0)
    assert row.waiting_since is not None
    assert (mails(second, "receipt"), given.comment) == (1, "Gjerne")


def test_without_a_waiting_list_it_is_full(small, guest):
    change(small, waitlist="none")
    say(guest())
    with pytest.raises(Full):
        say(guest())


def test_saying_yes_again_while_waiting_is_one_answer_and_keeps_the_turn(small, guest):
    say(guest())
    second = guest()
    say(second)
    since = fresh(second).waiting_since
    say(second)
    say(second, comment="Ring meg")
    assert (second.answers.count(), fresh(second).waiting_since) == (2, since)


def test_a_party_that_could_never_get_in_does_not_wait_in_vain(small, guest):
    choir = guest(for_organisation=True, quota=3)
    with pytest.raises(Full) as refused:
        say(choir, people=(Person("A"), Person("B")))
    assert (refused.value.room, fresh(choir).reply) == (1, "")


def test_who_has_a_seat_and_asks_for_more_than_there_are_keeps_it(small, guest):
    change(small, capacity=2)
    choir = guest(for_organisation=True, quota=3)
    say(choir, people=(Person("A"),))
    say(guest())
    with pytest.raises(Full):
        say(choir, people=(Person("A"), Person("B")))
    assert (fresh(choir).reply, fresh(choir).party) == ("accepted", 1)


def test_who_joins_online_takes_no_seat_and_waits_for_none(small, guest):
    say(guest())
    second = guest()
    say(second, mode="online")
    assert (fresh(second).reply, now(small).seats_taken) == ("accepted", 1)


# --- Handing on --------------------------------------------------------------------------------------------------
def test_a_withdrawn_yes_offers_the_seat_to_the_next_and_holds_it(small, guest):
    first, second, third = guest(), guest(), guest()
    for row in (first, second, third):
        say(row)
    say(first, "declined")
    row = fresh(second)
    assert (row.reply, row.offered_until is not None, now(small).seats_taken) == ("waiting", True, 1)
    assert (mails(second, "seat_offer"), mails(third, "seat_offer")) == (1, 0)
    assert outcomes(small) == [(second.pk, "open")]
    say(third)
    assert replies(third) == ["waiting"]


def test_a_yes_takes_the_offered_seat_also_after_the_answer_deadline(small, guest):
    first, second = guest(), guest()
    say(first)
    say(second)
    say(first, "declined")
    change(small, answer_by=timezone.now() - dt.timedelta(minutes=1))
    say(second)
    row = fresh(second)
    assert (row.reply, row.offered_until, row.waiting_since, now(small).seats_taken) == (
        "accepted",
        None,
        None,
        1,
    )
    assert outcomes(small) == [(second.pk, "taken")]


def test_a_no_to_the_offer_passes_it_on_at_once(small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    say(rows[0], "declined")
    say(rows[1], "declined")
    assert fresh(rows[2]).offered_until is not None
    assert outcomes(small) == [(rows[1].pk, "declined"), (rows[2].pk, "open")]
    assert now(small).seats_taken == 1


def test_where_it_is_automatic_the_next_comes_at_once_and_is_told(small, guest):
    change(small, waitlist="automatic")
    first, second = guest(), guest()
    say(first)
    say(second, comment="Gjerne")
    say(first, "tentative")
    row = fresh(second)
    last = Answer.objects.standing(row)
    assert (row.reply, row.waiting_since, now(small).seats_taken) == ("accepted", None, 1)
    assert (last.source, last.reply, last.comment, last.answered_at) == (
        "waitlist",
        "accepted",
        "Gjerne",
        row.replied_at,
    )
    assert (mails(second, "receipt"), outcomes(small)) == (2, [(second.pk, "taken")])


def test_a_no_said_before_the_promotion_and_read_after_it_still_counts(small, guest):
    change(small, waitlist="automatic")
    first, second = guest(), guest()
    say(first)
    say(second, said_at=timezone.now() - dt.timedelta(hours=2), source="calendar")
    say(first, "declined")
    assert replies(second) == ["accepted"]
    say(second, "declined", said_at=timezone.now() - dt.timedelta(hours=1), source="calendar")
    assert (replies(second), now(small).seats_taken) == (["declined"], 0)


def free_by_online(small, first):
    say(first, mode="online")


def free_by_withdrawal(small, first):
    inviting.withdraw(fresh(first), by=None)


def free_by_more_seats(small, first):
    services.set_seats(now(small), by=None, facts={"capacity": 2})


def free_by_no_limit(small, first):
    services.set_seats(now(small), by=None, facts={"capacity": None})


@pytest.mark.parametrize(
    "free",
    [free_by_online, free_by_withdrawal, free_by_more_seats, free_by_no_limit],
    ids=lambda way: way.__name__,
)
def test_every_way_a_seat_becomes_free_hands_it_on(small, guest, free):
    first, second = guest(), guest()
    say(first)
    say(second)
    free(small, first)
    assert fresh(second).offered_until is not None


def test_more_seats_on_the_events_own_form_hand_them_on_too(small, guest):
    from events.gatherings.services import change as change_event

    say(guest())
    second = guest()
    say(second)
    meeting = now(small)
    change_event(meeting, by=None, facts={"capacity": 2}, hosts=(), measures=(), programme=(), format_name="")
    assert fresh(second).offered_until is not None


def test_who_withdraws_an_offered_invitation_frees_the_seat_for_the_next(small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    say(rows[0], "declined")
    inviting.withdraw(fresh(rows[1]), by=None)
    assert fresh(rows[2]).offered_until is not None
    assert outcomes(small) == [(rows[1].pk, "withdrawn"), (rows[2].pk, "open")]


@pytest.mark.parametrize("off", ["locked", "begun", "cancelled", "no list"])
def test_nothing_is_offered_once_it_began_is_locked_or_off(small, guest, off):
    first, second = guest(), guest()
    say(first)
    say(second)
    moment = timezone.now() - dt.timedelta(minutes=1)
    change(
        small,
        **{
            "locked": {"locked_at": moment},
            "begun": {"starts_at": moment, "answer_by": None},
            "cancelled": {"state": "cancelled", "cancelled_at": moment},
            "no list": {"waitlist": "none"},
        }[off],
    )
    inviting.withdraw(fresh(first), by=None)
    lapsing.tick()
    assert fresh(second).offered_until is None


def test_the_reason_is_recorded_and_the_audit_names_nobody(small, guest):
    services.save_group(small, by=None, name="Politi", rule=None, target=2)
    group = small.seat_groups.get()
    first, second = guest(), guest()
    services.put_in_group(fresh(second), by=None, group=group)
    say(first)
    say(second)
    say(first, "declined")
    offer = SeatOffer.objects.of(small.tenant).get()
    assert (offer.reason, offer.facts) == ("below_target", {"group": "Politi", "taken": 0, "target": 2})
    entry = AuditEntry.objects.of(small.tenant).get(action="seat.offered")
    assert entry.facts == {"title": "Ungdomsråd"}


# --- Lapsing -----------------------------------------------------------------------------------------------------
def test_an_offer_that_nobody_answers_goes_to_the_next_once_and_is_told(small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    say(rows[0], "declined")
    offer = SeatOffer.objects.of(small.tenant).select_related("event").get()
    assert [lapsing.tick(timezone.now() + LATER), lapsing.lapse(offer, timezone.now())] == [1, False]
    assert replies(*rows) == ["declined", "declined", "waiting"]
    assert fresh(rows[2]).offered_until is not None
    assert now(small).seats_taken == 1
    assert mails(rows[1], "receipt") == 2
    say(rows[1])
    assert replies(rows[1]) == ["waiting"]


def test_a_seat_that_was_free_while_the_event_was_locked_is_offered_afterwards(small, guest):
    first, second = guest(), guest()
    say(first)
    say(second)
    change(small, locked_at=timezone.now())
    inviting.withdraw(fresh(first), by=None)
    change(small, locked_at=None)
    assert fresh(second).offered_until is None
    lapsing.tick()
    assert fresh(second).offered_until is not None


# --- The organiser -----------------------------------------------------------------------------------------------
def test_the_organiser_moves_somebody_up_and_twice_is_once(small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    assert services.move_up(fresh(rows[2]), by=None)
    assert not services.move_up(fresh(rows[2]), by=None)
    say(rows[0], "declined")
    assert fresh(rows[2]).offered_until is not None
    assert SeatOffer.objects.of(small.tenant).get().reason == "moved_up"


def test_the_organiser_offers_a_seat_now_where_one_is_free(small, guest):
    first, second = guest(), guest()
    say(first)
    say(second)
    with pytest.raises(services.NotOffered):
        services.offer_now(fresh(second), by=None)
    change(small, waitlist="none", capacity=2)
    assert services.offer_now(fresh(second), by=None)
    assert not services.offer_now(fresh(second), by=None)
    assert (now(small).seats_taken, SeatOffer.objects.of(small.tenant).get().reason) == (2, "by_hand")


def test_fewer_seats_than_taken_is_refused_until_somebody_is_chosen_who_is_told(small, guest):
    change(small, capacity=3)
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    with pytest.raises(services.TooFewSeats):
        services.set_seats(now(small), by=None, facts={"capacity": 1})
    with pytest.raises(services.TooFewSeats):
        services.reduce(now(small), by=None, capacity=1, chosen=[rows[2].pk])
    assert (replies(*rows), now(small).capacity) == (["accepted"] * 3, 3)

    chosen = [rows[1].pk, rows[2].pk]
    assert services.reduce(now(small), by=None, capacity=1, chosen=chosen) == 2
    assert services.reduce(now(small), by=None, capacity=1, chosen=chosen) == 0
    assert replies(*rows) == ["accepted", "waiting", "waiting"]
    assert (now(small).capacity, now(small).seats_taken) == (1, 1)
    assert [mails(row, "receipt") for row in rows] == [1, 2, 2]


# --- Counts ------------------------------------------------------------------------------------------------------
def test_the_guest_list_counts_those_who_wait_and_those_offered(small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    say(rows[0], "declined")
    total, _by_kind = overview.tallies(now(small))
    assert (total.accepted, total.waiting, total.offered, total.silent, total.people) == (0, 2, 1, 0, 0)
    assert [row.pk for row in overview.filtered(small, answer="offered")] == [rows[1].pk]
    assert overview.filtered(small, answer="waiting").count() == 2


def test_who_waits_is_neither_asked_again_nor_reminded(small, guest):
    say(guest())
    waiting = guest()
    say(waiting)
    OutgoingMail.objects.create(
        tenant=small.tenant,
        kind="invitation",
        subject_id=waiting.pk,
        to_address=waiting.contact.email,
        state="accepted",
        settled_at=timezone.now(),
    )
    assert not reminded.silent(small).exists()
    assert waiting.pk not in [row.pk for row in reminded.to_remind(small)]


# --- Companions, organisations, groups -----------------------------------------------------------------------------
def test_companions_take_a_seat_each_up_to_what_the_event_allows(small, guest):
    row = guest()
    services.set_seats(now(small), by=None, facts={"companions": 2, "capacity": 5})
    say(row, people=(Person("Mor"), Person("Far")))
    assert (fresh(row).party, now(small).seats_taken) == (3, 3)
    with pytest.raises(ValueError, match="more people"):
        say(row, people=(Person("Mor"), Person("Far"), Person("Bror")))
    say(row, people=())
    assert (fresh(row).party, now(small).seats_taken) == (1, 1)


def test_fewer_companions_take_nothing_from_those_who_said_yes(small, guest):
    row, other = guest(), guest()
    services.set_seats(now(small), by=None, facts={"companions": 2, "capacity": 5})
    say(row, people=(Person("Mor"), Person("Far")))
    services.set_seats(now(small), by=None, facts={"companions": 0})
    assert (fresh(row).party, fresh(row).quota, fresh(other).quota) == (3, 3, 1)


def test_somebody_invited_later_may_bring_as_many(small):
    from tests.factories import contact

    services.set_seats(now(small), by=None, facts={"companions": 2})
    person = contact(small.tenant)
    inviting.invite(now(small), by=None, contacts=[person])
    assert small.invitations.get(contact=person).quota == 3


def test_one_organisation_gets_no_more_seats_than_it_may(small, guest):
    change(small, capacity=9, per_organisation=2)
    rows = [guest() for _ in range(3)]
    for row in rows:
        row.contact.organisation = rows[0].contact.organisation
        row.contact.save()
        say(row)
    assert replies(*rows) == ["accepted", "accepted", "waiting"]
    assert now(small).seats_taken == 2
    say(rows[0], "declined")
    assert fresh(rows[2]).offered_until is not None


def test_an_invitation_made_in_a_test_without_groups_belongs_to_none(small):
    assert invitation(small).seat_group is None

"""64 at once, with a waiting list and with groups: 0 over, 0 errors (real threads and transactions, both databases)."""

import pytest

from invites.answers import services
from invites.answers.seats import handing, lapsing, placing
from invites.answers.seats.models import SeatGroup, SeatOffer
from invites.invitations.models import Invitation
from tests.answers.seats.ledger import broken
from tests.answers.test_last_seat import CROWD, all_at_once
from tests.factories import event, invitation, tenant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("still_post")]


def rows_of(meeting):
    rows = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant")
    return list(rows.filter(event=meeting).order_by("pk"))


def crowd(capacity, waitlist, number=CROWD):
    meeting = event(tenant(), capacity=capacity, waitlist=waitlist)
    for _ in range(number):
        invitation(meeting)
    return meeting, rows_of(meeting)


def accept(row):
    return lambda: services.answer(row, reply="accepted", comment="", source="web")


def decline(row):
    return lambda: services.answer(row, reply="declined", comment="", source="web")


def count(meeting, **facts):
    return Invitation.objects.of(meeting.tenant).filter(event=meeting, **facts).count()


@pytest.mark.parametrize("waitlist", ["offer", "automatic"])
@pytest.mark.parametrize("capacity", [1, 5, 63])
def test_64_at_once_get_the_seats_there_are_and_the_others_wait(capacity, waitlist):
    meeting, rows = crowd(capacity, waitlist)
    assert all_at_once([accept(row) for row in rows]) == ["ok"] * CROWD
    assert count(meeting, reply="accepted") == capacity
    assert count(meeting, reply="waiting") == CROWD - capacity
    assert broken(meeting) == []


@pytest.mark.parametrize("waitlist", ["offer", "automatic"])
def test_seats_given_up_while_others_come_leave_no_seat_empty(waitlist):
    meeting, rows = crowd(CROWD // 2, waitlist)
    for row in rows[: CROWD // 2]:
        accept(row)()
    giving_up = [decline(row) for row in rows_of(meeting)[: CROWD // 2]]
    coming = [accept(row) for row in rows[CROWD // 2 :]]
    assert all_at_once([*giving_up, *coming]) == ["ok"] * CROWD
    assert broken(meeting) == []
    meeting.refresh_from_db()
    assert meeting.seats_taken == CROWD // 2


def test_groups_with_a_limit_are_not_overbooked_either():
    meeting, rows = crowd(40, "offer")
    groups = [
        SeatGroup.objects.create(
            tenant=meeting.tenant, event=meeting, name=name, most=most, position=position
        )
        for position, (name, most) in enumerate((("Politi", 5), ("Ungdom", 10)))
    ]
    for number, row in enumerate(rows):
        if number % 3:
            Invitation.objects.of(meeting.tenant).filter(pk=row.pk).update(seat_group=groups[number % 3 - 1])
    assert all_at_once([accept(row) for row in rows_of(meeting)]) == ["ok"] * CROWD
    assert [group.taken for group in SeatGroup.objects.of(meeting.tenant).filter(event=meeting)] == [5, 10]
    assert broken(meeting) == []


def test_two_workers_that_pass_on_at_once_pass_on_once():
    meeting, rows = crowd(1, "offer", number=6)
    for row in rows:
        accept(row)()
    decline(rows_of(meeting)[0])()
    offer = SeatOffer.objects.of(meeting.tenant).select_related("event").get()
    results = []
    jobs = [lambda: results.append(lapsing.lapse(offer, offer.until))] * 8
    assert all_at_once(jobs) == ["ok"] * 8
    assert results.count(True) == 1
    assert SeatOffer.objects.of(meeting.tenant).filter(outcome="open").count() == 1
    assert broken(meeting) == []


def test_this_test_can_fail_groups_that_are_read_before_they_are_written_overbook(monkeypatch):
    """Proof that the crowd collides: the same without the condition in the UPDATE."""

    def look_then_count(invitation, more):
        return True

    monkeypatch.setattr(placing, "take_of_group", look_then_count)
    meeting, _rows = crowd(None, "none")
    group = SeatGroup.objects.create(tenant=meeting.tenant, event=meeting, name="Politi", most=1)
    Invitation.objects.of(meeting.tenant).filter(event=meeting).update(seat_group=group)
    all_at_once([accept(row) for row in rows_of(meeting)])
    assert "Politi has more seats than it may" in broken(meeting)
    assert handing.open_for_offers(meeting)

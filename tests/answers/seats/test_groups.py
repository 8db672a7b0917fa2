"""The target mix: which group somebody counts for, and that none gets more seats than it may."""

import pytest
from django.db import IntegrityError, transaction

from events.directory.groups.rules import Rule
from invites.answers.seats import services, showing
from invites.answers.seats.grouping import TooManyInGroup
from invites.answers.seats.models import SeatGroup
from invites.invitations import services as inviting
from tests.answers.seats.conftest import change, fresh, now, replies, say
from tests.factories import contact, organisation

pytestmark = pytest.mark.usefixtures("still_post")


def save(meeting, name="Politi", kinds=("police",), **facts):
    return services.save_group(now(meeting), by=None, name=name, rule=Rule(kinds=kinds), **facts)


def taken(group):
    return SeatGroup.objects.of(group.tenant).get(pk=group.pk).taken


def test_everybody_counts_for_the_first_group_whose_rule_fits(small, guest):
    officer, imam = guest("police"), guest("faith")
    police, both = save(small), save(small, "Alle", ("police", "faith"))
    assert [fresh(officer).seat_group, fresh(imam).seat_group] == [police, both]


def test_somebody_invited_later_gets_a_group_too(small):
    police = save(small)
    person = contact(small.tenant, organisation=organisation(small.tenant, kind="police"))
    inviting.invite(now(small), by=None, contacts=[person])
    assert small.invitations.get(contact=person).seat_group == police


def test_by_hand_stays_whatever_the_rules_say(small, guest):
    officer = guest("police")
    police = save(small)
    assert services.put_in_group(fresh(officer), by=None, group=None)
    assert not services.put_in_group(fresh(officer), by=None, group=None)
    save(small, "Andre", ("police",))
    assert fresh(officer).seat_group is None
    assert taken(police) == 0


def test_a_group_that_is_full_lets_its_next_yes_wait(small, guest):
    change(small, capacity=9)
    rows = [guest("police"), guest("police"), guest("ngo")]
    police = save(small, most=1)
    for row in rows:
        say(row)
    assert (replies(*rows), taken(police), now(small).seats_taken) == (
        ["accepted", "waiting", "accepted"],
        1,
        2,
    )
    say(rows[2], "declined")
    assert fresh(rows[1]).offered_until is None
    say(rows[0], "declined")
    assert (fresh(rows[1]).offered_until is not None, taken(police)) == (True, 1)


def test_the_next_seat_goes_to_the_group_that_is_furthest_below_its_target(small, guest):
    first, ngo, young = guest(), guest("ngo"), guest("school")
    save(small, "Skoler", ("school",), target=2)
    for row in (first, ngo, young):
        say(row)
    say(first, "declined")
    assert (fresh(ngo).offered_until, fresh(young).offered_until is not None) == (None, True)


def test_a_new_group_counts_the_seats_its_members_hold_and_refuses_to_be_too_small(small, guest):
    change(small, capacity=9)
    for _ in range(3):
        say(guest("police"))
    with pytest.raises(TooManyInGroup) as refused:
        save(small, most=2)
    assert (refused.value.taken, SeatGroup.objects.of(small.tenant).count()) == (3, 0)
    assert taken(save(small, most=3)) == 3


def test_a_removed_group_costs_nobody_a_seat(small, guest):
    officer = guest("police")
    police = save(small)
    say(officer)
    assert services.remove_group(police, by=None)
    assert not services.remove_group(police, by=None)
    assert (replies(officer), now(small).seats_taken) == (["accepted"], 1)


def test_saving_twice_changes_nothing_and_a_name_stands_once(small):
    police = save(small, target=2)
    again = services.save_group(
        now(small), police, by=None, name="Politi", rule=Rule(kinds=("police",)), target=2
    )
    assert (again, SeatGroup.objects.of(small.tenant).count()) == (police, 1)
    with pytest.raises(services.NameTaken):
        save(small)


def test_the_database_refuses_more_seats_than_a_group_may_have(small):
    police = save(small, most=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatGroup.objects.of(small.tenant).filter(pk=police.pk).update(taken=2)


def test_the_gauge_tells_seats_target_most_waiting_and_invited(small, guest):
    change(small, capacity=2)
    rows = [guest("police"), guest("police"), guest("police"), guest("ngo")]
    save(small, target=4, most=5)
    for row in rows[:3]:
        say(row)
    police, others = showing.gauges(now(small))
    assert (police.taken, police.target, police.most, police.waiting, police.invited) == (2, 4, 5, 1, 3)
    assert police.bar == "■■□□"
    assert (others.pk, others.taken, others.invited, others.bar) == (None, 0, 1, "")


def test_bars_are_never_longer_than_they_should_be():
    assert [showing.bar(*given) for given in ((0, None), (0, 3), (5, 3), (1, 1000))] == [
        "",
        "□□□",
        "■■■",
        "■" + "□" * 19,
    ]

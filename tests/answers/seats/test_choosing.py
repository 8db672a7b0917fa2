"""Who is next: pure."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from invites.answers.seats.choosing import Board, Hopeful, Part, choose, in_order

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def waits(pk, minute=0, seats=1, **facts):
    return Hopeful(pk, seats, NOON + dt.timedelta(minutes=minute), **facts)


def mix(*parts):
    return {pk: Part(pk, name, taken, target, most) for pk, name, taken, target, most in parts}


def test_who_has_waited_longest_is_next():
    choice = choose([waits(1, 5), waits(2, 3)], Board(1))
    assert choice is not None
    assert (choice.who.pk, choice.reason, choice.facts) == (2, "longest", {})


def test_the_group_furthest_below_its_target_goes_first_with_its_numbers_as_the_reason():
    groups = mix((1, "Politi", 1, 2, None), (2, "Ungdom", 1, 5, None))
    choice = choose([waits(1, 0, group=1), waits(2, 9, group=2)], Board(1, groups=groups))
    assert choice is not None
    assert (choice.who.pk, choice.reason) == (2, "below_target")
    assert choice.facts == {"group": "Ungdom", "taken": 1, "target": 5}


def test_a_small_group_is_not_drowned_by_a_large_one():
    groups = mix((1, "Menigheter", 10, 20, None), (2, "Politi", 0, 1, None))
    choice = choose([waits(1, 0, group=1), waits(2, 9, group=2)], Board(1, groups=groups))
    assert choice is not None
    assert choice.who.pk == 2


def test_at_its_target_a_group_waits_like_everybody_else():
    groups = mix((1, "Politi", 2, 2, None))
    choice = choose([waits(1, 5, group=1), waits(2, 3)], Board(1, groups=groups))
    assert choice is not None
    assert (choice.who.pk, choice.reason) == (2, "longest")


def test_whoever_the_organiser_moved_up_goes_before_all():
    groups = mix((1, "Ungdom", 0, 5, None))
    choice = choose([waits(1, group=1), waits(2, 9, rank=1)], Board(1, groups=groups))
    assert choice is not None
    assert (choice.who.pk, choice.reason) == (2, "moved_up")


def test_a_party_that_does_not_fit_lets_the_next_one_by():
    choice = choose([waits(1, 0, seats=3), waits(2, 5)], Board(2))
    assert choice is not None
    assert choice.who.pk == 2


def test_a_full_group_and_a_full_organisation_let_the_next_one_by():
    board = Board(9, per_organisation=2, groups=mix((1, "Politi", 3, None, 3)), organisations={7: 2})
    choice = choose([waits(1, 0, group=1), waits(2, 1, organisation=7), waits(3, 2)], board)
    assert choice is not None
    assert choice.who.pk == 3
    assert choose([waits(1, 0, group=1)], board) is None


WAITING = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 60), st.sampled_from([None, 1, 2]), st.integers(0, 2)),
    max_size=12,
)


@given(rows=WAITING, left=st.integers(0, 12))
def test_seats_go_to_whoever_fits_until_nobody_does_and_never_beyond(rows, left):
    waiting = [
        waits(pk, at, seats, group=group, rank=rank) for pk, (seats, at, group, rank) in enumerate(rows)
    ]
    board = Board(left, groups=mix((1, "A", 0, 3, 4), (2, "B", 0, None, 2)))
    rest, given_ = list(waiting), 0
    while choice := choose(rest, board):
        assert choice.who == next(one for one in in_order(rest, board) if board.fits(one))
        rest.remove(choice.who)
        board.take(choice.who)
        given_ += choice.who.seats
    assert given_ <= left
    assert not any(board.fits(one) for one in rest)
    assert all(part.most is None or part.taken <= part.most for part in board.groups.values())

"""How many came of each group: exact for who prepares the meeting, and for nobody else a number that tells of few."""

import random

import pytest

from events.gatherings import numbers as module
from events.gatherings.visibility import Audience, SeenNumbers, numbers

BELOW = [audience for audience in Audience if audience < Audience.ORGANISER]


def test_who_prepares_the_meeting_knows_each_number():
    told = numbers(Audience.ORGANISER, {"faith": 1, "police": 12, "school": 0})
    assert told == SeenNumbers(13, (("faith", 1), ("police", 12)))


@pytest.mark.parametrize("audience", BELOW)
def test_to_everybody_else_small_groups_are_told_as_one(audience):
    told = numbers(audience, {"faith": 3, "ngo": 8, "police": 12, "school": 4})
    assert told == SeenNumbers(27, (("ngo", 8), ("police", 12)), others=7)


def test_one_small_group_is_not_to_be_had_by_taking_the_others_from_the_total():
    told = numbers(Audience.PUBLIC, {"faith": 3, "ngo": 8, "police": 12})
    assert told == SeenNumbers(23, (("police", 12),), others=11)


@pytest.mark.parametrize("counts", [{}, {"faith": 4}, {"faith": 1, "ngo": 1, "police": 2}])
def test_fewer_than_five_in_all_is_all_that_is_told(counts):
    assert numbers(Audience.PUBLIC, counts) == SeenNumbers(None)


def test_large_groups_are_told_as_they_are():
    assert numbers(Audience.PUBLIC, {"ngo": 5, "police": 5}) == SeenNumbers(10, (("ngo", 5), ("police", 5)))


def looked_through(counts: dict[str, int]) -> list[str]:
    """What a reader who knows the rules works out from what is told: numbers of few, as such or as a difference."""
    told, wrong = numbers(Audience.PUBLIC, counts), []
    shown = [*dict(told.groups).values(), *([told.others] if told.others else [])]
    if (told.total is None) != (sum(counts.values()) < 5):
        wrong.append("the total of few")
    if told.total is not None and told.total != sum(shown):
        wrong.append("what is told does not add up")
    if any(number < 5 for number in shown):
        wrong.append("a number of few")
    hidden = {name for name, number in counts.items() if number} - set(dict(told.groups))
    if told.others and len(hidden) < 2:
        wrong.append("a group that is alone in what is left")
    if any(counts[name] != number for name, number in told.groups):
        wrong.append("a number that is not true")
    return wrong


def many(cases: int) -> list[str]:
    chance, wrong = random.Random(8), []
    for _case in range(cases):
        counts = {
            str(each): chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 30)) for each in range(chance.randint(0, 9))
        }
        wrong += [f"{why}: {counts}" for why in looked_through(counts)]
    return wrong


def test_of_five_thousand_meetings_nobody_works_out_a_number_of_few():
    assert many(5_000) == []


def test_an_engine_that_tells_of_few_is_found_out(monkeypatch):
    monkeypatch.setattr(module, "FEW", 4)
    assert many(200) != []

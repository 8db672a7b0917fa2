"""What the engine tells of guests, rule by rule; thousands of random meetings are in tests/hostile/test_matrix.py."""

import pytest

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, GuestFacts, SeenGuest, SeenGuests, guests, sight

OPEN = {
    f"{name}_for": Audience.PUBLIC for name in ("name", "organisation", "role", "contact", "answer", "count")
}
CLOSED = dict.fromkeys(OPEN, Audience.ORGANISER)


def meeting(**facts) -> Event:
    return Event(**{"state": "published", **CLOSED, **facts})


def guest(name: str, **facts) -> GuestFacts:
    known = {"organisation": f"{name}s lag", "role": "leder", "email": f"{name}@x.example", "comes": True}
    return GuestFacts(name=name, **{**known, **facts})


SIX = [guest(name) for name in ("Finn", "Amina", "Cecilie", "Bo", "Eva", "Daniel")]


@pytest.mark.parametrize("audience", [one for one in Audience if one < Audience.ORGANISER])
def test_nothing_is_told_unless_the_organiser_chose_it(audience):
    assert guests(meeting(), audience, SIX) == SeenGuests()


def test_the_organiser_sees_everybody_and_everything():
    found = guests(meeting(), Audience.ORGANISER, [*SIX, guest("Georg", unlisted=True)])
    assert (len(found.people), found.count) == (7, 7)
    assert found.people[0] == SeenGuest("Amina", "Aminas lag", "leder", "Amina@x.example")


def test_names_are_in_the_order_of_names_whoever_answered_first():
    found = guests(meeting(name_for=Audience.ACCEPTED), Audience.ACCEPTED, SIX)
    assert [one.name for one in found.people] == ["Amina", "Bo", "Cecilie", "Daniel", "Eva", "Finn"]
    assert {(one.organisation, one.role, one.email) for one in found.people} == {("", "", "")}


def test_organisations_without_names_are_a_list_in_which_each_stands_once():
    twice = [*SIX, guest("Georg", organisation="Bos lag")]
    found = guests(meeting(organisation_for=Audience.INVITED), Audience.INVITED, twice)
    assert (found.people, found.organisations[:2], len(found.organisations)) == (
        (),
        ("Aminas lag", "Bos lag"),
        6,
    )


@pytest.mark.parametrize("field", ["role", "contact", "answer"])
def test_what_belongs_to_a_name_is_not_told_without_it(field):
    assert sight(meeting(**{f"{field}_for": Audience.PUBLIC}), Audience.INVITED) == frozenset()


@pytest.mark.parametrize(
    "hidden",
    [
        {"unlisted": True},
        {"comes": False},
        {"comes": False, "may_come": False, "answer": "no"},
        {"named": False},
    ],
    ids=["objected", "silent", "said no", "a companion"],
)
def test_who_is_not_for_others_is_in_no_list_even_of_an_open_meeting(hidden):
    found = guests(meeting(**OPEN), Audience.CO_HOST, [*SIX, guest("Zara", **hidden)])
    assert "Zara" not in repr(found)
    assert len(found.people) == 6


def test_who_said_maybe_is_listed_where_answers_are_shown():
    maybe = guest("Zara", comes=False, may_come=True, answer="maybe")
    assert "Zara" in repr(guests(meeting(**OPEN), Audience.INVITED, [*SIX, maybe]))
    without = meeting(**OPEN | {"answer_for": Audience.ACCEPTED})
    assert "Zara" not in repr(guests(without, Audience.INVITED, [*SIX, maybe]))


@pytest.mark.parametrize(("number", "told"), [(4, (None, True)), (5, (5, False)), (6, (6, False))])
def test_fewer_than_five_are_not_told_as_a_number(number, told):
    found = guests(meeting(count_for=Audience.PUBLIC), Audience.PUBLIC, SIX[:number])
    assert (found.count, found.few) == told


def test_who_comes_knows_of_itself_so_five_others_are_needed():
    five = [*SIX[:4], guest("Zara", is_self=True)]
    found = guests(meeting(count_for=Audience.ACCEPTED), Audience.ACCEPTED, five)
    assert (found.count, found.few) == (None, True)


def test_who_objected_is_counted():
    everybody = [*SIX[:4], guest("Zara", unlisted=True), guest("Yngve", unlisted=True)]
    assert guests(meeting(count_for=Audience.INVITED), Audience.INVITED, everybody).count == 6


@pytest.mark.parametrize("lists", [{"name_for": Audience.ACCEPTED}, {"organisation_for": Audience.INVITED}])
def test_no_number_is_told_from_which_a_list_would_tell_how_few_are_missing(lists):
    row = meeting(count_for=Audience.PUBLIC, **lists)
    assert guests(row, Audience.PUBLIC, [*SIX, guest("Zara", unlisted=True)]).count is None
    assert guests(row, Audience.PUBLIC, SIX).count == 6


def test_the_public_gets_no_list_of_few_organisations():
    row = meeting(organisation_for=Audience.PUBLIC)
    assert guests(row, Audience.PUBLIC, SIX[:4]).organisations == ()
    assert len(guests(row, Audience.PUBLIC, SIX[:5]).organisations) == 5
    assert len(guests(row, Audience.INVITED, SIX[:4]).organisations) == 4


def test_an_organisation_that_sends_people_is_told_and_its_people_are_counted():
    sends = GuestFacts(name="", organisation="Moskeen", comes=True, seats=3)
    row = meeting(name_for=Audience.ACCEPTED, organisation_for=Audience.ACCEPTED)
    found = guests(
        row, Audience.ACCEPTED, [*SIX, sends, GuestFacts("Navngitt", comes=True, seats=0, named=False)]
    )
    assert (len(found.people), found.organisations) == (6, ("Moskeen",))
    assert guests(meeting(count_for=Audience.INVITED), Audience.INVITED, [*SIX, sends]).count == 9


@pytest.mark.parametrize(
    "facts",
    [{"locked_at": "now"}, {"state": "cancelled"}, {"state": "draft"}],
    ids=["locked", "cancelled", "draft"],
)
def test_of_a_closed_meeting_nobody_but_the_organiser_sees_guests(facts):
    row = meeting(**OPEN, **facts)
    assert [guests(row, audience, SIX) == SeenGuests() for audience in Audience] == [True] * 4 + [False]


def test_once_it_is_held_only_those_who_came_see_who_was_there():
    row = meeting(**OPEN, state="held")
    assert [bool(guests(row, audience, SIX).people) for audience in Audience] == [False] * 2 + [True] * 3

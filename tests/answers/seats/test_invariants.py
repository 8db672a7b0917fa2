"""Whatever happens, in whatever order: the seats stay right. Random sequences of everything that moves a seat."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.gatherings.models import Event
from events.gatherings.refusals import TooFewSeats
from invites.answers.people import Person
from invites.answers.seats import grouping, lapsing, services
from invites.answers.seats.models import SeatGroup, SeatOffer
from invites.answers.services import Full
from invites.invitations import services as inviting
from tests.answers.seats.conftest import fresh, now, say
from tests.answers.seats.ledger import broken
from tests.factories import contact, event, invitation, organisation

WHO = st.integers(0, 6)
STEPS = st.one_of(
    st.tuples(st.just("yes"), WHO, st.integers(1, 3), st.sampled_from(["", "in_person", "online"])),
    st.tuples(st.just("yes"), WHO, st.just(1), st.just("")),
    st.tuples(st.sampled_from(["no", "withdraw", "up", "offer", "lapse"]), WHO),
    st.tuples(st.just("capacity"), st.sampled_from([None, 1, 2, 4, 7])),
    st.tuples(st.just("list"), st.sampled_from(["none", "offer", "automatic"])),
    st.tuples(st.just("organisation"), st.sampled_from([None, 1, 2, 3])),
    st.tuples(st.just("group"), WHO, st.integers(0, 2)),
)


def yes(row, number, mode):
    people = [Person(f"P{n}") for n in range(number)] if row.for_organisation else None
    say(row, people=people, mode=mode)


def lapse(row):
    for offer in SeatOffer.objects.of(row.tenant).filter(outcome="open").select_related("event"):
        lapsing.lapse(offer, offer.until)


def put(row, number):
    groups = [None, *SeatGroup.objects.of(row.tenant).filter(event=row.event_id)]
    services.put_in_group(fresh(row), by=None, group=groups[number])


MOVES = {
    "yes": yes,
    "no": lambda row: say(row, "declined"),
    "withdraw": lambda row: inviting.withdraw(fresh(row), by=None),
    "up": lambda row: services.move_up(fresh(row), by=None),
    "offer": lambda row: services.offer_now(fresh(row), by=None),
    "lapse": lapse,
    "group": put,
}
SETTINGS = {"capacity": "capacity", "list": "waitlist", "organisation": "per_organisation"}


def take(meeting, rows, step):
    what, *how = step
    if what in SETTINGS:
        services.set_seats(now(meeting), by=None, facts={SETTINGS[what]: how[0]})
    elif fresh(rows[how[0]]).revoked_at is None:
        MOVES[what](rows[how[0]], *how[1:])


REFUSALS = (Full, TooFewSeats, services.NotOffered, grouping.TooManyInGroup)


def run(tenant, steps, capacity, waitlist):
    meeting = event(tenant, capacity=capacity, waitlist=waitlist)
    shared = organisation(tenant)
    for name, target, most in (("Politi", 2, 3), ("Ungdom", 3, None)):
        services.save_group(meeting, by=None, name=name, rule=None, target=target, most=most)
    rows = [
        invitation(
            meeting,
            contact=contact(tenant, organisation=shared if number < 3 else organisation(tenant)),
            for_organisation=number % 2 == 0,
            quota=3 if number % 2 == 0 else 1,
        )
        for number in range(7)
    ]
    for number, step in enumerate(steps):
        limited = Event.objects.of(tenant).get(pk=meeting.pk).per_organisation
        with contextlib.suppress(*REFUSALS):
            take(meeting, rows, step)
        wrong = [each for each in broken(meeting) if not (limited and "organisation has more" in each)]
        assert wrong == [], (number, steps[: number + 1])


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(STEPS, min_size=4, max_size=12),
    capacity=st.sampled_from([1, 2, 4]),
    waitlist=st.sampled_from(["offer", "automatic", "none"]),
)
def test_random_sequences_keep_the_seats_right(sandefjord, still_post, steps, capacity, waitlist):
    run(sandefjord, steps, capacity, waitlist)

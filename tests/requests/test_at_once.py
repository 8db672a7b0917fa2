"""Real threads on both databases: two approvals make one stand-in, and a seat that changes hands is never two."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.requests import services
from invites.answers.requests.services import Invited, Settled, Substitute, TooMany
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from tests.factories import event, invitation, staff, tenant
from tests.requests.scene import asked, fresh, name, only, say, stand_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs):
    """Runs all jobs together; returns "ok" or the error's name for each."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            job()
        except (answers.Refused, Invited, Settled, TooMany) as refused:
            return type(refused).__name__
        else:
            return "ok"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def outcome(meeting):
    coming = Invitation.objects.of(meeting.tenant).filter(event=meeting).coming().count()
    return coming, Event.objects.of(meeting.tenant).get(pk=meeting.pk).seats_taken


def holder(**facts):
    """Somebody who has the only seat."""
    row = invitation(event(tenant(), capacity=1, waitlist="none", **facts))
    say(row, "accepted")
    return row


def test_two_approvals_at_once_make_one_stand_in():
    row = holder()
    name(row)
    by = staff(row.tenant, "coordinator")
    results = at_once([lambda: services.grant(only(row), by=by)] * 4)
    assert sorted(results) == ["Settled"] * 3 + ["ok"]
    assert outcome(row.event) == (1, 1)
    assert stand_in(row).reply == "accepted"
    assert OutgoingMail.objects.of(row.tenant).filter(kind="stand_in").count() == 1


def test_approving_and_refusing_and_taking_back_at_once_is_one_decision():
    row = holder()
    name(row)
    by = staff(row.tenant, "coordinator")
    at_once(
        [
            lambda: services.grant(only(row), by=by),
            lambda: services.refuse(only(row), by=by, reason="Nei"),
            lambda: services.take_back(only(row)),
        ]
    )
    made = Invitation.objects.of(row.tenant).filter(stands_in_for=row).count()
    assert made == (1 if only(row).state == "granted" else 0)
    assert outcome(row.event) == (1, 1)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_the_only_seat_changes_hands_while_seven_others_want_it(turn):
    row = holder(substitutes="automatic")
    others = [invitation(row.event) for _ in range(7)]
    jobs = [lambda: name(row)]
    jobs += [lambda other=other: say(other, "accepted") for other in others]
    results = at_once(jobs)

    assert (results[0], set(results[1:])) == ("ok", {"Full"})
    assert outcome(row.event) == (1, 1)
    assert (stand_in(row).reply, fresh(row).reply) == ("accepted", "declined")


def test_the_same_person_named_by_eight_posts_at_once_is_one():
    row = holder(substitutes="automatic")
    assert set(at_once([lambda: name(row)] * 8)) == {"ok"}
    assert len(asked(row)) == 1
    assert outcome(row.event) == (1, 1)


def test_eight_people_named_at_once_by_one_invitee_are_one_who_comes():
    row = holder(substitutes="automatic")
    at_once([lambda n=n: name(row, Substitute(f"P {n}", f"p{n}@x.example")) for n in range(8)])
    assert Invitation.objects.of(row.tenant).filter(stands_in_for=row).count() == 1
    assert outcome(row.event) == (1, 1)


def test_naming_somebody_and_saying_no_at_once_end_in_one_truth():
    row = holder(substitutes="automatic")
    at_once([lambda: name(row), lambda: say(row, "declined"), lambda: say(row, "accepted")])
    coming, seats = outcome(row.event)
    assert coming == seats <= 1

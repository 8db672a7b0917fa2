"""64 invitees answer at once for the last seats, round after round: never one too many, never an error."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections
from django.db.models import Sum

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from invites.answers import services
from invites.invitations.models import Invitation
from invites.post import outbox
from tools.bench import people
from tools.chaos.promises import Promise

CROWD = 64
CAPACITIES = (1, 5, 63)
WAITLISTS = ("none", "offer", "automatic")


def rounds(number: int) -> Iterator[Promise]:
    """`number` rounds for each capacity, with and without a waiting list by turns."""
    outbox.wake = lambda recipients: None
    tenant = people.tenant("seats")
    (meeting,) = people.events(tenant, 1)
    people.invitations(meeting, CROWD)
    for capacity in CAPACITIES:
        over, wrong, errors = 0, 0, Counter[str]()
        for turn in range(number):
            waitlist = WAITLISTS[turn % len(WAITLISTS)]
            said = _round(_again(tenant, meeting, capacity, waitlist))
            held, taken = _held(meeting)
            over += max(held - capacity, 0)
            allowed = {"ok", "Full"} if waitlist == "none" else {"ok"}
            errors += Counter({what: times for what, times in said.items() if what not in allowed})
            wrong += held != taken or held < capacity
        yield Promise(
            f"{number} rounds of {CROWD} at once for {capacity} seats on {connection.vendor}",
            f"{over} over, {errors.total()} errors {dict(errors) or ''}, {wrong} rounds with a wrong count",
            not (over or errors or wrong),
        )


def overbooks_without_the_check(number: int) -> Promise:
    """The same with the seats as most people write them, look and then count: proof that these rounds can fail."""
    from invites.answers import taking

    def look_then_count(row: Invitation, said: Any, becomes: Any, now: Any) -> None:
        if row.event.capacity is not None and row.event.seats_taken >= row.event.capacity:
            raise services.Full
        rows = Event.objects.of(row.tenant_id).filter(pk=row.event_id)
        rows.update(seats_taken=row.event.seats_taken + 1)

    proper = taking._move_seats
    taking._move_seats = look_then_count  # type: ignore[assignment]
    try:
        tenant, over = people.tenant("overbooked"), 0
        (meeting,) = people.events(tenant, 1)
        people.invitations(meeting, CROWD)
        for _turn in range(number):
            _round(_again(tenant, meeting, 1, "none"))
            over += max(_held(meeting)[0] - 1, 0)
    finally:
        taking._move_seats = proper
    return Promise("without the check the same rounds overbook", f"{over} over", over > 0)


def _again(tenant: Tenant, meeting: Event, capacity: int, waitlist: str) -> list[Invitation]:
    """Nobody has said anything yet."""
    rows = Invitation.objects.of(tenant).filter(event=meeting)
    rows.update(reply="", replied_at=None, waiting_since=None, offered_until=None, said_at=None)
    facts = {"capacity": capacity, "waitlist": waitlist, "seats_taken": 0, "somebody_waits": False}
    Event.objects.of(tenant).filter(pk=meeting.pk).update(**facts)
    return list(rows.select_related("event", "contact", "tenant"))


def _round(rows: list[Invitation]) -> Counter[str]:
    barrier = threading.Barrier(len(rows))

    def say(row: Invitation) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=120)
            services.answer(row, reply="accepted", comment="", source="web")
        except Exception as error:
            return type(error).__name__
        else:
            return "ok"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(rows)) as pool:
        return Counter(pool.map(say, rows))


def _held(meeting: Event) -> tuple[int, int]:
    """The seats that invitations hold, and those that are counted on the event."""
    rows = Invitation.objects.of(meeting.tenant_id).filter(event=meeting).holding_seats().order_by()
    held = rows.aggregate(held=Sum("party"))["held"] or 0
    return held, Event.objects.of(meeting.tenant_id).get(pk=meeting.pk).seats_taken

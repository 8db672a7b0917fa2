"""Rounds of invitations: sent at once or planned, moved, shortened and called off (ADR 0012; `sending` sends them).

A planned wave is a list of people. Its invitations are made when it is due, so that links, words and addresses are
those of the moment. Rows are always written in the same order, waves by number and then invitations, so that two
workers never wait for each other in a ring.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations import checks
from invites.invitations.drafting.notes import joined
from invites.invitations.models import Invitation
from invites.invitations.services import MOST_NAMED, NotInvitable, invitable, invite
from invites.invitations.waves.models import Wave, WaveMember
from invites.invitations.waves.timing import Timing, days_after

log = logging.getLogger(__name__)
TURNS = 50  # a lost turn means that another wave of the same event was made, so this is never reached


class NotPlanned(Exception):
    """The wave went out, was called off or was stopped meanwhile; nothing was changed."""


class _Nobody(Exception):
    """Everybody was asked already: no wave is made."""


@dataclass(frozen=True)
class Asked:
    """Who is asked, and what is written to them."""

    people: tuple[Contact, ...]
    quotas: dict[int, int]
    note: str
    notes: dict[int, str]

    def check(self, event: Event) -> None:
        """Raises ValueError for what no page offers, Refused for words that would not do (see `checks`)."""
        if any(contact.tenant_id != event.tenant_id for contact in self.people):
            raise ValueError("a contact of another tenant cannot be invited")
        if any(not 0 <= quota <= MOST_NAMED for quota in self.quotas.values()):
            raise ValueError(f"an organisation names at most {MOST_NAMED} people")
        found = checks.refusals(event, self.people, self.notes, greeting=self.note, quotas=self.quotas)
        checks.refuse_if(found)


@dataclass(frozen=True)
class Arranged:
    """What came of it: how many people, in which wave (None when all were asked already), and when (None: at once)."""

    number: int
    wave: Wave | None = None
    due_at: dt.datetime | None = None


def arrange(
    event: Event,
    *,
    by: User,
    contacts: Iterable[Contact],
    timing: Timing,
    quotas: Mapping[int, int] | None = None,
    note: str = "",
    notes: Mapping[int, str] | None = None,
) -> Arranged:
    """Sends to `contacts` now, plans a wave of them, or adds them to a planned one, as `timing` says.

    Who is invited or planned already is left out, so a second call (double click, two tabs) does nothing more.
    `quotas`, `note` and `notes` as for `invite`; who joins a wave gets `note` as a note to one. Raises NotInvitable,
    NotPlanned when the wave to join went out meanwhile, Refused and ValueError as `invite` does.
    """
    if not invitable(event):
        raise NotInvitable
    asked = Asked(tuple(one for one in contacts if one.email), dict(quotas or {}), note, dict(notes or {}))
    asked.check(event)
    try:
        if timing.joins:
            return _join(timing.joins, by, asked)
        if timing.due_at is None:
            return _send_at_once(event, by, asked, timing)
        return _plan(event, by, asked, timing)
    except _Nobody:
        return Arranged(0)


@transaction.atomic
def move(wave: Wave, *, by: User, timing: Timing) -> Wave:
    """Gives a planned wave another time; the waves that follow it move along. The same time again changes nothing.

    Raises NotPlanned; ValueError for a `timing` without a time, or one that counts from this wave or a later one.
    """
    if timing.due_at is None or (timing.after and timing.after.number >= wave.number):
        raise ValueError("a wave is moved to a time, or to days after an earlier wave")
    facts: dict[str, Any] = {
        "due_at": timing.due_at,
        "in_quiet_hours": timing.in_quiet_hours,
        "after": timing.after,
        "after_days": timing.after_days,
    }
    if all(getattr(wave, name) == value for name, value in facts.items()):
        return wave
    change(wave, **facts)
    wave.refresh_from_db()
    keep_in_step(wave)
    note_down("moved", wave, by)
    return wave


@transaction.atomic
def call_off(wave: Wave, *, by: User) -> None:
    """Nobody is asked by it any more. The waves that follow it keep the time they had. Raises NotPlanned."""
    change(wave, state=Wave.State.CALLED_OFF, settled_at=timezone.now())
    wave.followers.update(after=None, after_days=None)
    note_down("called_off", wave, by)


@transaction.atomic
def take_out(wave: Wave, *, by: User, members: Iterable[int]) -> int:
    """Takes members (their ids) out of a planned wave; returns how many that were. Raises NotPlanned."""
    change(wave, number=F("number"))
    gone, _what = WaveMember.objects.of(wave.tenant_id).filter(wave=wave, pk__in=list(members)).delete()
    if gone:
        note_down("shortened", wave, by)
    return gone


def _send_at_once(event: Event, by: User, asked: Asked, timing: Timing) -> Arranged:
    now = timezone.now()
    sent = {"state": Wave.State.SENT, "due_at": now, "settled_at": now, "in_quiet_hours": True}
    with transaction.atomic():
        wave = _new(event, by, timing, asked.note, **sent)
        new = invite(
            event,
            by=by,
            contacts=asked.people,
            wave=wave,
            note=asked.note,
            notes=asked.notes,
            quotas=asked.quotas,
        )
        if not new:
            raise _Nobody
        return Arranged(new, wave)


def _plan(event: Event, by: User, asked: Asked, timing: Timing) -> Arranged:
    """The wave's row comes first: who plans at the same time waits for it, and then sees its members."""
    facts = {name: getattr(timing, name) for name in ("due_at", "in_quiet_hours", "after", "after_days")}
    with transaction.atomic():
        wave = _new(event, by, timing, asked.note, **facts)
        number = _add(wave, asked)
        note_down("planned", wave, by)
        return Arranged(number, wave, wave.due_at)


@transaction.atomic
def _join(wave: Wave, by: User, asked: Asked) -> Arranged:
    """The wave's own note stays; what was written to those who join goes to each of them."""
    change(wave, number=F("number"))
    greeting = "" if asked.note == wave.note else asked.note
    notes = {one.pk: joined(asked.notes.get(one.pk, ""), greeting) for one in asked.people}
    number = _add(wave, replace(asked, notes=notes))
    note_down("extended", wave, by)
    wave.refresh_from_db()
    return Arranged(number, wave, wave.due_at)


def _add(wave: Wave, asked: Asked) -> int:
    """Raises _Nobody, which takes back what was written, when all of them are invited or planned already."""
    invited = Invitation.objects.of(wave.tenant_id).valid().filter(event=wave.event_id)
    planned = WaveMember.objects.of(wave.tenant_id).filter(
        wave__event=wave.event_id, wave__state=Wave.State.PLANNED
    )
    taken = {*invited.values_list("contact_id", flat=True), *planned.values_list("contact_id", flat=True)}
    rows = [
        WaveMember(
            tenant_id=wave.tenant_id,
            wave=wave,
            contact=one,
            quota=asked.quotas.get(one.pk, 0),
            note=asked.notes.get(one.pk, ""),
        )
        for one in asked.people
        if one.pk not in taken
    ]
    if not rows:
        raise _Nobody
    WaveMember.objects.of(wave.tenant_id).bulk_create(rows)
    return len(rows)


def _new(event: Event, by: User, timing: Timing, note: str, **facts: object) -> Wave:
    """A wave with the next free number. Who takes the number at the same time waits, and gets the one after."""
    rows = Wave.objects.of(event.tenant_id)
    for _turn in range(TURNS):
        last = rows.filter(event=event).aggregate(last=Max("number"))["last"] or 0
        wave = Wave(
            tenant_id=event.tenant_id,
            event=event,
            number=last + 1,
            name=timing.name,
            note=note,
            created_by=by,
            **facts,
        )
        try:
            with transaction.atomic():
                wave.save()
        except IntegrityError:
            continue
        return wave
    raise RuntimeError("a wave found no number")


def change(wave: Wave, *, due_by: dt.datetime | None = None, **facts: object) -> None:
    """Writes to a wave that is still planned (and still due at `due_by`). Raises NotPlanned."""
    rows = Wave.objects.of(wave.tenant_id).planned().filter(pk=wave.pk)
    if due_by:
        rows = rows.filter(due_at__lte=due_by)
    if not rows.update(**facts):
        raise NotPlanned


def keep_in_step(wave: Wave) -> None:
    """The planned waves that count from `wave` get their new time, and those that count from them."""
    followers = wave.followers.filter(state=Wave.State.PLANNED).select_related("event__tenant")
    for follower in followers.order_by("number"):
        due_at = days_after(
            wave, follower.after_days or 0, follower.event, in_quiet_hours=follower.in_quiet_hours
        )
        rows = Wave.objects.of(wave.tenant_id).planned().filter(pk=follower.pk)
        if due_at != follower.due_at and rows.update(due_at=due_at):
            follower.due_at = due_at
            keep_in_step(follower)


def note_down(action: str, wave: Wave, by: User | None) -> None:
    audit.record(f"wave.{action}", wave, by=by, title=wave.event.title, number=wave.number)


audit.register(
    {
        "wave.planned": _("%(who)s planned wave %(number)s of the invitations to “%(title)s”."),
        "wave.extended": _("%(who)s added people to wave %(number)s of the invitations to “%(title)s”."),
        "wave.shortened": _("%(who)s took people out of wave %(number)s of the invitations to “%(title)s”."),
        "wave.moved": _("%(who)s moved wave %(number)s of the invitations to “%(title)s”."),
        "wave.called_off": _("%(who)s called off wave %(number)s of the invitations to “%(title)s”."),
        "wave.stopped": _(
            "%(who)s did not send wave %(number)s of the invitations to “%(title)s”: it was not open any more."
        ),
    }
)

"""Asking people to an event, and taking the question back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.models import Contact
from events.gatherings.agenda import keep_as_invited
from events.gatherings.freeing import seats_freed
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations import checks
from invites.invitations.drafting.notes import joined
from invites.invitations.joining import invited
from invites.invitations.models import Invitation
from invites.invitations.truth import MAILS
from invites.invitations.waves.models import Wave
from invites.post import outbox
from invites.post.letters import deadlines

BATCH = 500  # rows a statement
MOST_NAMED = 20  # people whom one organisation names itself
TURNS = 200  # a lost turn means that an answer of the same invitee got in, so this is never reached


class NotInvitable(Exception):
    """The event is not published, or has begun."""


class Locked(NotInvitable):
    """The event is locked: nothing goes out until it is unlocked."""


class _Overtaken(Exception):
    """What we read before the transaction is no longer so."""


def invitable(event: Event) -> bool:
    return event.state == Event.State.PUBLISHED and not event.has_begun and not event.is_locked


def give_up_at(event: Event) -> dt.datetime | None:
    """When an invitation mail is no use any more: two hours before the start, or at the start when that is near."""
    return deadlines(event.starts_at)["give_up_at"]


@transaction.atomic
def invite(
    event: Event,
    *,
    by: User | None,
    contacts: Iterable[Contact],
    wave: Wave | None = None,
    note: str = "",
    notes: Mapping[int, str] | None = None,
    quotas: Mapping[int, int] | None = None,
    due_at: dt.datetime | None = None,
) -> int:
    """Invites each of `contacts` that has an e-mail address and is not invited yet; returns how many that were.

    The one door: invitations with their links, their mails (due at `due_at`, now when None) and one audit row. By
    contact id, `quotas` says how many people an organisation may name itself (1 to MOST_NAMED; who is not in it is
    asked in person), and `notes` what is written to one of them; `note` goes to all. Quiet hours and the time of a wave
    are the caller's (`waves.services.arrange`).

    A second call, also at the same time (double click, reload, two tabs), invites and sends nothing more. Whoever was
    withdrawn before is invited anew, with another link. Raises NotInvitable; Refused when the words would not do (see
    `checks`); ValueError for a contact or a wave of another tenant or event, and for a quota out of range.
    """
    current = Event.objects.of(event.tenant_id).select_related("tenant").get(pk=event.pk)
    if not invitable(current):
        raise Locked if current.is_locked else NotInvitable
    if wave and (wave.tenant_id, wave.event_id) != (current.tenant_id, current.pk):
        raise ValueError("the wave belongs to another event")
    people, quotas, to_one = _askable(current, contacts), quotas or {}, notes or {}
    checks.refuse_if(checks.refusals(current, people, to_one, greeting=note, quotas=quotas))
    said = {one.pk: joined(to_one.get(one.pk, ""), note) for one in people}
    rows = [
        _row(current, one, quotas.get(one.pk, 0), invited_by=by, wave=wave, note=said[one.pk])
        for one in people
    ]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    new = outbox.enqueue(
        "invitation",
        tenant=current.tenant,
        items=_written(current, rows),
        revision=current.sequence,
        due_at=due_at,
        give_up_at=give_up_at(current),
    )
    if new:
        keep_as_invited(current)
        invited(current)
        audit.record("event.invited", current, by=by, title=current.title, number=new)
    return new


def withdraw(invitation: Invitation, *, by: User | None) -> bool:
    """Takes an invitation back: its link is dead at once, its seat free, its unsent mail cancelled.

    Returns False, and changes nothing, when it was withdrawn before. The invitee is told nothing; that is the
    organiser's to do. The answers stay as history.
    """
    for _turn in range(TURNS):
        if invitation.revoked_at:
            return False
        try:
            return _withdraw(invitation, by)
        except _Overtaken:
            rows = Invitation.objects.of(invitation.tenant_id).select_related("event")
            invitation = rows.get(pk=invitation.pk)
    raise RuntimeError("a withdrawal found no turn")


def _askable(event: Event, contacts: Iterable[Contact]) -> list[Contact]:
    """Sorted by id: two calls at the same time then wait for each other in one order, never in a ring.

    Whoever asked not to be invited any more, or was erased, is left out; the pages say so beside the name.
    """
    people = sorted(contacts, key=lambda contact: contact.pk)
    if any(contact.tenant_id != event.tenant_id for contact in people):
        raise ValueError("a contact of another tenant cannot be invited")
    return [contact for contact in people if contact.email and not contact.opted_out_at]


def _row(event: Event, contact: Contact, quota: int, **facts: Any) -> Invitation:
    if not 0 <= quota <= MOST_NAMED:
        raise ValueError(f"an organisation names at most {MOST_NAMED} people")
    row = Invitation(
        tenant_id=event.tenant_id,
        event=event,
        contact=contact,
        language=contact.language,
        for_organisation=quota > 0,
        quota=quota or 1 + event.companions,
        unlisted=contact.unlisted,
        **facts,
    )
    row.seal()
    return row


def _written(event: Event, rows: Sequence[Invitation]) -> list[tuple[int, str]]:
    """(id, address) of those of `rows` that were written: the others' contacts had an invitation already."""
    items: list[tuple[int, str]] = []
    for start in range(0, len(rows), BATCH):
        hashes = [row.token_hash for row in rows[start : start + BATCH]]
        written = Invitation.objects.of(event.tenant_id).filter(event=event, token_hash__in=hashes)
        items += written.order_by("pk").values_list("pk", "contact__email")
    return items


@transaction.atomic
def _withdraw(invitation: Invitation, by: User | None) -> bool:
    """The event before the invitation, as when answering, so that the two never wait for each other in a ring."""
    now, tenant = timezone.now(), invitation.tenant_id
    if seats := invitation.seats:
        events = Event.objects.of(tenant).filter(pk=invitation.event_id)
        events.update(seats_taken=Greatest(F("seats_taken") - seats, 0))
    as_read = Invitation.objects.of(tenant).filter(
        pk=invitation.pk,
        reply=invitation.reply,
        replied_at=invitation.replied_at,
        party=invitation.party,
        offered_until=invitation.offered_until,
        revoked_at__isnull=True,
    )
    if not as_read.update(revoked_at=now, offered_until=None):
        raise _Overtaken
    if seats:
        seats_freed(invitation.event)
    outbox.cancel_unsent(
        tenant=tenant,
        kinds=MAILS,
        subject_ids=[invitation.pk],
        why="the invitation was withdrawn",
    )
    audit.record("invitation.withdrawn", invitation, by=by, title=invitation.event.title)
    return True


audit.register(
    {
        "event.invited": _("%(who)s sent %(number)s invitations to “%(title)s”."),
        "invitation.withdrawn": _("%(who)s withdrew an invitation to “%(title)s”."),
        "invitations.exported": _("%(who)s exported the guest list of “%(title)s”."),
    }
)

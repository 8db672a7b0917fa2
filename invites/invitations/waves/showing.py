"""The waves of an event in words, for their pages. Read only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from invites.invitations import words
from invites.invitations.checks import Refusal, refusals
from invites.invitations.models import Invitation
from invites.invitations.waves.models import Wave, WaveMember

if TYPE_CHECKING:
    from events.tenancy.scoping import TenantQuerySet
    from invites.invitations.waves.models import WaveQuerySet

COLOURS = {Wave.State.PLANNED: "info", Wave.State.SENT: "success", Wave.State.STOPPED: "warning"}


@dataclass(frozen=True)
class Line:
    """One wave: what it is called, when, whom, and what is to be known about it."""

    pk: int
    title: str
    state: str
    colour: str
    when: str
    people: str
    planned: bool
    warning: str


def waves(event: Event) -> "WaveQuerySet":
    """The event's waves with the numbers of their people: planned ones have members, sent ones invitations."""
    return (
        Wave.objects.of(event.tenant_id)
        .filter(event=event)
        .select_related("after")
        .annotate(
            planned_for=Count("members", distinct=True),
            invited=Count("invitations", filter=Q(invitations__revoked_at__isnull=True), distinct=True),
        )
        .order_by("number")
    )


def planned(tenant: Tenant) -> "WaveQuerySet":
    """The tenant's waves that are still to go out, the first one first, with their meetings."""
    ahead = Q(event__state=Event.State.PUBLISHED, event__starts_at__gt=timezone.now())
    return Wave.objects.of(tenant).planned().filter(ahead).select_related("event").order_by("due_at", "pk")


def lines(event: Event, rows: Iterable[Any]) -> list[Line]:
    return [line(event, row) for row in rows]


def line(event: Event, wave: Any) -> Line:
    """`wave` is a row of `waves`."""
    planned = wave.state == Wave.State.PLANNED
    return Line(
        pk=wave.pk,
        title=str(wave),
        state=str(wave.get_state_display()),
        colour=COLOURS.get(wave.state, "neutral"),
        when=_when(event, wave),
        people=_people(wave),
        planned=planned,
        warning=warning(event, wave) if planned else "",
    )


def warning(event: Event, wave: Wave) -> str:
    """What is to be known about a planned wave; "" when all is well."""
    return trouble(event, wave.due_at) or _held_back(wave)


def trouble(event: Event, due_at: dt.datetime) -> str:
    """Why a wave planned for `due_at` will reach nobody, or nobody in time; "" when all is well."""
    if event.state == Event.State.CANCELLED:
        return _("The meeting is cancelled, so nothing is sent.")
    if event.state != Event.State.PUBLISHED or event.has_begun:
        return _("The meeting has begun or is over, so nothing is sent.")
    if event.starts_at and due_at >= event.starts_at:
        return _("The meeting has begun by then, so nothing would be sent. Move the wave.")
    if event.answer_by and due_at > event.answer_by:
        return _("The answer deadline is before that, so nobody could answer. Move the wave or the deadline.")
    return ""


def _held_back(wave: Wave) -> str:
    if wave.held_at is None or wave.due_at > timezone.now():
        return ""
    return _("It is due, but something has to be put right before it can be sent.")


def reasons(wave: Wave) -> list[Refusal]:
    """Why a wave that is due was held back, as things stand now; nothing for any other."""
    if not _held_back(wave):
        return []
    rows = list(wave.members.select_related("contact__organisation"))
    notes = {row.contact_id: row.note for row in rows if row.note}
    quotas = {row.contact_id: row.quota for row in rows if row.quota}
    people = [row.contact for row in rows if row.contact.email]
    return refusals(wave.event, people, notes, greeting=wave.note, quotas=quotas)


def members(wave: Wave) -> "TenantQuerySet[WaveMember]":
    """Those of a planned wave. `invited`: True for who holds an invitation by now, and will get no other."""
    asked = (
        Invitation.objects.of(wave.tenant_id).valid().filter(event=wave.event_id, contact=OuterRef("contact"))
    )
    rows = WaveMember.objects.of(wave.tenant_id).filter(wave=wave)
    rows = rows.select_related("contact__organisation").annotate(invited=Exists(asked))
    return rows.order_by("contact__organisation__name", "contact__name", "pk")


def invited(wave: Wave) -> "TenantQuerySet[Invitation]":
    """The valid invitations that the wave made."""
    rows = Invitation.objects.of(wave.tenant_id).valid().filter(wave=wave)
    return rows.select_related("contact__organisation").order_by(
        "contact__organisation__name", "contact__name", "pk"
    )


def _when(event: Event, wave: Any) -> str:
    at = {"when": words.moment(event.local(wave.settled_at or wave.due_at))}
    if wave.state == Wave.State.SENT:
        return _("Sent %(when)s") % at
    if wave.state == Wave.State.CALLED_OFF:
        return _("Called off %(when)s") % at
    if wave.state == Wave.State.STOPPED:
        return _("Not sent %(when)s: the meeting was cancelled or had begun") % at
    if wave.after is None:
        return _("Goes out %(when)s") % at
    text = ngettext(
        "Goes out %(when)s, %(days)s day after wave %(number)s",
        "Goes out %(when)s, %(days)s days after wave %(number)s",
        wave.after_days,
    )
    return text % {**at, "days": wave.after_days, "number": wave.after.number}


def _people(wave: Any) -> str:
    if wave.state == Wave.State.SENT:
        text = ngettext("%(number)s invited", "%(number)s invited", wave.invited)
        return text % {"number": wave.invited}
    text = ngettext("%(number)s contact", "%(number)s contacts", wave.planned_for)
    return text % {"number": wave.planned_for}

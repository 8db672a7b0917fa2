"""Sending waves that are due, or early: a planned list of people becomes invitations (ADR 0012)."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from events.directory.models import Contact
from events.tenancy.models import User
from events.tenancy.quiet import earliest
from invites.invitations.checks import Refused
from invites.invitations.services import Locked, NotInvitable, invite
from invites.invitations.waves.models import Wave, WaveMember
from invites.invitations.waves.services import NotPlanned, change, keep_in_step, note_down

log = logging.getLogger(__name__)


def send_early(wave: Wave, *, by: User) -> int:
    """Sends a planned wave now; returns how many were invited. Raises NotPlanned, NotInvitable, Refused (and changes
    nothing).
    """
    return _send(wave, early=True)


def send_due() -> int:
    """Sends what is due, in all tenants; returns how many were invited. May run at any time, twice, and at once."""
    waves = Wave.objects.across_tenants("the clock ticks for all tenants").due()
    return sum(_send_or_log(wave) for wave in waves.select_related("event__tenant", "created_by"))


def _send_or_log(wave: Wave) -> int:
    """One wave that fails holds up no other; it stays planned and is tried again."""
    try:
        return _send(wave)
    except (NotPlanned, Locked):
        return 0
    except Refused:
        rows = Wave.objects.of(wave.tenant_id).planned().filter(pk=wave.pk)
        rows.update(held_at=timezone.now())
        return 0
    except Exception:
        log.exception("wave %s could not be sent", wave.pk)
        return 0


@transaction.atomic
def _send(wave: Wave, *, early: bool = False) -> int:
    """Claims the wave by a conditional UPDATE, then invites: all or nothing, so it stays planned if a worker dies."""
    now = timezone.now()
    if not early and not wave.in_quiet_hours and _put_off(wave, now):
        return 0
    change(wave, due_by=None if early else now, state=Wave.State.SENT, settled_at=now)
    wave.state, wave.settled_at = Wave.State.SENT, now
    keep_in_step(wave)
    try:
        return _invite(wave)
    except NotInvitable as refused:
        if early or isinstance(refused, Locked):  # locked just now: it stays planned
            raise
        _stop(wave)
        return 0


def _invite(wave: Wave) -> int:
    members = list(WaveMember.objects.of(wave.tenant_id).filter(wave=wave))
    people = Contact.objects.of(wave.tenant_id).reachable().filter(pk__in=[one.contact_id for one in members])
    return invite(
        wave.event,
        by=wave.created_by,
        contacts=people,
        wave=wave,
        note=wave.note,
        notes={one.contact_id: one.note for one in members if one.note},
        quotas={one.contact_id: one.quota for one in members},
    )


def _put_off(wave: Wave, now: dt.datetime) -> bool:
    """A wave that comes late, because no worker ran, does not go out at night either."""
    later = earliest(now, wave.event.tenant)
    if later > now:
        change(wave, due_at=later)
    return later > now


def _stop(wave: Wave) -> None:
    Wave.objects.of(wave.tenant_id).filter(pk=wave.pk).update(state=Wave.State.STOPPED)
    note_down("stopped", wave, None)

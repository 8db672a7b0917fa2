"""Opens minutes from their event, and saves what is written while they are a draft."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from minutes.records.attending import attendance_of, walk_ins_of
from minutes.records.content import Content
from minutes.records.identity_numbers import holds_identity_number
from minutes.records.models import Attendance, Minutes, MinutesItem
from minutes.records.refusals import ChangedMeanwhile, IdentityNumber, Locked, NotAllowed
from minutes.records.writing import write

JUST_NOW = dt.timedelta(minutes=10)


@transaction.atomic
def open_minutes(event: Event, *, by: User | None) -> Minutes:
    """The minutes of `event`, made when there are none: one item for each programme item, attendance from the answers
    (of the people an organisation named, where it named some) and from the door, where somebody was ticked there.

    Called again it makes nothing twice and takes in what is new. Until somebody has saved by hand, it also follows
    changed answers, new arrivals and a changed programme; after that it only adds. Raises NotAllowed for drafts and
    cancelled events.
    """
    if event.state not in (Event.State.PUBLISHED, Event.State.HELD):
        raise NotAllowed(
            gettext("Minutes can be opened when the meeting is published, and not after a cancellation.")
        )
    minutes, made = Minutes.objects.of(event.tenant_id).get_or_create(
        event=event, defaults={"tenant_id": event.tenant_id, "author": by}
    )
    minutes = Minutes.objects.of(event.tenant_id).select_for_update().get(pk=minutes.pk)
    minutes.event = event  # locked: two who open at the same time take nobody in twice
    if minutes.is_editable:
        _take_in_programme(minutes, event)
        _take_in_people(minutes)
    if made:
        audit.record("minutes.opened", minutes, by=by, title=event.title)
    return minutes


@transaction.atomic
def save(
    minutes: Minutes, *, by: User | None, revision: int, content: Content, by_itself: bool = False
) -> Minutes:
    """Writes `content`; rows it does not name stay. `revision` is the one the writer saw. What the page saves
    `by_itself` is audited once in ten minutes for each writer.

    Raises Locked unless the minutes are a draft, ChangedMeanwhile when somebody saved after `revision`,
    IdentityNumber for a national identity number in any text. Nothing is written then. The second of two equal
    calls raises ChangedMeanwhile.
    """
    _refuse_identity_numbers(content)
    drafts = Minutes.objects.of(minutes.tenant_id).drafts()
    if not drafts.filter(pk=minutes.pk, revision=revision).update(revision=F("revision") + 1):
        minutes.refresh_from_db()
        if minutes.is_editable:
            raise ChangedMeanwhile
        raise Locked(approved=minutes.state == Minutes.State.APPROVED)
    write(minutes, content)
    minutes.refresh_from_db()
    if not (by_itself and _is_known(minutes, by)):
        audit.record("minutes.changed", minutes, by=by, title=minutes.event.title)
    return minutes


def _is_known(minutes: Minutes, by: User | None) -> bool:
    """Whether the latest that the trail says of these minutes is that the same person wrote in them just now."""
    last = audit.AuditEntry.objects.of(minutes.tenant_id).about(minutes).first()
    is_theirs = (
        last is not None and last.action == "minutes.changed" and last.actor_id == (by.pk if by else None)
    )
    return last is not None and is_theirs and last.at > timezone.now() - JUST_NOW


def _refuse_identity_numbers(content: Content) -> None:
    for section, rows in content.sections():
        for row in rows:
            for field, value in row.items():
                if isinstance(value, str) and field != "base" and holds_identity_number(value):
                    raise IdentityNumber(section, field)


def _take_in_programme(minutes: Minutes, event: Event) -> None:
    items = MinutesItem.objects.of(minutes.tenant_id).filter(minutes=minutes)
    if minutes.revision == 0:
        items.delete()
    known = {(item.programme_item_id, item.title) for item in items.all()}
    ids, titles = {pk for pk, _title in known}, {title for _pk, title in known}
    programme = [item for item in event.programme.all() if item.pk not in ids and item.title not in titles]
    new = [
        MinutesItem(
            tenant_id=minutes.tenant_id,
            minutes=minutes,
            programme_item=item,
            title=item.title,
            level=item.level,
        )
        for item in programme
    ]
    if not new and not known:
        with translation.override(event.language):
            title = gettext("General")
        new = [MinutesItem(tenant_id=minutes.tenant_id, minutes=minutes, title=title)]
    for position, item in enumerate(new, start=len(known) + 1):
        item.position = position
    items.bulk_create(new)


def _take_in_people(minutes: Minutes) -> None:
    rows = Attendance.objects.of(minutes.tenant_id).filter(minutes=minutes)
    if minutes.revision == 0:
        rows.delete()
        minutes.walk_ins_taken_in = []
    walk_ins = walk_ins_of(minutes)
    known = {_same(one) for one in rows}
    new = [*attendance_of(minutes), *walk_ins.values()]
    rows.bulk_create([one for one in new if _same(one) not in known])
    if walk_ins:
        minutes.walk_ins_taken_in = [*minutes.walk_ins_taken_in, *walk_ins]
        minutes.save(update_fields=["walk_ins_taken_in"])


def _same(one: Attendance) -> tuple[object, ...]:
    """What makes two rows one person; a walk-in has nothing but the name."""
    if one.invitation_id:
        return one.invitation_id, one.position
    return one.name.casefold(), one.organisation.casefold()


audit.register(
    {
        "minutes.opened": _("%(who)s opened the minutes of “%(title)s”."),
        "minutes.changed": _("%(who)s wrote in the minutes of “%(title)s”."),
    }
)

"""Opens minutes from their event, and saves what is written while they are a draft."""

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations.models import Invitation, Reply
from minutes.records.content import Content
from minutes.records.identity_numbers import holds_identity_number
from minutes.records.models import Attendance, Minutes, MinutesItem
from minutes.records.refusals import ChangedMeanwhile, IdentityNumber, Locked, NotAllowed
from minutes.records.writing import write

STATUS_OF_REPLY = {
    Reply.ACCEPTED: Attendance.Status.PRESENT,
    Reply.DECLINED: Attendance.Status.EXCUSED,
}


@transaction.atomic
def open_minutes(event: Event, *, by: User | None) -> Minutes:
    """The minutes of `event`, made when there are none: one item for each programme item, attendance from the answers
    (of the people an organisation named, where it named some).

    Called again it makes nothing twice and takes in what is new. Until somebody has saved by hand, it also
    follows changed answers and a changed programme; after that it only adds. Raises NotAllowed for drafts and
    cancelled events.
    """
    if event.state not in (Event.State.PUBLISHED, Event.State.HELD):
        raise NotAllowed(
            gettext("Minutes can be opened when the meeting is published, and not after a cancellation.")
        )
    minutes, made = Minutes.objects.of(event.tenant_id).get_or_create(
        event=event, defaults={"tenant_id": event.tenant_id, "author": by}
    )
    if minutes.is_editable:
        _take_in_programme(minutes, event)
        _take_in_answers(minutes, event)
    if made:
        audit.record("minutes.opened", minutes, by=by, title=event.title)
    return minutes


@transaction.atomic
def save(minutes: Minutes, *, by: User | None, revision: int, content: Content) -> Minutes:
    """Writes `content`; rows it does not name stay. `revision` is the one the writer saw.

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
    audit.record("minutes.changed", minutes, by=by, title=minutes.event.title)
    return minutes


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
        MinutesItem(tenant_id=minutes.tenant_id, minutes=minutes, programme_item=item, title=item.title)
        for item in programme
    ]
    if not new and not known:
        with translation.override(event.language):
            title = gettext("General")
        new = [MinutesItem(tenant_id=minutes.tenant_id, minutes=minutes, title=title)]
    for position, item in enumerate(new, start=len(known) + 1):
        item.position = position
    items.bulk_create(new)


def _take_in_answers(minutes: Minutes, event: Event) -> None:
    rows = Attendance.objects.of(minutes.tenant_id).filter(minutes=minutes)
    if minutes.revision == 0:
        rows.delete()
    known = set(rows.values_list("invitation_id", "position"))
    asked = Invitation.objects.of(minutes.tenant_id).valid().filter(event=event)
    asked = asked.select_related("contact__organisation").prefetch_related("representatives")
    people = [one for invitation in asked for one in _attendances(minutes, invitation)]
    rows.bulk_create([one for one in people if (one.invitation_id, one.position) not in known])


def _attendances(minutes: Minutes, invitation: Invitation) -> list[Attendance]:
    """The invitee with companions, or in the invitee's place the people whom an organisation named with its yes."""
    comes = invitation.reply == Reply.ACCEPTED
    named = list(invitation.representatives.all()) if comes else []
    others = [_attendance(minutes, invitation, one.name, position=one.position) for one in named]
    if others and invitation.for_organisation:
        return others
    return [_attendance(minutes, invitation, invitation.contact.name), *others]


def _attendance(minutes: Minutes, invitation: Invitation, name: str, *, position: int = 0) -> Attendance:
    organisation = invitation.contact.organisation
    return Attendance(
        tenant_id=minutes.tenant_id,
        minutes=minutes,
        invitation=invitation,
        position=position,
        name=name,
        organisation=organisation.name if organisation else "",
        organisation_kind=organisation.kind if organisation else "",
        status=STATUS_OF_REPLY.get(Reply(invitation.reply), Attendance.Status.ABSENT)
        if invitation.reply
        else Attendance.Status.ABSENT,
    )


audit.register(
    {
        "minutes.opened": _("%(who)s opened the minutes of “%(title)s”."),
        "minutes.changed": _("%(who)s wrote in the minutes of “%(title)s”."),
    }
)

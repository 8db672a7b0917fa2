"""Who was there, as far as it is known when minutes are opened: from the answers, and from the ticks at the door."""

from collections.abc import Iterator, Set

from django.utils import translation

from events.directory.models import Organisation
from events.gatherings.visibility import line
from invites.answers.door.lines import people_of
from invites.answers.door.models import Arrival, ArrivalQuerySet
from invites.invitations.models import Invitation, Mode, Reply
from minutes.records.models import Attendance, Minutes

STATUS_OF_REPLY = {
    Reply.ACCEPTED: Attendance.Status.PRESENT,
    Reply.DECLINED: Attendance.Status.EXCUSED,
}
Key = tuple[int, int]  # invitation and position


def attendance_of(minutes: Minutes) -> list[Attendance]:
    """Rows to make of who was asked, unsaved. Once anybody of the list was ticked at the door, who said yes and was
    not is absent."""
    event = minutes.event
    came = set(_present(minutes).expected().values_list("invitation_id", "position"))
    asked = Invitation.objects.of(minutes.tenant_id).valid().filter(event=event)
    asked = asked.select_related("contact__organisation", "stands_in_for__contact").prefetch_related(
        "representatives"
    )
    with translation.override(event.language):  # guests nobody named are called after whom they came with
        return [one for invitation in asked for one in _people(minutes, invitation, came)]


def walk_ins_of(minutes: Minutes) -> dict[int, Attendance]:
    """Rows to make of who came without being on the list, unsaved, by the number of the arrival. Those that were
    taken in before are left out: the minute-taker may have corrected or removed them since."""
    arrivals = _present(minutes).walk_ins().exclude(pk__in=minutes.walk_ins_taken_in)
    return {one.pk: _walk_in(minutes, one) for one in arrivals}


def _present(minutes: Minutes) -> ArrivalQuerySet:
    return Arrival.objects.of(minutes.tenant_id).present().filter(event=minutes.event)


def _people(minutes: Minutes, invitation: Invitation, came: Set[Key]) -> Iterator[Attendance]:
    """The invitee with companions, or in the invitee's place the people who came for an organisation; guests whom
    nobody named are listed when they came."""
    comes = invitation.reply == Reply.ACCEPTED
    named = {one.position: one.name for one in invitation.representatives.all()} if comes else {}
    guests = dict(people_of(invitation)) if comes else {}
    arrived = {position: name for position, name in guests.items() if (invitation.pk, position) in came}
    others = {position: name for position, name in (arrived | named).items() if position}
    if not (others and invitation.for_organisation):
        others[0] = invitation.contact.name
    for position, name in sorted(others.items()):
        status = _status(invitation, position, came)
        yield _attendance(minutes, invitation, name, position=position, status=status)


def _status(invitation: Invitation, position: int, came: Set[Key]) -> str:
    """The door knows nothing of who takes part online."""
    if (invitation.pk, position) in came:
        return Attendance.Status.PRESENT
    if came and invitation.reply == Reply.ACCEPTED and invitation.mode != Mode.ONLINE:
        return Attendance.Status.ABSENT
    status = STATUS_OF_REPLY.get(Reply(invitation.reply)) if invitation.reply else None
    return status or Attendance.Status.ABSENT


def _attendance(
    minutes: Minutes, invitation: Invitation, name: str, *, position: int, status: str
) -> Attendance:
    organisation = invitation.contact.organisation
    return Attendance(
        tenant_id=minutes.tenant_id,
        minutes=minutes,
        invitation=invitation,
        position=position,
        name=name,
        organisation=organisation.name if organisation else "",
        organisation_kind=organisation.kind if organisation else "",
        status=status,
        substitute_for=_stood_in_for(invitation) if not position else "",
    )


def _stood_in_for(invitation: Invitation) -> str:
    return invitation.stands_in_for.contact.name if invitation.stands_in_for else ""


def _walk_in(minutes: Minutes, arrival: Arrival) -> Attendance:
    organisation = line(arrival.organisation)
    found = Organisation.objects.of(minutes.tenant_id).named(organisation) if organisation else None
    return Attendance(
        tenant_id=minutes.tenant_id,
        minutes=minutes,
        name=line(arrival.name),
        organisation=organisation,
        organisation_kind=found.kind if found else "",
        status=Attendance.Status.PRESENT,
    )

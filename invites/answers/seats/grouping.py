"""Which group of the mix each invitation counts for: the first whose rule fits, or as the organiser said by hand."""

from events.directory.models import Contact
from events.gatherings.models import Event
from invites.answers.seats import placing
from invites.answers.seats.models import SeatGroup
from invites.invitations import joining
from invites.invitations.models import Invitation, InvitationQuerySet


class TooManyInGroup(Exception):
    """More seats are held in a group than it may have. Nothing was written."""

    def __init__(self, group: SeatGroup, taken: int) -> None:
        super().__init__(group.pk, taken)
        self.group, self.taken = group, taken


@joining.register
def place_new(event: Event) -> None:
    """Puts those newly invited into their groups; they hold no seats yet. One query where there are no groups."""
    rows = Invitation.objects.of(event.tenant_id).valid().filter(event=event, reply="", seat_group=None)
    _place(event, rows)


def regroup(event: Event) -> None:
    """Puts everybody who was not put somewhere by hand into the groups as they are now, and counts their seats anew.

    The caller holds the event's row. Raises TooManyInGroup.
    """
    rows = Invitation.objects.of(event.tenant_id).filter(event=event)
    rows.filter(grouped_by_hand=False).update(seat_group=None)
    _place(event, rows.filter(seat_group=None))
    count(event)


def count(event: Event) -> None:
    """The seats of each group, counted anew. Raises TooManyInGroup. The caller holds the event's row."""
    for group in SeatGroup.objects.of(event.tenant_id).filter(event=event):
        held = Invitation.objects.of(event.tenant_id).filter(seat_group=group).holding_seats()
        taken = sum(held.values_list("party", flat=True))
        if group.most is not None and taken > group.most:
            raise TooManyInGroup(group, taken)
    placing.recount(event)


def _place(event: Event, rows: InvitationQuerySet) -> None:
    for group in SeatGroup.objects.of(event.tenant_id).filter(event=event):
        if rule := group.rule:
            people = Contact.objects.of(event.tenant_id).filter(rule.contacts())
            theirs = rows.filter(grouped_by_hand=False, seat_group=None, contact__in=people)
            ids = list(theirs.values_list("pk", flat=True))
            if ids:
                Invitation.objects.of(event.tenant_id).filter(pk__in=ids).update(seat_group=group)

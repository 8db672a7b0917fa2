"""The list at the door: one line for each person who is expected, and no more about them than a doorkeeper needs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.gatherings.models import Event
from events.gatherings.visibility import line
from invites.answers.door.codes import mark_of
from invites.answers.door.models import Arrival
from invites.invitations.models import Invitation, Mode, Reply


@dataclass(frozen=True)
class Line:
    """`arrived` is on the event's own clock, "" for who has not come. `mark` finds the line by a square code."""

    key: str
    name: str
    organisation: str
    arrived: str
    mark: str


@dataclass(frozen=True)
class DoorList:
    lines: tuple[Line, ...]
    walk_ins: tuple[Line, ...]

    @property
    def came(self) -> int:
        """Of those who were expected."""
        return sum(bool(one.arrived) for one in self.lines)

    def summary(self) -> str:
        expected, came, more = len(self.lines), self.came, len(self.walk_ins)
        said = [
            ngettext("%(n)d expected", "%(n)d expected", expected) % {"n": expected},
            ngettext("%(n)d of them has come", "%(n)d of them have come", came) % {"n": came},
        ]
        if more:
            said.append(ngettext("%(n)d more came", "%(n)d more came", more) % {"n": more})
        return ", ".join(said)


def expected(event: Event) -> list[Invitation]:
    """The invitations whose people come in person, with what their lines need; two queries."""
    coming = Invitation.objects.of(event.tenant_id).coming().filter(event=event).exclude(mode=Mode.ONLINE)
    return list(
        coming.select_related("contact__organisation").prefetch_related("representatives").order_by("pk")
    )


def door_list(event: Event) -> DoorList:
    """Three queries, however many come."""
    arrivals = list(Arrival.objects.of(event.tenant_id).present().filter(event=event))
    came = {one.key: clock(event, one.arrived_at) for one in arrivals}
    lines = [each for one in expected(event) for each in _lines(one, came)]
    walk_ins = [
        Line(one.key, line(one.name), line(one.organisation), clock(event, one.arrived_at), "")
        for one in arrivals
        if one.invitation_id is None
    ]
    return DoorList(tuple(sorted(lines, key=_by_name)), tuple(walk_ins))


def people_of(invitation: Invitation) -> Iterable[tuple[int, str]]:
    """(position, name) of each person the invitation's yes stands for; who was never named comes as a guest."""
    contact, extra = invitation.contact, invitation.party
    host = contact.organisation.name if invitation.for_organisation and contact.organisation else contact.name
    named = {one.position: line(one.name) for one in invitation.representatives.all()}
    if not invitation.for_organisation:
        yield 0, line(contact.name)
        extra -= 1
    for position in range(1, extra + 1):
        yield position, named.get(position) or _("Guest of %(name)s") % {"name": line(host)}


def clock(event: Event, moment: dt.datetime) -> str:
    return f"{event.local(moment):%H:%M}"


def _lines(invitation: Invitation, came: dict[str, str]) -> Iterable[Line]:
    organisation = invitation.contact.organisation
    for position, name in people_of(invitation):
        key = f"{invitation.pk}-{position}"
        yield Line(
            key=key,
            name=name,
            organisation=line(organisation.name) if organisation else "",
            arrived=came.get(key, ""),
            mark=mark_of(invitation),
        )


def _by_name(one: Line) -> tuple[str, str]:
    return one.name.casefold(), one.key


def is_expected(invitation: Invitation, position: int) -> bool:
    return invitation.reply == Reply.ACCEPTED and position in {each for each, _name in people_of(invitation)}

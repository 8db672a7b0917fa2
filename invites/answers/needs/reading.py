"""Opening needs: how many somebody told, the totals for kitchen and venue, and the list by name. Read only."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from events import keyring
from events.gatherings.models import Event
from invites.answers.needs.kinds import NeedKind, Told, unpacked
from invites.answers.needs.models import Need
from invites.invitations.models import Invitation, Reply


@dataclass(frozen=True)
class Total:
    """How many invitations told a need of this kind. `details` are as written, the most frequent first."""

    kind: NeedKind
    number: int
    details: tuple[tuple[str, int], ...]

    @property
    def shows_details(self) -> bool:
        """Languages are told to whoever sees the totals; other details may say who somebody is."""
        return self.kind == NeedKind.INTERPRETER


@dataclass(frozen=True)
class Totals:
    """`closed` counts the invitations whose needs no key at hand opens."""

    rows: tuple[Total, ...]
    told: int
    closed: int


@dataclass(frozen=True)
class Person:
    """One invitation and its needs; `needs` is None when no key at hand opens them."""

    pk: int
    name: str
    organisation: str
    party: int
    needs: tuple[Told, ...] | None


def opened(need: Need) -> tuple[Told, ...] | None:
    """The needs in the row; None when no key at hand opens it."""
    try:
        return unpacked(keyring.unseal(need.sealed, place=need.place))
    except keyring.CannotOpen:
        return None


def number_told(invitation: Invitation) -> int | None:
    """How many needs were told with the invitation: all its own page says of them. None when they cannot be opened.

    One query, none where nothing was told.
    """
    if not invitation.told_more:
        return 0
    need = Need.objects.of(invitation.tenant_id).filter(invitation_id=invitation.pk).first()
    if need is None:
        return 0
    needs = opened(need)
    return None if needs is None else len(needs)


def totals(event: Event) -> Totals:
    """What those who come need, without names. One query."""
    found = [opened(need) for need in _of_those_who_come(event)]
    told = [one for needs in found for one in needs or ()]
    rows = tuple(_total(kind, told) for kind in NeedKind)
    return Totals(tuple(row for row in rows if row.number), len(found), found.count(None))


def people(event: Event) -> list[Person]:
    """The same with names, in the order of the alphabet. Only `services.read` calls it, which leaves an audit row."""
    rows = _of_those_who_come(event).select_related("invitation__contact__organisation")
    return [_person(need) for need in rows.order_by("invitation__contact__name", "invitation_id")]


def _of_those_who_come(event: Event) -> Any:
    rows = Need.objects.of(event.tenant_id).filter(invitation__event=event)
    return rows.filter(invitation__reply=Reply.ACCEPTED, invitation__revoked_at__isnull=True)


def _total(kind: NeedKind, told: list[Told]) -> Total:
    """Details that differ in capital letters only are one, written as it came first."""
    of_kind = [one for one in told if one.kind == kind]
    words = [one.detail for one in of_kind if one.detail]
    spelled = {word.casefold(): word for word in reversed(words)}
    counted = Counter(word.casefold() for word in words)
    details = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return Total(kind, len(of_kind), tuple((spelled[word], number) for word, number in details))


def _person(need: Need) -> Person:
    invitation = need.invitation
    organisation = invitation.contact.organisation
    name = organisation.name if organisation else ""
    return Person(invitation.pk, invitation.contact.name, name, invitation.party, opened(need))

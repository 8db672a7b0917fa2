"""The people whom an invited organisation names itself, or a person brings along: read, and replaced as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from invites.invitations.models import Invitation, Representative


@dataclass(frozen=True)
class Person:
    name: str
    role: str = ""
    email: str = ""


def names_people(invitation: Invitation) -> bool:
    """Whether it may name anybody: an organisation those it sends, a person those who come along."""
    return invitation.for_organisation or invitation.quota > 1


def named(invitation: Invitation) -> tuple[Person, ...]:
    """Who is named now, in the order written; one query, none for somebody who may bring nobody.

    Of a person these are the companions only.
    """
    if not names_people(invitation):
        return ()
    rows = Representative.objects.of(invitation.tenant_id).filter(invitation=invitation).order_by("position")
    return tuple(Person(*row) for row in rows.values_list("name", "role", "email"))


def replace(invitation: Invitation, people: Iterable[Person]) -> None:
    """Writes `people` in the place of those named before. For the transaction that took the answer."""
    rows = Representative.objects.of(invitation.tenant_id)
    rows.filter(invitation=invitation).delete()
    rows.bulk_create(
        Representative(
            tenant_id=invitation.tenant_id,
            invitation=invitation,
            position=position,
            name=one.name,
            role=one.role,
            email=one.email,
        )
        for position, one in enumerate(people, start=1)
    )


def fitting(invitation: Invitation, people: Sequence[Person]) -> tuple[Person, ...]:
    """`people` as a tuple. Raises ValueError for names that this invitation does not ask for, or too many.

    A person's quota counts the person, too.
    """
    if people and not names_people(invitation):
        raise ValueError("only an organisation names people, unless companions are welcome")
    if party(invitation, len(people)) > invitation.quota:
        raise ValueError("more people than the organisation is asked for, or than one may bring")
    return tuple(people)


def party(invitation: Invitation, number: int) -> int:
    """How many come when `number` are named. An organisation that names nobody yet comes with one."""
    return max(number, 1) if invitation.for_organisation else 1 + number

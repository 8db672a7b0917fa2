"""The people whom an invited organisation names itself: read, and replaced as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from invites.invitations.models import Invitation, Representative


@dataclass(frozen=True)
class Person:
    name: str
    role: str = ""
    email: str = ""


def named(invitation: Invitation) -> tuple[Person, ...]:
    """Who is named now, in the order written; one query, none for an invitation to a person."""
    if not invitation.for_organisation:
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
    """`people` as a tuple. Raises ValueError for names that this invitation does not ask for, or too many."""
    if people and not invitation.for_organisation:
        raise ValueError("only an organisation names people")
    if len(people) > invitation.quota:
        raise ValueError("more people than the organisation is asked for")
    return tuple(people)

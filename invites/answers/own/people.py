"""Whoever has an e-mail address, at all tenants: for the operator's commands."""

from collections import Counter
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from events.directory.models import Contact
from invites.answers.own import holdings
from invites.invitations.models import Representative

WHY = "an operator answers for all tenants"


def at(address: str) -> list[Contact]:
    """The contacts with this address now, by tenant."""
    rows = Contact.objects.across_tenants(WHY).filter(email__iexact=address.strip()).exclude(email="")
    return list(rows.select_related("tenant", "organisation", "succeeds").order_by("tenant__slug", "pk"))


def counts(contact: Contact) -> Counter[str]:
    """How many rows each section has."""
    return Counter({section.name: len(section.rows) for section in holdings.sections(contact)})


def named_only(address: str) -> list[dict[str, Any]]:
    """Where an organisation named somebody with this address whom the tenant has no contact of."""
    return [
        {
            "held_by": row.tenant.name,
            "named_by_others": [
                {
                    "meeting": row.invitation.event.title,
                    "name": row.name,
                    "role": row.role,
                    "email": row.email,
                }
            ],
        }
        for row in _named_only(address).select_related("tenant", "invitation__event")
    ]


def loose(address: str, *, erase: bool) -> Counter[str]:
    """How many of `named_only` there are; with `erase` they are emptied. A second call finds none."""
    rows = list(_named_only(address).select_related("tenant"))
    for row in rows if erase else ():
        with translation.override(row.tenant.language):
            row.name = gettext("Erased person")
        row.role = row.email = ""
        row.save()
    return Counter({"named by others alone": len(rows)} if rows else {})


def _named_only(address: str) -> Any:
    known = [contact.tenant_id for contact in at(address)]
    rows = Representative.objects.across_tenants(WHY).filter(email__iexact=address.strip()).exclude(email="")
    return rows.exclude(tenant_id__in=known).order_by("tenant", "pk")

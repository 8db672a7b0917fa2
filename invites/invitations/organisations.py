"""Asking an organisation instead of a person: through one of its contacts, or at its own address."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.directory.models import Contact, Organisation
from events.directory.services import NameTaken, add_contact
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations.choosing import askable, left_to_ask

if TYPE_CHECKING:
    from events.directory.models import ContactQuerySet, OrganisationQuerySet

OWN = "own"  # the organisation's own address


@dataclass(frozen=True)
class Asked:
    """An organisation in the draft: through whom, and how many it names itself."""

    contact: Contact
    quota: int


def matching(event: Event, words: str) -> "OrganisationQuerySet":
    """Organisations of the event's tenant whose names hold all of `words`."""
    return Organisation.objects.of(event.tenant_id).matching(words).order_by("name", "pk")


def through(event: Event, organisation: Organisation) -> list[tuple[str, str]]:
    """(id, words) of whom it can be asked through: its contacts who are not asked yet, then its own address."""
    free, own = left_to_ask(event).filter(organisation=organisation), own_contacts(organisation).first()
    people = free.exclude(pk=own.pk) if own else free
    found = [(str(one.pk), f"{_with_role(one)} ({one.email})") for one in people]
    if organisation.email and (own is None or free.filter(pk=own.pk).exists()):
        found.append((OWN, _("The organisation's own address (%(email)s)") % {"email": organisation.email}))
    return found


def own_contacts(organisation: Organisation) -> "ContactQuerySet":
    """The contact that stands for the organisation itself: its name and its address."""
    rows = Contact.objects.of(organisation.tenant_id).current()
    return rows.filter(organisation=organisation, name=organisation.name, email=organisation.email)


@transaction.atomic
def contact_for(organisation: Organisation, *, event: Event, by: User, chosen: str) -> Contact:
    """The contact to ask: the one with the id `chosen`, or, for OWN, the one named after the organisation.

    That one is added to the directory when it is not there; a second call, also at the same time, finds it. Raises
    Contact.DoesNotExist for an id that cannot be asked.
    """
    if chosen != OWN:
        return left_to_ask(event).filter(organisation=organisation).get(pk=int(chosen))
    if known := own_contacts(organisation).first():
        return known
    facts = {
        "name": organisation.name,
        "email": organisation.email,
        "organisation": organisation,
        "language": event.language,
    }
    try:
        with transaction.atomic():
            return add_contact(tenant=event.tenant, by=by, facts=facts)
    except NameTaken:
        return Contact.objects.of(event.tenant_id).get(name=organisation.name, email=organisation.email)


def asked(event: Event, quotas: dict[int, int]) -> list[Asked]:
    """The organisations of a draft, by name; no query when there are none."""
    if not quotas:
        return []
    people = askable(event).filter(pk__in=list(quotas))
    return [Asked(one, quotas[one.pk]) for one in people]


def _with_role(contact: Contact) -> str:
    return f"{contact.name}, {contact.role}" if contact.role else contact.name

"""When a person came, as the door noted it: on the list, or without being on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.door.models import Arrival
from invites.answers.own.holdings import Entry, Section
from invites.answers.own.sections import title_of


def show(contact: Contact) -> Iterator[Section]:
    expected = Arrival.objects.of(contact.tenant_id).filter(invitation__contact=contact)
    surely = Q(organisation__iexact=contact.organisation.name if contact.organisation else "")
    rows = [*expected.select_related("event"), *_walk_ins(contact, surely).select_related("event")]
    yield Section("arrivals", _("At the door"), tuple(map(_entries, rows)), _("the organiser"))


def forget(contact: Contact) -> Mapping[str, int]:
    """Somebody came, but nobody knows who. Arrivals by invitation hold no name.

    A walk-in is known by what was typed at the door alone. One without an organisation may be of a namesake: it is
    emptied to be sure, but not shown, for then it might tell one person of another.
    """
    theirs = Q(organisation__iexact=contact.organisation.name) if contact.organisation else Q()
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    rows = _walk_ins(contact, theirs | Q(organisation=""))
    return {"walk-ins": rows.update(name=nobody, organisation="")}


def _walk_ins(contact: Contact, belongs: Q) -> Any:
    """Also those that were taken back: the name stands in the row still."""
    rows = Arrival.objects.of(contact.tenant_id).filter(belongs, invitation__isnull=True)
    return rows.filter(name__iexact=contact.name)


def _entries(row: Arrival) -> tuple[Entry, ...]:
    return (
        Entry("meeting", _("Meeting"), title_of(row.event)),
        Entry("at", _("When"), row.arrived_at),
        Entry("undone_at", _("Taken back"), row.undone_at),
        Entry("name", _("Name"), row.name),
        Entry("organisation", _("Organisation"), row.organisation),
    )

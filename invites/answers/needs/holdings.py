"""What a person told of needs: shown to them in full on the own page, and forgotten with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.needs.models import Need
from invites.answers.needs.reading import opened
from invites.answers.own.holdings import CLOSED_FOR_GOOD, Entry, Section
from invites.answers.own.sections import title_of


def _mine(contact: Contact) -> Any:
    return Need.objects.of(contact.tenant_id).filter(invitation__contact=contact)


def show(contact: Contact) -> Iterator[Section]:
    yield Section(
        "needs", _("Needs"), tuple(_entries(contact)), _("yourself, or whoever noted what you said")
    )


def forget(contact: Contact) -> Mapping[str, int]:
    """Deletes them all, also of meetings that were."""
    return {"needs": _mine(contact).delete()[0]}


def _entries(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    """A row for each need; one for all of a meeting where no key at hand opens them."""
    for row in _mine(contact).select_related("invitation__event").order_by("told_at", "pk"):
        about = Entry("meeting", _("Meeting"), title_of(row.invitation.event))
        at = Entry("told_at", _("When"), row.told_at)
        needs = opened(row)
        if needs is None:
            yield (about, Entry("need", _("Need"), CLOSED_FOR_GOOD), at)
        for need in needs or ():
            kind = Entry("need", _("Need"), need.kind.label)
            yield (about, kind, Entry("detail", _("Detail"), need.detail), at)

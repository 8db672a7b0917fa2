"""Milestones a person is named as owner of (rule 8: what is held about somebody is shown and forgotten)."""

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own import holdings
from invites.answers.own.holdings import Entry, Section
from minutes.progress.milestones.models import Milestone


def show(contact: Contact) -> Iterator[Section]:
    yield Section("milestones", _("Milestones"), tuple(_milestones(contact)), _("the organiser"))


def forget(contact: Contact) -> Mapping[str, int]:
    """The milestone stays; whose it was does not."""
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    rows = Milestone.objects.of(contact.tenant_id).filter(owner_contact=contact)
    return {"milestones": rows.update(owner=nobody)}


def _milestones(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    for row in Milestone.objects.of(contact.tenant_id).filter(owner_contact=contact):
        yield (
            Entry("who", _("Who"), row.owner),
            Entry("what", _("What"), row.title),
            Entry("by_when", _("By when"), row.due.words() if row.due else ""),
        )


holdings.register(show, forget)

"""Calendar addresses a person made: shown to them, and forgotten with the bytes kept for them."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.feeds import services
from invites.answers.feeds.models import OwnFeed
from invites.answers.own.holdings import Entry, Section


def show(contact: Contact) -> Iterator[Section]:
    rows = OwnFeed.objects.of(contact.tenant_id).filter(contact=contact).order_by("created_at", "pk")
    yield Section("own_feeds", _("Your calendar addresses"), tuple(map(_entries, rows)), _("yourself"))


def forget(contact: Contact) -> Mapping[str, int]:
    return {"calendar addresses": services.forget(contact)}


def _entries(row: OwnFeed) -> tuple[Entry, ...]:
    return (
        Entry("name", _("Name"), row.name),
        Entry("detail", _("How much the calendar tells"), row.get_detail_display()),
        Entry("reminder", _("Reminder, minutes before"), row.alarm),
        Entry("email", _("E-mail"), row.email),
        Entry("created_at", _("Made"), row.created_at),
        Entry("last_used_on", _("Last used"), row.last_used_on),
        Entry("revoked_at", _("Taken back"), row.revoked_at),
    )

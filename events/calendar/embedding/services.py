"""Letting a web site show the list, and ending it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.calendar.embedding.models import EmbedHost
from events.tenancy.models import Tenant, User

MOST = 20  # all of them stand in one header


class TooMany(Exception):
    """The tenant has as many hosts as one header holds."""


@transaction.atomic
def add(*, tenant: Tenant, by: User, host: str) -> EmbedHost:
    """Lets `host`, as `hosts.read` writes it, show the list. A second call changes nothing. Raises TooMany."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    known = EmbedHost.objects.of(tenant)
    if row := known.filter(host=host).first():
        return row
    if known.count() >= MOST:
        raise TooMany
    row = EmbedHost.objects.create(tenant=tenant, host=host)
    audit.record("embed.added", row, by=by, host=host)
    return row


@transaction.atomic
def remove(row: EmbedHost, *, by: User) -> None:
    """From the next request on the host's pages show nothing. A second call changes nothing."""
    deleted, _models = EmbedHost.objects.of(row.tenant_id).filter(pk=row.pk).delete()
    if deleted:
        audit.record("embed.removed", row, by=by, host=row.host)


audit.register(
    {
        "embed.added": _("%(who)s let %(host)s show the list of public meetings."),
        "embed.removed": _("%(who)s no longer lets %(host)s show the list of public meetings."),
    }
)

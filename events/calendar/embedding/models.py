"""Which web sites may show a tenant's list of public events."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.calendar.embedding import hosts
from events.tenancy.scoping import TenantModel

LONGEST = hosts.LONGEST + len(":65535")
# Each of them would say more in a policy than one host.
MEANS_MORE = (" ", ";", ",", "*", "/", "'", '"')


def _is_one_host() -> Q:
    one = ~Q(host="")
    for sign in MEANS_MORE:
        one &= ~Q(host__contains=sign)
    return one


class EmbedHost(TenantModel):
    """One host, in lower-case ASCII, with a port where it is not that of https (see hosts.py)."""

    host = models.CharField(_("host"), max_length=LONGEST)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("host",)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "host"), name="embed_host_once"),
            models.CheckConstraint(name="embed_host_is_one_host", condition=_is_one_host()),
        )

    def __str__(self) -> str:
        return hosts.shown(self.host)

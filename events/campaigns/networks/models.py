"""The meetings of a network: which of our events belong to it, and who of us takes part."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation
from events.gatherings.models import Event
from events.tenancy.scoping import TenantModel


class EventNetwork(TenantModel):
    """An event of ours that is held in a network. `taking_part` is for our own staff alone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="network_links")
    network = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="event_links")
    taking_part = models.TextField(_("who of us takes part"), blank=True)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("network__name", "-event__sort_on", "pk")
        constraints = (models.UniqueConstraint(fields=("event", "network"), name="event_in_network_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} in network {self.network_id}"

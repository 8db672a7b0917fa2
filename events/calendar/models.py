"""Secret feeds. The token is shown once and stored as a hash; a feed dies with its holder's membership."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.gatherings.models import Event
from events.tenancy.models import Membership
from events.tenancy.scoping import TenantModel, TenantQuerySet


class FeedQuerySet(TenantQuerySet["Feed"]):
    def alive(self) -> Self:
        return self.filter(
            revoked_at__isnull=True, membership__ended_at__isnull=True, membership__user__is_active=True
        )


class Feed(TenantModel):
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="feeds")
    name = models.CharField(_("name"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("membership", "name"),
                condition=models.Q(revoked_at__isnull=True),
                name="feed_name_once_a_member",
            ),
        )

    def __str__(self) -> str:
        return self.name


class StoredEvent(TenantModel):
    """An event's lines as a feed last wrote them, so that one edit writes one event anew.

    Good while `written_from` is the event's `changed_at` and `epoch` the feed's (the day, the format, the names).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="stored_lines")
    key = models.CharField(max_length=120)  # scope and language
    epoch = models.CharField(max_length=60)
    written_from = models.DateTimeField()
    octets = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "key"), name="stored_event_once_a_feed"),)

    def __str__(self) -> str:
        return f"{self.key} {self.event_id}"


class StoredBody(models.Model):
    """A feed's bytes as they were last rendered, ready to send. Rebuilt when `version` no longer matches."""

    key = models.CharField(max_length=120, primary_key=True)  # scope, language and window
    version = models.CharField(max_length=80)
    etag = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    plain = models.BinaryField()
    gzipped = models.BinaryField()

    def __str__(self) -> str:
        return self.key

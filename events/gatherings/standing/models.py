"""What stands on the agenda of each meeting of a body."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Organisation
from events.gatherings.agenda import ItemKind, ItemLevel
from events.tenancy.scoping import TenantModel

LONGEST = 600  # minutes


class StandingItem(TenantModel):
    """An item that a body takes up each time. Copied into a draft on demand, and never changed by what is there."""

    body = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="standing_items")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(
        _("sort of matter"), max_length=20, choices=ItemKind, blank=True, default=ItemKind.STANDING
    )
    level = models.CharField(
        _("who may read it"), max_length=20, choices=ItemLevel, default=ItemLevel.PARTICIPANTS
    )
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)

    class Meta:
        # No two at one place would hinder two bodies from being merged.
        ordering = ("body", "position", "pk")
        constraints = (
            one_of("standing_level_known", "level", ItemLevel),
            models.CheckConstraint(
                name="standing_minutes_within_a_day",
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=LONGEST),
            ),
        )

    def __str__(self) -> str:
        return self.title

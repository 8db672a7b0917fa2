"""Where an event is, and how far down the venue's ladder each audience sees (rule 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceLevel(models.IntegerChoices):
    """The venue's ladder: how much of the place is told."""

    NOTHING = 0, _("nothing")
    CITY = 1, _("town")
    DISTRICT = 2, _("district")
    ADDRESS = 3, _("address")
    ROOM = 4, _("room")


class Venue(models.Model):
    venue = models.CharField(_("place"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    district = models.CharField(_("district"), max_length=100, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    online_url = models.URLField(_("link for those who join online"), blank=True)
    place_for_public = models.PositiveSmallIntegerField(
        _("what the public sees of the place"), choices=PlaceLevel, default=PlaceLevel.CITY
    )
    place_for_invited = models.PositiveSmallIntegerField(
        _("what invitees see of the place before they accept"),
        choices=PlaceLevel,
        default=PlaceLevel.DISTRICT,
    )

    class Meta:
        abstract = True

    @property
    def is_hybrid(self) -> bool:
        """There is a place to go to and a link to join by, so that who says yes has to say which."""
        return bool(self.online_url and (self.venue or self.room or self.address))

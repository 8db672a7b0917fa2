"""An invitee's own calendar addresses. Whoever reads the mailbox on file made them, and they die with that address."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.calendar.models import MOST_MINUTES
from events.calendar.selections import Detail
from events.constraints import one_of
from events.directory.models import Contact
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.answers.feeds.detail import TOLD

MOST = 5  # that work at one time


class OwnFeedQuerySet(TenantQuerySet["OwnFeed"]):
    def alive(self) -> Self:
        """Feeds whose address works (the same as `opening.OPENED` says by hand): not revoked, the contact still valid
        and reached at the address that the feed was made from.
        """
        today = timezone.localdate()
        begun = Q(contact__valid_from__isnull=True) | Q(contact__valid_from__lte=today)
        there = Q(contact__valid_until__isnull=True) | Q(contact__valid_until__gte=today)
        known = self.annotate(on_file=Lower("contact__email"), made_at=Lower("email"))
        return known.filter(
            begun, there, revoked_at__isnull=True, contact__erased_at__isnull=True, on_file=F("made_at")
        )


class OwnFeed(TenantModel):
    """The meetings one contact is invited to, with the own answers (ADR 0031). `email` is the address that the link to
    the own page went to when it was made: a row that becomes another person's does not take the feed with it.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="own_feeds")
    email = models.EmailField()
    name = models.CharField(_("name"), max_length=100)
    alarm = models.PositiveSmallIntegerField(
        _("reminder, minutes before"), null=True, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    detail = models.CharField(
        _("how much the calendar tells"), max_length=10, choices=TOLD, default=Detail.FULL
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OwnFeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="invitee_feed_alarm_within_a_week",
                condition=Q(alarm__isnull=True) | Q(alarm__lte=MOST_MINUTES),
            ),
            one_of("invitee_feed_detail_known", "detail", Detail),
            models.CheckConstraint(name="invitee_feed_has_an_address", condition=~Q(email="")),
        )

    def __str__(self) -> str:
        return f"own feed {self.pk} of contact {self.contact_id}"

    @property
    def key(self) -> str:
        """Of the kept bytes. Never shared: two people at the same meetings read different answers."""
        return key_of(self.tenant_id, self.pk)


def key_of(tenant_id: int, pk: int) -> str:
    return f"{tenant_id}:own.{pk}"

"""Networks: organisations of the kind network, and the organisations that joined them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none
from events.dates import Precision, VagueDate
from events.directory.models import Organisation
from events.tenancy.scoping import TenantModel, TenantQuerySet


class NetworkMemberQuerySet(TenantQuerySet["NetworkMember"]):
    def current(self) -> Self:
        """Memberships that have not ended."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=timezone.localdate()))


class NetworkMember(TenantModel):
    """An organisation's time in a network. When it joined may be known roughly, or not at all."""

    network = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="network_members")
    member = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="network_memberships")
    joined_from = models.DateField(null=True, blank=True)
    joined_precision = models.CharField(max_length=10, choices=Precision, null=True, blank=True)  # noqa: DJ001
    left_on = models.DateField(_("last day as a member"), null=True, blank=True)

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        ordering = (F("joined_from").asc(nulls_last=True), "member__name", "pk")
        constraints = (
            all_or_none("network_joined_with_precision", "joined_from", "joined_precision"),
            models.CheckConstraint(name="network_not_in_itself", condition=~Q(network=F("member"))),
            models.CheckConstraint(
                name="network_left_after_joining",
                condition=Q(left_on__isnull=True)
                | Q(joined_from__isnull=True)
                | Q(left_on__gte=F("joined_from")),
            ),
            models.UniqueConstraint(
                fields=("network", "member"),
                condition=Q(left_on__isnull=True),
                name="network_member_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} in network {self.network_id}"

    @property
    def joined(self) -> VagueDate | None:
        if self.joined_from is None:
            return None
        return VagueDate(self.joined_from, self.joined_precision or Precision.DAY)

    @property
    def has_ended(self) -> bool:
        return self.left_on is not None and self.left_on < timezone.localdate()

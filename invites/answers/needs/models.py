"""Needs are special-category (rule 6): the database holds that somebody has told some, never which or how many."""

from django.db import models
from django.utils import timezone

from events.tenancy.scoping import TenantModel
from invites.invitations.models import Invitation


class Need(TenantModel):
    """All that those who come by one invitation need, in one sealed value.

    It holds no date of deletion: that follows the event's end wherever the event is moved (`services.forget_old`).
    """

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="need")
    sealed = models.TextField()
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("invitation",)
        constraints = (
            models.CheckConstraint(name="need_is_sealed", condition=models.Q(sealed__contains=".")),
        )

    def __str__(self) -> str:
        return f"needs told {self.told_at:%Y-%m-%d}"

    @property
    def place(self) -> str:
        """What the value is sealed for: in another row it does not open."""
        return place_of(self.tenant_id, self.invitation_id)


def place_of(tenant_id: int, invitation_id: int) -> str:
    return f"need:{tenant_id}:{invitation_id}"

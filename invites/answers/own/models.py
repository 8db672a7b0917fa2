"""Short-lived links to the own page, and the last mail to somebody who was forgotten."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.directory.models import Contact
from events.tenancy.models import InviteeLanguage
from events.tenancy.scoping import TenantModel, TenantQuerySet
from events.tokens import derive, digest, new_nonce, recover

LIVES = dt.timedelta(hours=24)


class OwnLinkQuerySet(TenantQuerySet["OwnLink"]):
    def alive(self) -> Self:
        now = timezone.now()
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, contact__erased_at__isnull=True)

    def to_the_page(self) -> Self:
        return self.filter(new_email="")

    def to_an_address(self) -> Self:
        return self.exclude(new_email="")


class OwnLink(TenantModel):
    """A second key: it goes to the address on file, so that a forwarded invitation opens nothing personal (ADR 0026).

    With `new_email` it goes to that address and confirms it instead.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="own_links")
    language = models.CharField(max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    new_email = models.EmailField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)  # by a newer one, or used where it works once

    objects = OwnLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",),
                condition=Q(revoked_at__isnull=True, new_email=""),
                name="own_link_one_alive",
            ),
        )

    def __str__(self) -> str:
        return f"own link {self.pk} of contact {self.contact_id}"

    def seal(self) -> None:
        self.token_hash = digest(derive("own", self.nonce))

    @property
    def token(self) -> str:
        """The secret in the link. Never log it, never show it to staff."""
        return recover("own", self.nonce, self.token_hash)


class Farewell(TenantModel):
    """The mail that confirms an erasure. The only place left that leads to an address, and only until it is settled."""

    language = models.CharField(max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"farewell {self.pk}"

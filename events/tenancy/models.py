"""Who uses the product: tenants, their staff and the staff's roles."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.languages import InviteeLanguage as InviteeLanguage
from events.languages import Language as Language
from events.tenancy.permissions import Permission, Role
from events.tenancy.scoping import TenantModel, TenantQuerySet


class Tenant(models.Model):
    """A municipality, police district, ministry or network secretariat that uses the product ("virksomhet")."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality")
        POLICE = "police", _("police district")
        MINISTRY = "ministry", _("ministry")
        NETWORK = "network", _("network secretariat")

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.BOKMAL)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Oslo")
    contact_email = models.EmailField(_("e-mail for questions"))
    contact_phone = models.CharField(_("telephone for questions"), max_length=30, blank=True)
    # Mails that can wait are not sent in these hours, on the tenant's own clock; equal hours mean none.
    quiet_from = models.TimeField(_("no mails from"), default=dt.time(20))
    quiet_until = models.TimeField(_("no mails until"), default=dt.time(7))
    quiet_weekends = models.BooleanField(_("no mails at weekends"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Makes a user; without a password only sign-in by code, passkey or the tenant's own sign-in works."""
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff. Invitees are never users (rule 3)."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class MembershipQuerySet(TenantQuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True, user__is_active=True)

    def held_by(self, user: "User | None") -> "Membership | None":
        """The current membership of `user` among these; None for nobody, and for who works elsewhere."""
        return self.current().filter(user=user).first() if user else None


class Membership(TenantModel):
    """A user's role at a tenant. Ended memberships stay, so that history keeps its names."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("tenant__name", "user__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "user"),
                condition=models.Q(ended_at__isnull=True),
                name="membership_one_current_role",
            ),
            one_of("membership_role_known", "role", Role),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.tenant})"

    def may(self, permission: Permission) -> bool:
        return permission in Role(self.role).permissions

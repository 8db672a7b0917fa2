"""Organisations and the people in roles there. Nothing about an individual's belief (rule 6)."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import in_order, one_of
from events.directory.searching import fold
from events.tenancy.models import Language
from events.tenancy.scoping import TenantModel, TenantQuerySet


class OrganisationKind(models.TextChoices):
    FAITH = "faith", _("faith and life-stance community")
    NGO = "ngo", _("voluntary organisation")
    POLICE = "police", _("police")
    SCHOOL = "school", _("school or kindergarten")
    MUNICIPAL = "municipal", _("municipality or municipal unit")
    STATE = "state", _("state or county body")
    NETWORK = "network", _("network")
    OTHER = "other", _("other")


class OrganisationQuerySet(TenantQuerySet["Organisation"]):
    def named(self, name: str) -> "Organisation | None":
        """The organisation that is or was called `name` (own name or alias, letter case aside), or None."""
        known = self.filter(Q(search=fold(name)) | Q(aliases__search=fold(name)))
        return known.order_by("pk").distinct().first()

    def matching(self, words: str) -> Self:
        """Organisations whose name, other names or town hold every word of `words`."""
        found = self
        for word in fold(words).split():
            alias = OrganisationAlias.objects.across_tenants("joined to scoped organisations").filter(
                organisation=OuterRef("pk"), search__contains=word
            )
            here = Q(search__contains=word) | Q(search_city__contains=word)
            found = found.filter(here | Exists(alias))
        return found

    def bulk_create(self, objs: Iterable["Organisation"], *args: Any, **kwargs: Any) -> list["Organisation"]:
        return super().bulk_create([row.folded() for row in objs], *args, **kwargs)


class Organisation(TenantModel):
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    umbrella = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="earlier",
    )
    notes = models.TextField(_("notes"), blank=True)
    search = models.CharField(max_length=250, editable=False, db_index=True)  # the name, folded
    search_city = models.CharField(max_length=120, editable=False, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "search"), name="organisation_name_once"),
            one_of("organisation_kind_known", "kind", OrganisationKind),
        )

    def __str__(self) -> str:
        return self.name

    def folded(self) -> Self:
        self.search, self.search_city = fold(self.name), fold(self.city)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search", "search_city"}
        super().save(*args, **kwargs)


class OrganisationAlias(TenantModel):
    """Another name the same organisation is written under ("Sandefjord politi")."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("other name"), max_length=200)
    search = models.CharField(max_length=250, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "search"), name="alias_means_one_organisation"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(self.name)
        super().save(*args, **kwargs)


class Channel(models.TextChoices):
    """How a contact wants to be asked."""

    EMAIL = "email", _("e-mail")
    LETTER = "letter", _("letter")
    PHONE = "phone", _("telephone")


class ContactQuerySet(TenantQuerySet["Contact"]):
    def current(self) -> Self:
        """Contacts whose role has not ended."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate()))

    def reachable(self) -> Self:
        return self.current().exclude(email="")

    def matching(self, words: str) -> Self:
        """Contacts whose name, role, address or organisation holds every word, letter case and accents aside."""
        found = self
        for word in fold(words).split():
            found = found.filter(Q(search__contains=word) | Q(organisation__search__contains=word))
        return found

    def bulk_create(self, objs: Iterable["Contact"], *args: Any, **kwargs: Any) -> list["Contact"]:
        return super().bulk_create([row.folded() for row in objs], *args, **kwargs)


class Contact(TenantModel):
    """A person in a role at an organisation, or a person who belongs to none."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contacts",
    )
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.BOKMAL)
    channel = models.CharField(_("preferred channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    search = models.CharField(max_length=800, editable=False)  # name, role and address, folded

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            in_order("contact_valid_in_order", "valid_from", "valid_until"),
            one_of("contact_channel_known", "channel", Channel),
            models.UniqueConstraint(
                fields=("tenant", "email", "name"), condition=~Q(email=""), name="contact_once_a_tenant"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def folded(self) -> Self:
        self.search = fold(self.name, self.role, self.email)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(*args, **kwargs)

"""Organisations and the people in roles there. Nothing about an individual's belief (rule 6)."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import in_order, one_of
from events.directory.searching import fold, holding_every, indexed
from events.directory.wishes import Wished
from events.tenancy.models import InviteeLanguage
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
        """Organisations whose name, other names, addresses, town or tags hold every word, in any of its forms."""
        return self.filter(holding_every(words, "search_words"))

    def bulk_create(self, objs: Iterable["Organisation"], *args: Any, **kwargs: Any) -> list["Organisation"]:
        return super().bulk_create([row.folded() for row in objs], *args, **kwargs)


class Organisation(TenantModel):
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind)
    type = (
        models.ForeignKey(  # the tenant's own word for it; its kind is always `kind` too (services keep it)
            "events.OrganisationType",
            verbose_name=_("own type"),
            null=True,
            blank=True,
            on_delete=models.RESTRICT,
            related_name="organisations",
        )
    )
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
    tags = models.ManyToManyField(
        "events.Tag", through="events.OrganisationTag", related_name="organisations"
    )
    search = models.CharField(max_length=250, editable=False, db_index=True)  # the name, folded
    search_city = models.CharField(max_length=120, editable=False, blank=True)
    search_also = models.TextField(editable=False, blank=True)  # other names and tags; see reindexing.py
    search_words = models.TextField(editable=False, blank=True)  # all that a search looks through

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "search"), name="organisation_name_once"),
            one_of("organisation_kind_known", "kind", OrganisationKind),
        )
        indexes = (models.Index(fields=("tenant", "name", "id"), name="organisation_by_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        """The tenant's own word for what it is, or its base kind. Select `type` for lists."""
        return self.type.name if self.type else str(OrganisationKind(self.kind).label)

    def folded(self) -> Self:
        self.search, self.search_city = fold(self.name), fold(self.city)
        self.search_words = indexed(self.name, self.city, self.address, self.email, self.search_also)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search", "search_city", "search_words"}
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

    @classmethod
    def fitting(cls, *, email: str, phone: str, address: str) -> "Channel":
        """The first way to reach somebody that is entered; e-mail when none is."""
        ways = {cls.EMAIL: email, cls.PHONE: phone, cls.LETTER: address}
        return next((way for way, entered in ways.items() if entered), cls.EMAIL)


class ContactQuerySet(TenantQuerySet["Contact"]):
    def current(self) -> Self:
        """Contacts in their role today: it has begun and not ended. Who comes later is not yet asked, nor is who was
        erased.
        """
        today = timezone.localdate()
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
        there = self.filter(begun, Q(valid_until__isnull=True) | Q(valid_until__gte=today))
        return there.filter(erased_at__isnull=True)

    def willing(self) -> Self:
        """Those who did not ask to be invited no more."""
        return self.filter(opted_out_at__isnull=True)

    def reachable(self) -> Self:
        """Current contacts who may be written to."""
        return self.current().willing().exclude(email="")

    def matching(self, words: str) -> Self:
        """Contacts that hold every word: name, role, addresses, tags, and what their organisation is found by."""
        return self.filter(holding_every(words, "search", "organisation__search_words"))

    def bulk_create(self, objs: Iterable["Contact"], *args: Any, **kwargs: Any) -> list["Contact"]:
        return super().bulk_create([row.folded() for row in objs], *args, **kwargs)


class Contact(Wished, TenantModel):
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
    language = models.CharField(
        _("language"), max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL
    )
    channel = models.CharField(_("preferred channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    succeeds = models.ForeignKey(  # the person who held the role before; see succession.py
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="successors"
    )
    tags = models.ManyToManyField("events.Tag", through="events.ContactTag", related_name="contacts")
    created_at = models.DateTimeField(default=timezone.now)
    search_also = models.TextField(editable=False, blank=True)  # tags; see reindexing.py
    search = models.TextField(editable=False)  # all that a search looks through

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            in_order("contact_valid_in_order", "valid_from", "valid_until"),
            one_of("contact_channel_known", "channel", Channel),
            models.UniqueConstraint(
                fields=("tenant", "email", "name"), condition=~Q(email=""), name="contact_once_a_tenant"
            ),
            models.UniqueConstraint(fields=("succeeds",), name="contact_succeeded_once"),
        )
        indexes = (models.Index(fields=("tenant", "name", "id"), name="contact_by_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_coming(self) -> bool:
        """True for a role that begins later."""
        return self.valid_from is not None and self.valid_from > timezone.localdate()

    @property
    def letter_address(self) -> str:
        """Where a letter goes: the contact's own address, else the organisation's with its town."""
        if self.address or not self.organisation or not self.organisation.address:
            return self.address
        return ", ".join(filter(None, (self.organisation.address, self.organisation.city)))

    def folded(self) -> Self:
        apart = fold(self.name, self.email, self.phone.replace(" ", ""))  # a name has no word forms
        self.search = f"{apart}\n{indexed(self.role, self.address, self.search_also)}"
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(*args, **kwargs)

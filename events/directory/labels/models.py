"""The tenant's own words: types of organisations under the base kinds, and tags. None about what a person believes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Contact, Organisation, OrganisationKind
from events.directory.searching import fold
from events.tenancy.models import Tenant
from events.tenancy.scoping import TenantModel


class Word(TenantModel):
    """A word that means one thing at a tenant, however it is written ("Moské", "moske")."""

    name = models.CharField(_("name"), max_length=60)
    search = models.CharField(max_length=80, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(self.name)
        super().save(*args, **kwargs)


class OrganisationType(Word):
    """A type of organisation in the tenant's own words ("moské"), under one of the base kinds."""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)

    class Meta:
        ordering = ("kind", "name", "pk")
        constraints: ClassVar[Any] = (
            models.UniqueConstraint(fields=("tenant", "search"), name="organisation_type_once"),
            one_of("organisation_type_kind_known", "kind", OrganisationKind),
        )


class Tag(Word):
    """A word of the tenant's own on contacts and organisations ("ungdom", "nøkkelperson")."""

    class Meta:
        ordering = ("name", "pk")
        constraints: ClassVar[Any] = (models.UniqueConstraint(fields=("tenant", "search"), name="tag_once"),)


def known_tags(tenant: Tenant, most: int = 15) -> list[str]:
    """The tags on most contacts and organisations, for a form that asks for tags."""
    rows = Tag.objects.of(tenant).annotate(used=uses())
    return list(rows.order_by("-used", "name").values_list("name", flat=True)[:most])


def uses() -> Any:
    """How many contacts and organisations carry a tag."""
    return Count("on_contacts", distinct=True) + Count("on_organisations", distinct=True)


class ContactTag(TenantModel):
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="on_contacts")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("contact", "tag"), name="contact_tagged_once"),)

    def __str__(self) -> str:
        return f"{self.tag_id} on contact {self.contact_id}"


class OrganisationTag(TenantModel):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="on_organisations")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("organisation", "tag"), name="organisation_tagged_once"),
        )

    def __str__(self) -> str:
        return f"{self.tag_id} on organisation {self.organisation_id}"

"""Saved groups: a name, and either the contacts chosen by hand or a rule that is read anew each time."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.groups.rules import Rule
from events.directory.models import Contact, ContactQuerySet
from events.directory.searching import fold
from events.tenancy.scoping import TenantModel, TenantQuerySet


class GroupKind(models.TextChoices):
    STATIC = "static", _("chosen by hand")
    RULE = "rule", _("by a rule")


class GroupQuerySet(TenantQuerySet["ContactGroup"]):
    def chosen(self) -> Self:
        """Those whose members are chosen by hand."""
        return self.filter(kind=ContactGroup.Kind.STATIC)


class ContactGroup(TenantModel):
    Kind = GroupKind

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("members"), max_length=10, choices=GroupKind, default=GroupKind.STATIC)
    rule_json = models.JSONField(null=True, editable=False)
    members = models.ManyToManyField(Contact, through="events.GroupMember", related_name="chosen_in")
    search = models.CharField(max_length=120, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "search"), name="group_name_once"),
            one_of("group_kind_known", "kind", GroupKind),
            models.CheckConstraint(
                name="group_rule_where_it_has_one",
                condition=Q(kind="static", rule_json__isnull=True) | Q(kind="rule", rule_json__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def is_rule(self) -> bool:
        return self.kind == self.Kind.RULE

    @property
    def rule(self) -> Rule | None:
        """The rule of a rule-based group, None of others. Raises BadRule when what is stored is none."""
        return Rule.read(self.rule_json) if self.is_rule else None

    def contacts(self) -> ContactQuerySet:
        return members_of(self)


class GroupMember(TenantModel):
    """A contact chosen into a group by hand. Kept when the role ends; `members_of` leaves such contacts out."""

    group = models.ForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="chosen")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="group_memberships")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("group", "contact"), name="group_member_once"),)

    def __str__(self) -> str:
        return f"contact {self.contact_id} in group {self.group_id}"


def members_of(group: ContactGroup) -> ContactQuerySet:
    """The contacts in `group` whose role is current, evaluated when the queryset is; scoped to the group's tenant.

    Contacts without an e-mail are among them: `.reachable()` leaves them out. Each contact comes once.
    """
    contacts: ContactQuerySet = Contact.objects.of(group.tenant_id).current()
    return contacts.filter(belonging_to(group))


def groups_to_choose(contact: Contact) -> list[ContactGroup]:
    """The hand-picked groups that `contact` is not in."""
    return list(ContactGroup.objects.of(contact.tenant_id).chosen().exclude(chosen__contact=contact))


def belonging_to(group: ContactGroup) -> Q:
    """The condition under which a contact belongs to `group`."""
    if rule := group.rule:
        return rule.contacts()
    chosen = GroupMember.objects.of(group.tenant_id).filter(group=group, contact=OuterRef("pk"))
    return Q(Exists(chosen))


def sizes(groups: list[ContactGroup]) -> dict[int, int]:
    """How many current members each group of one tenant has, by id, in one query."""
    if not groups:
        return {}
    counts: dict[str, Any] = {f"g{g.pk}": Count("pk", filter=belonging_to(g)) for g in groups}
    found = Contact.objects.of(groups[0].tenant_id).current().aggregate(**counts)
    return {group.pk: found[f"g{group.pk}"] for group in groups}

"""Changes to saved groups. The audit trail names the group, never who is in it."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.groups.models import ContactGroup, GroupMember
from events.directory.groups.rules import Rule
from events.directory.labels.models import Tag
from events.directory.models import Contact
from events.tenancy.models import Tenant, User


class GroupNameTaken(Exception):
    """The tenant has a group of this name."""


class RuleDecides(Exception):
    """Nobody is chosen into a group whose members follow from a rule."""


@transaction.atomic
def add_group(*, tenant: Tenant, by: User | None, name: str, rule: Rule | None = None) -> ContactGroup:
    """A group by `rule`, or without one an empty group whose members are chosen by hand. Raises GroupNameTaken."""
    kind = ContactGroup.Kind.RULE if rule else ContactGroup.Kind.STATIC
    group = ContactGroup(tenant=tenant, name=name, kind=kind, rule_json=rule.as_json() if rule else None)
    _save(group)
    audit.record("group.added", group, by=by, name=name)
    return group


@transaction.atomic
def change_group(group: ContactGroup, *, by: User | None, name: str, rule: Rule | None = None) -> None:
    """Sets the name, and the rule of a rule-based group; the sort of a group never changes. Raises GroupNameTaken."""
    stored = rule.as_json() if rule and group.is_rule else group.rule_json
    if (group.name, group.rule_json) == (name, stored):
        return
    group.name, group.rule_json = name, stored
    _save(group)
    audit.record("group.changed", group, by=by, name=name)


@transaction.atomic
def remove_group(group: ContactGroup, *, by: User | None) -> None:
    """The contacts stay in the directory."""
    audit.record("group.removed", group, by=by, name=group.name)
    group.delete()


@transaction.atomic
def choose_into(group: ContactGroup, contacts: Iterable[Contact], *, by: User | None) -> int:
    """Adds those who are not in the group yet, and returns how many. Raises RuleDecides."""
    if group.is_rule:
        raise RuleDecides(group.name)
    here = set(group.chosen.values_list("contact_id", flat=True))
    new = {contact.pk: contact for contact in contacts if contact.pk not in here}
    GroupMember.objects.bulk_create(
        [GroupMember(tenant_id=group.tenant_id, group=group, contact=contact) for contact in new.values()],
        ignore_conflicts=True,  # somebody else chose the same person at the same time
    )
    if new:
        audit.record("group.members_added", group, by=by, name=group.name, count=len(new))
    return len(new)


@transaction.atomic
def take_out_of(group: ContactGroup, contact: Contact, *, by: User | None) -> bool:
    """Takes the contact out of a group chosen by hand; False when it was not in it."""
    gone, _rows = group.chosen.filter(contact=contact).delete()
    if gone:
        audit.record("group.member_removed", group, by=by, name=group.name)
    return bool(gone)


def replace_tag_in_rules(tag: Tag, by_tag: Tag) -> None:
    """Every rule that asks for `tag` asks for `by_tag` instead. Call it in the transaction in which `tag` goes."""
    for group in ContactGroup.objects.of(tag.tenant_id).filter(kind=ContactGroup.Kind.RULE):
        stored: dict[str, Any] = group.rule_json or {}
        asked = stored.get("tags", [])
        if tag.pk in asked:
            new = [by_tag.pk if pk == tag.pk else pk for pk in asked]
            group.rule_json = {**stored, "tags": list(dict.fromkeys(new))}
            group.save(update_fields=["rule_json"])


def _save(group: ContactGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise GroupNameTaken(group.name) from error


audit.register(
    {
        "group.added": _("%(who)s added the group “%(name)s”."),
        "group.changed": _("%(who)s changed the group “%(name)s”."),
        "group.removed": _("%(who)s removed the group “%(name)s”."),
        "group.members_added": _("%(who)s added people to the group “%(name)s” (%(count)s)."),
        "group.member_removed": _("%(who)s took a person out of the group “%(name)s”."),
    }
)

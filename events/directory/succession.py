"""The person leaves, the role stays."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from events import audit
from events.directory.groups.models import GroupMember
from events.directory.labels.models import ContactTag
from events.directory.models import Contact
from events.directory.reindexing import reindex_contacts
from events.directory.services import NameTaken, with_channel
from events.tenancy.models import User

PERSONAL = ("name", "email", "phone", "address")


class SucceededAlready(Exception):
    """Somebody else (`by_contact`) has taken over this role."""

    def __init__(self, by_contact: Contact) -> None:
        super().__init__(by_contact.pk)
        self.by_contact = by_contact


class TooEarly(Exception):
    """The new person cannot begin before the other one had the role for two days."""


@transaction.atomic
def succeed(contact: Contact, *, by: User | None, facts: dict[str, Any], from_day: dt.date) -> Contact:
    """Ends `contact` the day before `from_day`, and returns the new person in the same role.

    `facts` are the new person's name, email, phone and address; language and channel may be given too, otherwise they
    stay, as do role, organisation, tags and hand-picked groups. A role that ended earlier keeps its last day. Nothing
    of the past moves: invitations and answers stay with the person who got them. A second call with the same facts
    returns the same row and writes nothing. Raises SucceededAlready, TooEarly, NameTaken.
    """
    if there := contact.successors.first():
        return _the_same(there, facts, from_day)
    last = from_day - dt.timedelta(days=1)
    if contact.valid_from and last <= contact.valid_from:
        raise TooEarly
    new = _enter(contact, facts, from_day)
    if contact.valid_until is None or contact.valid_until > last:
        contact.valid_until = last
        contact.save(update_fields=["valid_until"])
    _hand_over(contact, new)
    if new.organisation:
        audit.record("contact.succeeded", new, by=by, place=new.organisation.name)
    else:
        audit.record("contact.succeeded_alone", new, by=by)
    return new


def chain(contact: Contact) -> list[Contact]:
    """Everybody who held the role, first to last, with `contact` among them; alone when nobody else did."""
    before, after, seen = contact, contact, {contact.pk}
    found = [contact]
    while before.succeeds and before.succeeds_id not in seen:
        before = before.succeeds
        seen.add(before.pk)
        found.insert(0, before)
    while (next_one := after.successors.first()) and next_one.pk not in seen:
        after = next_one
        seen.add(after.pk)
        found.append(after)
    return found


def _the_same(there: Contact, facts: dict[str, Any], from_day: dt.date) -> Contact:
    if there.valid_from == from_day and all(getattr(there, name) == facts.get(name, "") for name in PERSONAL):
        return there
    raise SucceededAlready(there)


def _enter(contact: Contact, facts: dict[str, Any], from_day: dt.date) -> Contact:
    stays = {name: getattr(contact, name) for name in ("organisation", "role", "language", "channel")}
    known = {**stays, **{name: value for name, value in facts.items() if value}}
    new = Contact(tenant_id=contact.tenant_id, succeeds=contact, valid_from=from_day, **with_channel(known))
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError as error:
        raise NameTaken(new.name) from error
    return new


def _hand_over(contact: Contact, new: Contact) -> None:
    common = {"tenant_id": contact.tenant_id, "contact": new}
    ContactTag.objects.bulk_create(
        [ContactTag(tag_id=each.tag_id, **common) for each in contact.tagged.all()]
    )
    GroupMember.objects.bulk_create(
        [GroupMember(group_id=each.group_id, **common) for each in contact.group_memberships.all()]
    )
    reindex_contacts([new])

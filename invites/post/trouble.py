"""The page of mails in trouble as facts: what each mail is, what became of it, what may be done. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from events.tenancy.models import Tenant
from invites.post import letters, recipients
from invites.post.models import RETURNED, Delivery, OutgoingMail, OutgoingMailQuerySet
from invites.post.problems import Explanation

State = OutgoingMail.State
GROUPS: dict[str, tuple[Any, Q]] = {
    "unknown": (_("Unknown fate"), Q(state=State.UNKNOWN)),
    "failed": (_("Not sent"), Q(state=State.FAILED)),
    "returned": (_("Came back"), Q(state=State.ACCEPTED, delivery__in=RETURNED)),
    "late": (_("Delayed"), Q(state=State.ACCEPTED, delivery=Delivery.DEFERRED)),
    "unwanted": (_("Marked as unwanted"), Q(state=State.ACCEPTED, delivery=Delivery.COMPLAINED)),
}


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Entry:
    mail: OutgoingMail
    name: str
    why: Explanation
    correctable: bool  # it is to a contact, whose address can be set right


def in_trouble(tenant: Tenant, group: str = "") -> OutgoingMailQuerySet:
    """The tenant's mails in trouble, latest first; those of one group if `group` names one."""
    mails = OutgoingMail.objects.of(tenant).in_trouble()
    return mails.filter(GROUPS[group][1]) if group in GROUPS else mails


def groups(tenant: Tenant) -> list[Group]:
    """How many there are of each kind; kinds with none are left out. One query."""
    counts = in_trouble(tenant).aggregate(
        **{key: Count("pk", filter=condition) for key, (_label, condition) in GROUPS.items()}
    )
    return [Group(key, str(label), counts[key]) for key, (label, _q) in GROUPS.items() if counts[key]]


def entries(mails: Sequence[OutgoingMail]) -> list[Entry]:
    """`mails` with what a list of them shows; as many queries for one as for a page of them."""
    names, contacts = letters.names_of(mails), recipients.contacts_of(mails)
    return [
        Entry(mail, names[mail.pk], mail.problem_words, mail.pk in contacts and may_be_corrected(mail))
        for mail in mails
    ]


def may_be_corrected(mail: OutgoingMail) -> bool:
    """Of a mail whose fate is unknown nobody knows that its address is wrong."""
    return mail.may_be_sent_again and mail.state != State.UNKNOWN

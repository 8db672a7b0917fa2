"""What came by mail and waits, on the event's page "To decide": answers, other times, and what else was written."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.models import Event
from invites.invitations import deciding
from invites.invitations.deciding import Choice, Decided, Row, Section
from invites.replies.models import InboundMail, InboundMailQuerySet, InboundState, Topic
from invites.replies.showing import Entry, entries

ANSWERS = (Topic.ANSWER,)
PROPOSALS = (Topic.PROPOSAL, Topic.DELEGATION)
WORDS = (Topic.SUGGESTION, Topic.MESSAGE, "")
EVERY = ANSWERS + PROPOSALS + WORDS
FROM_HERE = {"from": "event"}


def rows(topics: tuple[str, ...], event: Event) -> Iterable[Row]:
    """What waits, the longest first; one query."""
    waiting = _about(event, topics).waiting().defer("raw", "envelope").order_by("received_at", "pk")
    return [_row(event, entry) for entry in entries(waiting)]


def waiting(tenant_id: int) -> InboundMailQuerySet:
    """Of all topics."""
    return InboundMail.objects.of(tenant_id).waiting().filter(topic__in=EVERY)


def decided(topics: tuple[str, ...], event: Event) -> Iterable[Decided]:
    settled = _about(event, topics).filter(settled_at__isnull=False).select_related("settled_by")
    for row in settled.defer("raw", "envelope", "said").order_by("-settled_at", "-pk"):
        invitation: Any = row.invitation
        yield Decided(
            who=invitation.contact.name,
            what=Topic(row.topic).label if row.topic else row.get_kind_display(),
            outcome=row.get_state_display(),
            at=event.local(row.settled_at or row.received_at),
            by=row.settled_by.name if row.settled_by else "",
            url=_history(event, invitation.pk),
            colour="success" if row.state == InboundState.APPLIED else "neutral",
        )


def _about(event: Event, topics: tuple[str, ...]) -> InboundMailQuerySet:
    mails = InboundMail.objects.of(event.tenant_id).filter(invitation__event=event, topic__in=topics)
    return mails.select_related("invitation__event", "invitation__contact")


def _row(event: Event, entry: Entry) -> Row:
    slug, pk = event.tenant.slug, entry.row.pk
    counts = [
        Choice(label, reverse("reply-apply", args=[slug, pk]), {**FROM_HERE, "reply": value}, main=proposed)
        for value, label, proposed in entry.answers
    ]
    aside = Choice(_("Set aside"), reverse("reply-dismiss", args=[slug, pk]), FROM_HERE)
    meant = ((_("Seems to mean"), entry.meant),) if entry.meant else ()
    return Row(
        who=entry.invitation.contact.name,
        what=f"{entry.what}. {entry.why}",
        at=entry.at,
        url=_history(event, entry.invitation.pk),
        lines=(*entry.lines, *meant),
        choices=(*counts, aside),
    )


def _history(event: Event, invitation: int) -> str:
    return reverse("invitation-detail", args=[event.tenant.slug, invitation])


for key, heading, topics, position in (
    ("mailed-answers", gettext_lazy("Answers by mail that did not count by themselves"), ANSWERS, 30),
    ("mailed-proposals", gettext_lazy("Another time, or somebody else"), PROPOSALS, 31),
    ("mailed-words", gettext_lazy("Messages from invitees"), WORDS, 32),
):
    deciding.register(
        Section(
            key=key,
            heading=heading,
            position=position,
            rows=partial(rows, topics),
            waiting=waiting if topics == ANSWERS else None,
            decided=partial(decided, topics),
        )
    )

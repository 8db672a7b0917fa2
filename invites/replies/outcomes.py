"""A message with the invitation it is about, and what became of it: what the deciding modules share."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from events.directory.merging.models import Merger, Subject
from events.directory.models import Contact
from invites.invitations.models import Invitation
from invites.replies.keeping import Said
from invites.replies.models import InboundState
from invites.replies.read import Reading
from invites.replies.said import Sayings
from invites.replies.whose import Word, whose


@dataclass(frozen=True)
class Message:
    """`answering` are the deliveries that it names as the mail it answers."""

    row: int
    invitation: Invitation
    reading: Reading
    received_at: dt.datetime
    answering: Collection[uuid.UUID] = ()

    @property
    def sayings(self) -> Sayings:
        return self.reading.sayings

    def whose(self, *, attendee: str = "", sent_by: str = "") -> Word:
        said = self.sayings
        invited = addresses_of(self.invitation.contact)
        return whose(invited=invited, sender=said.sender, auth=said.auth, attendee=attendee, sent_by=sent_by)


@dataclass(frozen=True)
class Outcome:
    """What is written into the row. `said` only where somebody may still have to read it."""

    state: InboundState
    reason: str = ""
    topic: str = ""
    said: Said | None = None


def addresses_of(contact: Contact) -> frozenset[str]:
    """Where the person is known to be reached: also by the addresses of contacts that were merged into this one."""
    mergers = Merger.objects.of(contact.tenant_id).into(Subject.CONTACT, [contact.pk])
    former = [merger.facts.get("email") or "" for merger in mergers]
    return frozenset(filter(None, (contact.email, *former)))

"""The files of an event as attachments of its mails, read once for a batch, however many recipients it has."""

from collections import defaultdict
from collections.abc import Iterable

from invites.invitations.drafting.models import Enclosure
from invites.post.letters import Attachment


def attachments_of(events: Iterable[int]) -> dict[int, tuple[Attachment, ...]]:
    """What goes along with the invitation, by the event's id, in one query. Raises OSError when a file is gone."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = Enclosure.objects.across_tenants("the outbox composes for all tenants").filter(
        event_id__in=set(events), with_invitation=True
    )
    for row in rows.order_by("event", "added_at", "pk"):
        with row.file.open("rb") as file:
            found[row.event_id].append(Attachment(row.name, row.content_type, file.read()))
    return {event: tuple(files) for event, files in found.items()}

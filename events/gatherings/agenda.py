"""The agenda: what sort of matter an item is, who may read it, and the agenda as it was when people were invited."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.tenancy.scoping import TenantModel

if TYPE_CHECKING:
    from events.gatherings.models import Event, ProgrammeItem


class ItemKind(models.TextChoices):
    INFORMATION = "information", _("for information")
    DISCUSSION = "discussion", _("for discussion")
    DECISION = "decision", _("for decision")
    STANDING = "standing", _("standing item")
    CARRIED_OVER = "carried_over", _("carried over from an earlier meeting")


class ItemLevel(models.TextChoices):
    """Who may read that the item is there. What is published of minutes is decided elsewhere."""

    PUBLIC = "public", _("public")
    PARTICIPANTS = "participants", _("participants")
    INTERNAL = "internal", _("our own staff")
    RESTRICTED = "restricted", _("our own staff who see the guests")


TOLD_TO_INVITEES = (ItemLevel.PUBLIC, ItemLevel.PARTICIPANTS)
# What comes first, whatever order it was typed in; all others keep their order.
FIRST = {ItemKind.STANDING: 0, ItemKind.CARRIED_OVER: 1}


class InvitedAgenda(TenantModel):
    """The agenda as the first who were invited read it: frozen then, and never changed. Only what invitees may see."""

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, related_name="invited_agenda")
    kept_at = models.DateTimeField(default=timezone.now)
    items = models.JSONField(default=list)

    class Meta:
        ordering = ("-kept_at", "-pk")

    def __str__(self) -> str:
        return f"agenda of event {self.event_id} as invited"


class ItemMeasure(TenantModel):
    """A measure that an item of the agenda is about: for our own staff, never told to invitees or the public."""

    item = models.ForeignKey("events.ProgrammeItem", on_delete=models.CASCADE, related_name="measure_links")
    measure = models.ForeignKey("events.Measure", on_delete=models.CASCADE, related_name="item_links")

    class Meta:
        ordering = ("measure__number", "pk")
        constraints = (models.UniqueConstraint(fields=("item", "measure"), name="item_measure_once"),)

    def __str__(self) -> str:
        return str(self.measure)


@dataclass(frozen=True)
class Kept:
    """One item as it is compared and shown beside today's. `starts` reads "17:00"."""

    day: int
    starts: str
    title: str
    speakers: list[str]


def rank(kind: str) -> int:
    """Where items of `kind` stand: standing ones first, then what was carried over, then all others."""
    return FIRST.get(ItemKind(kind), len(FIRST)) if kind else len(FIRST)


def keep_as_invited(event: "Event") -> None:
    """Keeps the agenda when the first are invited. A second call changes nothing."""
    rows = InvitedAgenda.objects.of(event.tenant_id)
    if not rows.filter(event=event).exists():
        items = [asdict(one) for one in as_now(event)]
        rows.get_or_create(event=event, defaults={"tenant_id": event.tenant_id, "items": items})


def as_now(event: "Event") -> list[Kept]:
    """What invitees may see of the agenda today. Two queries."""
    items = event.programme.filter(level__in=TOLD_TO_INVITEES).prefetch_related("appearances")
    return [_kept(item) for item in items]


def as_invited(event: "Event") -> InvitedAgenda | None:
    """The agenda that people were invited with, where today's is another; None where they are the same."""
    kept: InvitedAgenda | None = InvitedAgenda.objects.of(event.tenant_id).filter(event=event).first()
    if kept is None or kept.items == [asdict(one) for one in as_now(event)]:
        return None
    return kept


def addresses(papers: str) -> list[str]:
    """The links of a field that holds one a line. Raises ValueError for a line that is no web address."""
    found = [line.strip() for line in papers.splitlines() if line.strip()]
    for one in found:
        parts = urlsplit(one)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(one)
    return found


def _kept(item: "ProgrammeItem") -> Kept:
    speakers = [", ".join(filter(None, (one.name, one.office))) for one in item.appearances.all()]
    starts = item.starts.strftime("%H:%M") if item.starts else ""
    return Kept(item.day, starts, item.title, speakers)


def readable(event: "Event", *, may_see_guests: bool) -> "models.QuerySet[ProgrammeItem]":
    """Today's items as a member of staff may read them."""
    items = event.programme.prefetch_related("appearances", "measure_links__measure")
    return items if may_see_guests else items.exclude(level=ItemLevel.RESTRICTED)

"""The coordinator's board: how far each participant has come, in numbers. Facts in, only what may be told out (ADR 33).

No guest, host, venue or purpose goes into it. Numbers of people below FEW are not told, neither as such nor as the
difference of two that are (ADR 24). Of a meeting that is not shared, and of a locked one, nothing but a count is told
(of a locked one not even that).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from events.campaigns.counting import counted
from events.campaigns.models import Campaign, CampaignEvent, Participation
from events.campaigns.states import TAKING_PART
from events.gatherings.audiences import Audience
from events.gatherings.guestlist import FEW
from events.gatherings.models import Event, ProgrammeItem
from events.gatherings.numbers import numbers
from events.gatherings.visibility import Noticed, line, noticed

WHY = "the coordinator's board: titles that are shared, and numbers (ADR 33)"
PLANNED = (Event.State.DRAFT, Event.State.PUBLISHED)


@dataclass(frozen=True)
class BoardMeeting:
    """A shared meeting. `speakers` and `items` only where the participant says that the programme is public."""

    event: Noticed
    audience: tuple[str, ...]
    note: str
    before_letter: bool
    reported: bool
    items: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


@dataclass
class BoardRow:
    """One participant. `invited` and `answered` are None where they are not told."""

    participation: Participation
    name: str
    planned: int = 0
    held: int = 0
    cancelled: int = 0
    reported: int = 0
    hidden: int = 0  # meetings that are counted and not shown
    invited: int | None = None
    answered: int | None = None
    meetings: list[BoardMeeting] = field(default_factory=list)

    @property
    def takes_part(self) -> bool:
        return self.participation.state in TAKING_PART


@dataclass(frozen=True)
class Board:
    rows: list[BoardRow]
    totals: dict[str, int]
    invited: int | None  # of all together


def board(campaign: Campaign) -> Board:
    """Three statements, however many take part: participants, their meetings with all numbers, public programmes."""
    participations = (
        Participation.objects.across_tenants(WHY).filter(campaign=campaign).select_related("tenant")
    )
    rows = {row.pk: BoardRow(row, str(row)) for row in participations.exclude(state="withdrawn")}
    links = list(_links(campaign))
    programmes = _programmes(links)
    people: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for link in links:
        row = rows[link.participation_id]
        _count(row, link)
        people[row.participation.pk][0] += link.invited
        people[row.participation.pk][1] += link.answered
        if link.shared:
            row.meetings.append(_meeting(link, *programmes[link.event_id]))
    total = _tell(rows, people)
    names = ("planned", "held", "reported")
    totals = {name: sum(getattr(row, name) for row in rows.values()) for name in names}
    return Board(list(rows.values()), totals, total)


def _links(campaign: Campaign) -> Any:
    links = counted(CampaignEvent.objects.across_tenants(WHY).of_campaign(campaign.pk))
    return links.select_related("event__format").order_by("event__sort_on", "pk")


def _count(row: BoardRow, link: Any) -> None:
    state = link.event.state
    row.planned += state in PLANNED
    row.held += state == Event.State.HELD
    row.cancelled += state == Event.State.CANCELLED
    row.reported += bool(link.reported)
    row.hidden += not link.shared


def _tell(rows: Mapping[int, BoardRow], people: Mapping[int, list[int]]) -> int | None:
    """Writes into `rows` what may be told of people, and returns how many were invited in all, if that may be."""
    seen = numbers(Audience.PUBLIC, {str(pk): invited for pk, (invited, _answered) in people.items()})
    for key, invited in seen.groups:
        row, answered = rows[int(key)], people[int(key)][1]
        row.invited = invited
        silent = invited - answered
        if answered >= FEW and (silent == 0 or silent >= FEW):
            row.answered = answered
    return seen.total


def _programmes(links: Iterable[Any]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """By event: the titles of its programme and who appears there, where the participant calls it public."""
    public = [link.event_id for link in links if link.shared and link.programme_is_public]
    rows = ProgrammeItem.objects.across_tenants(WHY).filter(event__in=public)
    rows = rows.order_by("event", "position", "appearances__pk")
    items: dict[int, dict[str, None]] = defaultdict(dict)
    speakers: dict[int, dict[str, None]] = defaultdict(dict)
    for event_id, title, *person in rows.values_list(
        "event_id", "title", "appearances__name", "appearances__office", "appearances__role"
    ):
        items[event_id][line(title)] = None
        if person[0]:
            speakers[event_id][", ".join(line(each) for each in person if each)] = None
    return defaultdict(lambda: ((), ()), {pk: (tuple(items[pk]), tuple(speakers[pk])) for pk in public})


def _meeting(link: CampaignEvent, items: tuple[str, ...], speakers: tuple[str, ...]) -> BoardMeeting:
    return BoardMeeting(
        event=noticed(link.event),
        audience=tuple(filter(None, (line(each) for each in link.audience.splitlines()))),
        note=link.note,
        before_letter=link.before_letter,
        reported=bool(link.reported),  # type: ignore[attr-defined]
        items=items,
        speakers=speakers,
    )

"""What a file says of a plan, as plain facts. What it does not say is None or empty, and stays as it is known."""

from dataclasses import dataclass, field
from typing import Any

from events.dates import VagueDate


@dataclass(frozen=True)
class BodyFacts:
    """A body's part in a measure, named as the plan writes it. Open-ended others have no organisation."""

    part: str
    name: str
    unit: str = ""
    label: str = ""  # "": that of the measure


@dataclass(frozen=True)
class MeasureFacts:
    number: int
    title: str
    label: str
    bodies: tuple[BodyFacts, ...]
    deadline: VagueDate | None = None
    national_measure: int | None = None
    to_be_considered: bool = False
    note: str = ""
    about_individuals: bool | None = None
    aliases: tuple[str, ...] = ()
    description: str = ""
    recurrence: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """The fields of Measure that the file says something about."""
        facts: dict[str, Any] = {
            "national_measure": self.national_measure,
            "to_be_considered": self.to_be_considered or None,
            "note": self.note or None,
            "about_individuals": self.about_individuals,
            "aliases": list(self.aliases) or None,
            "description": self.description or None,
            "recurrence": self.recurrence or None,
        }
        if self.deadline:
            facts |= {"deadline_from": self.deadline.first, "deadline_precision": self.deadline.precision}
        return {name: value for name, value in facts.items() if value is not None}


@dataclass(frozen=True)
class AreaFacts:
    number: int
    title: str
    measures: tuple[int, ...]


@dataclass(frozen=True)
class RecommendationFacts:
    number: int
    text: str
    verdict: str
    reason: str
    measures: tuple[int, ...]


@dataclass(frozen=True)
class GroupFacts:
    name: str
    facts: dict[str, Any]
    recommendations: tuple[RecommendationFacts, ...]


@dataclass(frozen=True)
class PlanFacts:
    key: str
    facts: dict[str, Any]  # field names of Plan that the file says something about, without the owner
    owner: str
    areas: tuple[AreaFacts, ...]
    measures: tuple[MeasureFacts, ...]
    possible: tuple[str, ...] = ()
    groups: tuple[GroupFacts, ...] = ()
    predecessor: str = ""  # its key


@dataclass(frozen=True)
class Reading:
    plan: PlanFacts | None
    errors: tuple[str, ...] = field(default=())

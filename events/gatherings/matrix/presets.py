"""Ready choices of who sees what of the guests, and what makes one choice wider than another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.gatherings.attending import GUEST_FIELDS
from events.gatherings.audiences import Audience
from events.gatherings.models import Event

MATRIX = tuple(f"{name}_for" for name in GUEST_FIELDS)
OTHERS_THERE = ("police_attends", "press_attends", "ex_officio")
SETTABLE = (*MATRIX, *OTHERS_THERE, "place_hours_before")


@dataclass(frozen=True)
class Preset:
    key: str
    label: Any
    meaning: Any
    fields: Mapping[str, Audience]

    @property
    def matrix(self) -> dict[str, int]:
        return {f"{name}_for": self.fields.get(name, Audience.ORGANISER).value for name in GUEST_FIELDS}


PRESETS = (
    Preset(
        "restricted",
        _("Restricted"),
        _(
            "Nobody but you sees who is invited, who comes and how many. This holds unless you choose otherwise."
        ),
        {},
    ),
    Preset(
        "counts",
        _("Counts only"),
        _("Those who are invited see how many come, and no names."),
        {"count": Audience.INVITED},
    ),
    Preset(
        "delegates",
        _("Delegates only"),
        _("Those who come see each other’s names, roles and organisations. Nobody else sees anything."),
        {"name": Audience.ACCEPTED, "organisation": Audience.ACCEPTED, "role": Audience.ACCEPTED},
    ),
    Preset(
        "chatham",
        _("Chatham House"),
        _("Those who come see each other’s names and organisations. Minutes name them to you alone."),
        {"name": Audience.ACCEPTED, "organisation": Audience.ACCEPTED},
    ),
    Preset(
        "open",
        _("Open"),
        _(
            "All who are invited see who comes and from where. Everybody sees which organisations come, and how many."
        ),
        {
            "name": Audience.INVITED,
            "organisation": Audience.PUBLIC,
            "role": Audience.INVITED,
            "answer": Audience.INVITED,
            "count": Audience.PUBLIC,
        },
    ),
)


def preset_of(key: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.key == key), None)


def current(event: Event) -> Preset | None:
    """The preset that the event's matrix is, None when it is one of its own."""
    matrix = {name: getattr(event, name) for name in MATRIX}
    return next((preset for preset in PRESETS if preset.matrix == matrix), None)


def widened(event: Event, facts: Mapping[str, Any]) -> list[str]:
    """The fields by which `facts` tell more, or bring others to the meeting, than those who answered were told."""
    wider = [name for name in MATRIX if facts.get(name, Audience.ORGANISER) < getattr(event, name)]
    return wider + [name for name in OTHERS_THERE if facts.get(name) and facts[name] != getattr(event, name)]

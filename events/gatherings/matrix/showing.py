"""What each audience would see of invented guests: the engine itself, asked with an example. Labels are translated."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.gatherings.kinds import EventState
from events.gatherings.models import Event
from events.gatherings.overview import AUDIENCES
from events.gatherings.visibility import GuestFacts, SeenGuest, SeenGuests, guests

SHOWN = 3  # rows of the example


@dataclass(frozen=True)
class Example:
    label: Any
    lines: tuple[str, ...]


def examples(event: Event, choices: Mapping[str, Any]) -> list[Example]:
    """One for each audience, were `event` set to `choices`. No query, nothing is stored."""
    draft = copy.copy(event)
    draft.state, draft.locked_at = EventState.PUBLISHED, None
    for name, value in choices.items():
        setattr(draft, name, value)
    known = _invented()
    return [Example(label, _lines(guests(draft, audience, known))) for audience, label in AUDIENCES]


def _lines(found: SeenGuests) -> tuple[str, ...]:
    lines = [_in_words(one) for one in found.people[:SHOWN]] or list(found.organisations[:SHOWN])
    if lines:
        lines.append("…")
    if found.count:
        lines.append(ngettext("%(n)s person comes", "%(n)s people come", found.count) % {"n": found.count})
    return tuple(lines)


def _in_words(one: SeenGuest) -> str:
    facts = (one.name, one.role, one.organisation, one.email, one.phone)
    return ", ".join(filter(None, facts)) + (f" ({one.answer})" if one.answer else "")


def _invented() -> list[GuestFacts]:
    people = (
        ("Amina Noor", _("mosque"), _("leader")),
        ("Bo Berg", _("parish"), _("priest")),
        ("Cecilie Dahl", _("youth council"), _("member")),
        ("Daniel Holm", _("police"), _("officer")),
        ("Eva Lunde", _("school"), _("headteacher")),
        ("Fatima Ali", _("women’s association"), _("leader")),
    )
    return [
        GuestFacts(
            name=name,
            organisation=organisation,
            role=role,
            email=f"{name.split()[0].lower()}@example.org",
            phone="900 00 000",
            answer=_("yes"),
            comes=True,
            seats=2,
        )
        for name, organisation, role in people
    ]

"""The letters as PDF, one page an invitee: claims PDF/UA-1."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from events.gatherings.models import Event
from events.typesetting import typeset
from invites.invitations.lettering.facts import letters
from invites.invitations.models import Invitation

TEMPLATE = Path(__file__).with_name("letter.typ")
STANDARDS: list[Any] = ["ua-1"]


def render(event: Event, invitations: Sequence[Invitation], *, on: dt.date) -> bytes:
    """Dated `on`. Needs at least one invitation, `event.tenant` and the contacts. Raises LookupError as `letters`."""
    facts = letters(event, invitations, on=on)
    noon = dt.datetime.combine(on, dt.time(12), dt.UTC)
    languages = {one["language"] for one in facts["letters"]}
    return typeset(TEMPLATE, facts, name="letters", standards=STANDARDS, date=noon, languages=languages)

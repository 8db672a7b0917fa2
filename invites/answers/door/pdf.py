"""The door list on paper: a box, a name, an organisation. Claims PDF/UA-1."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import line
from events.typesetting import heading, typeset
from invites.answers.door.lines import DoorList, Line
from invites.invitations import words

TEMPLATE = Path(__file__).with_name("door.typ")
STANDARDS: list[Any] = ["ua-1"]


def render(event: Event, listed: DoorList, *, on: dt.datetime) -> bytes:
    """In the tenant's language; `on` (aware) is when it was printed, since answers change."""
    with translation.override(event.tenant.language):
        facts = {
            "title": heading(line(event.title)),
            "language": event.tenant.language,
            "when": words.start(event),
            "printed": _("Printed %(when)s. Destroy it after the meeting.")
            % {"when": words.moment(event.local(on))},
            "summary": listed.summary(),
            "head": [_("Here"), _("Name"), _("Organisation")],
            "rows": [[_box(one), one.name, one.organisation] for one in listed.lines],
            "more": _("Not on the list"),
            "walk_ins": [[_box(one), one.name, one.organisation] for one in listed.walk_ins],
        }
    return typeset(
        TEMPLATE,
        facts,
        name="door",
        standards=STANDARDS,
        date=on.replace(microsecond=0),
        languages=_written(facts),
    )


def _box(one: Line) -> str:
    """What stands in the box of who has come before it was printed."""
    return "X" if one.arrived else ""


def _written(facts: dict[str, Any]) -> set[str]:
    """ "ar" where a name holds Arabic letters, which need a font of their own."""
    everything = "".join("".join(row) for row in (*facts["rows"], *facts["walk_ins"]))
    return {"ar"} if any("\u0600" <= letter <= "\u06ff" for letter in everything) else set()

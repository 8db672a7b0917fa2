"""A round by hand that is chosen but not sent yet, kept in the session."""

from collections.abc import Sequence
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from events.gatherings.models import Event
from invites.invitations.reminders import people


class Draft:
    """Whom to ask, and the message."""

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key, self._event = session, f"chase-{event.pk}", event
        kept = session.get(self._key) or {}
        self.chosen: list[int] = kept.get("chosen", [])
        self.message: str = kept.get("message", "")

    def keep(self, *, chosen: Sequence[int], message: str) -> None:
        self._session[self._key] = {"chosen": list(chosen), "message": message}

    def clear(self) -> None:
        self._session.pop(self._key, None)

    def people(self) -> list[Any]:
        """Those of the chosen who still have not answered."""
        return list(people.silent(self._event).filter(pk__in=self.chosen)) if self.chosen else []

"""What the organiser has chosen so far, kept in the session between the form and the button that sends."""

from dataclasses import asdict

from django.contrib.sessions.backends.base import SessionBase

from events.gatherings.models import Event
from invites.invitations.telling.services import Decision


class Draft:
    """A decision about one event that is not taken yet."""

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key = session, f"tell-{event.pk}"

    def keep(self, decision: Decision) -> None:
        self._session[self._key] = asdict(decision)

    def kept(self) -> Decision | None:
        facts = self._session.get(self._key)
        return Decision(**{**facts, "chosen": tuple(facts["chosen"])}) if facts else None

    def clear(self) -> None:
        self._session.pop(self._key, None)

"""What is typed on the page of a round, kept in the session until it is sent: notes to all and to one, and when."""

from collections.abc import Mapping

from django.contrib.sessions.backends.base import SessionBase
from django.forms import BaseForm

from events.gatherings.models import Event

WHEN = "when-"  # the names of the fields that say when the round goes out begin with it
MOST_FIELDS, LONGEST = 10, 200


class Notes:
    """`greeting` goes to all of the round, `to_one` holds notes by contact id, `when` what was typed about the time."""

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key = session, f"notes-{event.pk}"
        kept = session.get(self._key, {})
        self.greeting: str = kept.get("greeting", "")
        self.to_one: dict[int, str] = {int(pk): note for pk, note in kept.get("notes", {}).items()}
        self.when: dict[str, str] = kept.get("when", {})

    def take(self, form: BaseForm, posted: Mapping[str, str] | None = None) -> None:
        """Keeps what a valid NoteForm and the fields about the time hold; without the form nothing is changed."""
        said = form.cleaned_data if form.is_valid() else {}
        if not said.get("reader"):
            return
        self.greeting, self.to_one[said["reader"]] = said["greeting"], said["note"]
        if posted is not None:
            typed = [name for name in posted if name.startswith(WHEN)][:MOST_FIELDS]
            self.when = {name[:LONGEST]: posted[name][:LONGEST] for name in typed}
        notes = {str(pk): text for pk, text in self.to_one.items() if text}
        self._session[self._key] = {"greeting": self.greeting, "notes": notes, "when": self.when}

    def clear(self) -> None:
        self._session.pop(self._key, None)


def joined(note: str, greeting: str) -> str:
    """The note to one person, then the greeting to all: what the invitation keeps and the mail shows."""
    return "\n\n".join(part for part in (note.strip(), greeting.strip()) if part)

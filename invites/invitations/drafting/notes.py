"""The notes of a round that is being written, kept in the session until it is sent: to all, and to one person each."""

from django.contrib.sessions.backends.base import SessionBase
from django.forms import BaseForm

from events.gatherings.models import Event


class Notes:
    """`greeting` goes to all of the round; `to_one` holds notes by the contact's id."""

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key = session, f"notes-{event.pk}"
        kept = session.get(self._key, {})
        self.greeting: str = kept.get("greeting", "")
        self.to_one: dict[int, str] = {int(pk): note for pk, note in kept.get("notes", {}).items()}

    def keep(self, *, greeting: str, reader: int, note: str) -> None:
        self.greeting, self.to_one[reader] = greeting, note
        notes = {str(pk): text for pk, text in self.to_one.items() if text}
        self._session[self._key] = {"greeting": greeting, "notes": notes}

    def take(self, form: BaseForm) -> None:
        """Keeps what a valid NoteForm holds; one that was not on the page changes nothing."""
        said = form.cleaned_data if form.is_valid() else {}
        if said.get("reader"):
            self.keep(greeting=said["greeting"], reader=said["reader"], note=said["note"])

    def clear(self) -> None:
        self._session.pop(self._key, None)


def joined(note: str, greeting: str) -> str:
    """The note to one person, then the greeting to all: what the invitation keeps and the mail shows."""
    return "\n\n".join(part for part in (note.strip(), greeting.strip()) if part)

"""A round of invitations before it is sent: who gets it, what is written to them, and what stands against it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.models import InviteeLanguage
from invites.invitations import checks, choosing, mails, wording
from invites.invitations.drafting.models import MailKind
from invites.invitations.drafting.notes import Notes, joined
from invites.invitations.organisations import Asked
from invites.post.letters import Letter

MOST_NAMED = 5  # people named beside a refusal; the others are counted


@dataclass
class Round:
    event: Event
    people: list[Contact]
    notes: Notes
    quotas: dict[int, int] = field(default_factory=dict)

    def reader(self, wanted: str) -> Contact:
        """The one whose mail is shown: the one asked for, or the first."""
        return next((one for one in self.people if str(one.pk) == wanted), self.people[0])

    def place_of(self, reader: Contact) -> tuple[int, int | None, int | None]:
        """Which of the people it is (from 1), and the ids of the one before and the one after."""
        ids = [one.pk for one in self.people]
        at = ids.index(reader.pk)
        before = ids[at - 1] if at else None
        return at + 1, before, ids[at + 1] if at + 1 < len(ids) else None

    def letter(self, reader: Contact) -> Letter:
        """The mail as `reader` gets it, with dead links."""
        note = joined(self.notes.to_one.get(reader.pk, ""), self.notes.greeting)
        return mails.preview(self.event, reader, note=note, quota=self.quotas.get(reader.pk, 0))

    def languages(self) -> list[tuple[str, int]]:
        """How many read each language, by its name."""
        counts = Counter(wording.known(one.language) for one in self.people)
        return [
            (str(InviteeLanguage(code).label), counts[code])
            for code in InviteeLanguage.values
            if code in counts
        ]

    def falls_back(self, reader: Contact) -> str:
        """A sentence when the mail is not in the words or the language one would expect; "" otherwise."""
        language = wording.known(reader.language)
        if language != reader.language:
            return _("We do not write the language of this contact, so the mail is in another.")
        own = wording.words_of([self.event.tenant], MailKind.INVITATION)
        if own and (self.event.tenant_id, language) not in own:
            return _("You have no text of your own in this language, so the built-in one is used.")
        if language != self.event.language:
            written = InviteeLanguage(self.event.language).label
            return _(
                "Title, purpose and programme are shown as you wrote them, in this language: %(written)s."
            ) % {"written": written}
        return ""

    def asked(self) -> list[Asked]:
        """The organisations in it that name their people themselves."""
        return [Asked(one, self.quotas[one.pk]) for one in self.people if one.pk in self.quotas]

    def refusals(self) -> list[checks.Refusal]:
        return checks.refusals(
            self.event, self.people, self.notes.to_one, greeting=self.notes.greeting, quotas=self.quotas
        )


@dataclass(frozen=True)
class Reason:
    """A refusal as the page shows it: what, whom it concerns, how many more, and where to put it right."""

    what: str
    who: str
    more: int
    url: str
    label: str


def of(request: HttpRequest, event: Event) -> Round | None:
    """The round that is ticked in this session; None when nobody is, or everybody is invited meanwhile."""
    draft = choosing.Draft(request.session, event)
    return among(request, event, contacts=draft.ids, quotas=draft.quotas)


def among(
    request: HttpRequest, event: Event, *, contacts: Collection[int], quotas: dict[int, int]
) -> Round | None:
    """The round of those of `contacts` (ids) who are left to ask; None when nobody is."""
    people = list(choosing.left_to_ask(event).filter(pk__in=contacts)) if contacts else []
    return Round(event, people, Notes(request.session, event), quotas) if people else None


def facts(round_: Round, reader: Contact) -> dict[str, Any]:
    """What the preview shows when it shows the mail of `reader`."""
    number, before, after = round_.place_of(reader)
    return {
        "event": round_.event,
        "people": round_.people,
        "reader": reader,
        "number": number,
        "before": before,
        "after": after,
        "letter": round_.letter(reader),
        "languages": round_.languages(),
        "reader_language": InviteeLanguage(wording.known(reader.language)).label,
        "falls_back": round_.falls_back(reader),
        "reasons": reasons(round_),
        "contacts": ",".join(str(one.pk) for one in round_.people),
        "quotas": ",".join(f"{one.contact.pk}:{one.quota}" for one in round_.asked()),
        "asked": round_.asked(),
    }


def reasons(round_: Round) -> list[Reason]:
    return [_reason(round_.event, refusal) for refusal in round_.refusals()]


def _reason(event: Event, refusal: checks.Refusal) -> Reason:
    url, label = _mended(event, refusal.field)
    named = ", ".join(refusal.who[:MOST_NAMED])
    return Reason(refusal.what, named, max(0, len(refusal.who) - MOST_NAMED), url, label)


def _mended(event: Event, field_: str) -> tuple[str, str]:
    """Where a refusal is put right, and what the link says."""
    at = {"tenant": event.tenant.slug}
    name, _colon, language = field_.partition(":")
    if name == "wording":
        kind = {"kind": str(MailKind.INVITATION), "language": language}
        return reverse("wording-edit", kwargs=at | kind), _("Change the text of the mail")
    if name in ("note", "greeting"):
        return f"#id_{name}", _("To the note")
    if name == "enclosures":
        return reverse("invitation-enclosures", kwargs=at | {"pk": event.pk}), _("To the attachments")
    return reverse("event-edit", kwargs=at | {"pk": event.pk}), _("Change the meeting")

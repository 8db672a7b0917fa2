"""Why a round of invitations may not be sent: an empty placeholder, a place given away, a secret link, too long a text.

Shown before sending and asked once more when sending; a mail that waits is asked again when it is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.directory.models import Contact
from events.gatherings.models import Event, PlaceLevel
from events.gatherings.visibility import Audience, line, place_level, seen
from invites.invitations import leaks, links, wording
from invites.invitations.drafting.models import Enclosure, MailKind

NOTE_LONGEST = 450  # of a note to one and of the greeting to all; the row keeps both as one text
TO_ONE_LONGEST = 2 * NOTE_LONGEST + 2  # who joins a planned wave gets note and greeting as one note
MOST_BYTES = 15 * 1024 * 1024  # of all files together; a mail service takes 30 MB once they are coded
MOST_HITS = 3  # words named in one sentence


@dataclass(frozen=True)
class Refusal:
    """A sentence in the active language, the people it concerns ("" of them: all), and what has to be changed.

    `field` is "wording:nb", "note", "greeting", "enclosures", "contact", or the name of a field of the event.
    """

    what: str
    who: tuple[str, ...] = ()
    field: str = ""


class Refused(Exception):
    """Nothing was sent. `refusals` say why.

    `str()` names the fields only: it may end in a log, and the words themselves tell the place that is to be hidden.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(", ".join(dict.fromkeys(refusal.field for refusal in refusals)))

    @property
    def words(self) -> str:
        """The reasons as sentences, for a page of staff."""
        return " ".join(refusal.what for refusal in self.refusals)


@dataclass(frozen=True)
class FreeText:
    """A text that somebody typed: what staff call it, where it is changed, and what it says."""

    label: Any
    field: str
    text: str


def refusals(
    event: Event,
    people: Sequence[Contact],
    notes: Mapping[int, str] | None = None,
    *,
    greeting: str = "",
    quotas: Mapping[int, int] | None = None,
    kind: str = MailKind.INVITATION,
    more: Mapping[str, str] | None = None,
) -> list[Refusal]:
    """Everything that stands against sending `kind` to `people`; nothing when it may be sent. Sends and stores nothing.

    `notes` and `quotas` are by the contact's id, `greeting` goes to all, `more` fills placeholders of that kind alone.
    Needs `event.tenant`; loads the contacts' organisations.
    """
    prefetch_related_objects(people, "organisation")
    said = _words(event, kind, languages(people))
    enclosures = list(Enclosure.objects.of(event.tenant_id).filter(event=event, with_invitation=True))
    found = [
        *_empty(event, people, said, quotas or {}, more or {}),
        *of_texts(event, [*of_event(event), *of_words(said), *_names(enclosures)]),
        *of_texts(event, [FreeText(gettext_lazy("The greeting to all"), "greeting", greeting)]),
        *_in_notes(event, people, notes or {}),
        *_too_long([greeting], "greeting"),
        *_too_heavy(enclosures),
    ]
    return list(dict.fromkeys(found))


def notice_words(event: Event, kind: str, languages: Iterable[str]) -> dict[str, wording.Wording]:
    """The words of a notice for readers of `languages`, for `of_notice`. One query."""
    return _words(event, kind, {wording.known(language) for language in languages})


def of_notice(event: Event, said: Mapping[str, wording.Wording], message: str = "") -> list[Refusal]:
    """What of the place, and which secret links, a notice would tell those who have not said yes.

    `said` are its words by language, `message` is what the organiser adds. Nothing when it may be sent. Needs
    `event.tenant`.
    """
    added = FreeText(gettext_lazy("The message"), "message", message)
    return list(dict.fromkeys(of_texts(event, [*of_event(event), *of_words(said), added])))


def refuse_if(found: Sequence[Refusal]) -> None:
    """Raises Refused when there is anything in `found`."""
    if found:
        raise Refused(found)


def languages(people: Iterable[Contact]) -> list[str]:
    """The languages that `people` read, those that we write."""
    return sorted({wording.known(person.language) for person in people})


def hidden_place(event: Event) -> leaks.Hidden:
    """What those who have not said yes may not know of where `event` is."""
    shown, level = seen(event, Audience.INVITED), place_level(event, Audience.INVITED)
    rungs = (
        (PlaceLevel.ADDRESS, event.venue),
        (PlaceLevel.ADDRESS, event.address),
        (PlaceLevel.DISTRICT, event.district),
        (PlaceLevel.CITY, event.city),
    )
    return leaks.hidden(
        places=[*(words for needed, words in rungs if level < needed), *_places_of_items(event)],
        room=event.room if level < PlaceLevel.ROOM else "",
        online_url=event.online_url,
        shown=[shown.place, shown.city, event.tenant.name, *shown.hosts],
    )


def of_texts(
    event: Event, texts: Iterable[FreeText], *, hidden: leaks.Hidden | None = None
) -> Iterator[Refusal]:
    """What of the place, and which secret links, stand in `texts`."""
    hidden = hidden or hidden_place(event)
    for each in texts:
        if hits := hidden.found_in(each.text):
            yield Refusal(_gives_away(each.label, hits), field=each.field)
        for link in links.secret_links(each.text):
            yield Refusal(_secret(each.label, link), field=each.field)


def of_event(event: Event) -> list[FreeText]:
    """The texts of the event that invitees read before they answer."""
    shown = seen(event, Audience.INVITED)
    items = "\n".join("\n".join((item.title, *item.speakers)) for item in shown.programme)
    return [
        FreeText(gettext_lazy("The title"), "title", shown.title),
        FreeText(gettext_lazy("The purpose"), "purpose", shown.purpose),
        FreeText(gettext_lazy("The programme"), "programme", items),
        FreeText(gettext_lazy("The chair"), "chair", shown.chair),
        FreeText(gettext_lazy("Who answers questions"), "contact_name", shown.contact_name),
    ]


def of_words(said: Mapping[str, wording.Wording]) -> list[FreeText]:
    """The tenant's own words by language; the built-in ones tell no place."""
    return [
        FreeText(gettext_lazy("The text of the mail"), f"wording:{language}", f"{each.subject}\n{each.body}")
        for language, each in said.items()
        if each.own
    ]


def _words(event: Event, kind: str, languages: Iterable[str]) -> dict[str, wording.Wording]:
    own = wording.words_of([event.tenant], kind)
    return {
        language: own.get((event.tenant_id, language)) or wording.built_in(kind, language)
        for language in languages
    }


# --- Empty placeholders -------------------------------------------------------------------------------------------
def _empty(
    event: Event,
    people: Sequence[Contact],
    said: Mapping[str, wording.Wording],
    quotas: Mapping[int, int],
    more: Mapping[str, str],
) -> Iterator[Refusal]:
    for language, words in said.items():
        readers = [person for person in people if wording.known(person.language) == language]
        with translation.override(language):
            given = {**wording.values(event.tenant, seen(event, Audience.INVITED)), **more}
        for name in sorted(words.placeholders - wording.PERSONAL.keys()):
            if not given.get(name):
                yield Refusal(_nothing(name), tuple(line(one.name) for one in readers), f"wording:{language}")
        for name in sorted(words.placeholders & wording.PERSONAL.keys()):
            lacking = [one for one in readers if not personal_value(name, one, quotas)]
            if lacking:
                who = tuple(line(one.name) or one.email for one in lacking)
                yield Refusal(_nothing(name), who, f"wording:{language}")


def personal_value(name: str, person: Contact, quotas: Mapping[int, int]) -> str:
    """What a personal placeholder stands for at `person`; "" for nothing."""
    if name == "organisation":
        return line(person.organisation.name) if person.organisation else ""
    if name == "quota":
        return str(quotas.get(person.pk) or "")
    return line(person.name)


def _nothing(name: str) -> str:
    reasons = {
        "deadline": _("The text uses {deadline}, and the meeting has no answer deadline."),
        "place": _("The text uses {place}, and invitees see nothing of the place before they accept."),
        "organisation": _("The text uses {organisation}, and some of the recipients belong to none."),
        "quota": _("The text uses {quota}, and some of the recipients are asked as persons."),
    }
    return reasons.get(name) or _("The text uses {%(name)s}, and that would be empty.") % {"name": name}


# --- Places and links in free text ----------------------------------------------------------------------------------
def _places_of_items(event: Event) -> list[str]:
    return [item.place for item in seen(event, Audience.ORGANISER).programme]


def _names(enclosures: Iterable[Enclosure]) -> list[FreeText]:
    return [
        FreeText(gettext_lazy("The name of an attachment"), "enclosures", enclosure.name)
        for enclosure in enclosures
    ]


def _in_notes(event: Event, people: Sequence[Contact], notes: Mapping[int, str]) -> Iterator[Refusal]:
    written = [(person, notes[person.pk]) for person in people if notes.get(person.pk)]
    hidden = hidden_place(event) if written else leaks.Hidden()
    for person, note in written:
        text = FreeText(gettext_lazy("The note"), "note", note)
        found = [*of_texts(event, [text], hidden=hidden), *_too_long([note], "note", TO_ONE_LONGEST)]
        for each in found:
            yield Refusal(each.what, (line(person.name),), "note")


def _gives_away(label: Any, hits: Sequence[str]) -> str:
    words = ", ".join(_("“%(word)s”") % {"word": hit} for hit in hits[:MOST_HITS])
    return _("%(text)s gives away the place, which invitees may not know before they accept: %(words)s.") % {
        "text": label,
        "words": words,
    }


def _secret(label: Any, link: links.Found) -> str:
    if link.why is links.Why.OURS:
        sentence = _(
            "%(text)s holds a secret link of one recipient (%(link)s). Take it out: each mail has links of its own."
        )
    else:
        sentence = _(
            "%(text)s holds a link with a password or a code in it (%(link)s). A link to join online belongs in the "
            "meeting's own field for it; those who accept see it."
        )
    return sentence % {"text": label, "link": link.shown}


# --- Too much -------------------------------------------------------------------------------------------------------
def _too_long(texts: Iterable[str], field: str, most: int = NOTE_LONGEST) -> Iterator[Refusal]:
    if any(len(text) > most for text in texts):
        yield Refusal(_("A note may have %(n)d characters at most.") % {"n": NOTE_LONGEST}, field=field)


def _too_heavy(enclosures: Sequence[Enclosure]) -> Iterator[Refusal]:
    if sum(enclosure.size for enclosure in enclosures) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        yield Refusal(
            _("The attachments are larger than %(n)d MB together.") % {"n": most}, field="enclosures"
        )

"""The invitation mail: words, links and calendar request. Kind "invitation": subject = the invitation, revision = the
event's sequence.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.directory.models import Contact
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, line, prefetch_for_seen, seen, text
from invites.invitations import checks, imip, wording, words
from invites.invitations.drafting.enclosing import attachments_of
from invites.invitations.models import Invitation
from invites.invitations.sheets import Sheet, gap, sheet
from invites.invitations.truth import MAILS
from invites.post import recipients
from invites.post.letters import Address, Attachment, Deadlines, Letter, Withheld, deadlines, register
from invites.post.models import OutgoingMail

if TYPE_CHECKING:
    from django.db.models import QuerySet

KIND = "invitation"
OFF = OutgoingMail.State.CANCELLED
WHY = "the outbox composes for all tenants"


@dataclass(frozen=True)
class Paper:
    """All that is the same for every recipient of an event who reads the same language."""

    sender: str
    subject: str
    text: Sheet
    html: Sheet
    request: imip.Request
    deadlines: Deadlines
    attachments: tuple[Attachment, ...] = ()

    def letter(self, invitation: Invitation, *, to: str, delivery_id: uuid.UUID) -> Letter:
        own = personal(invitation)
        reply = Address(f"svar-{invitation.reply_token}@{settings.REPLY_DOMAIN}", self.sender)
        return Letter(
            to=Address(to, own["name"]),
            sender=reply,
            reply_to=reply,
            subject=self.subject,
            text=self.text.filled(own),
            html=self.html.filled(in_html(own)),
            delivery_id=delivery_id,
            language=invitation.language,
            calendar=self.request.to(organizer=(reply.name, reply.email), attendee=(own["name"], to)),
            method="REQUEST",
            **self.deadlines,
            attachments=self.attachments,
        )


def personal(invitation: Invitation) -> dict[str, str]:
    """What fills the gaps of a paper for one recipient, as text."""
    contact, note = invitation.contact, invitation.note
    return {
        "name": line(contact.name),
        "link": f"{settings.BASE_URL}/rsvp/{invitation.token}/",
        "organisation": line(contact.organisation.name) if contact.organisation else "",
        "quota": str(invitation.quota) if invitation.for_organisation else "",
        "party": party(invitation.quota, invitation.language) if invitation.for_organisation else "",
        "note": f"\n{text(note)}\n" if note else "",
    }


def in_html(own: dict[str, str]) -> dict[str, str]:
    """The same for the HTML: every value is text, so it is escaped; the note becomes paragraphs."""
    return {
        "name": escape(own["name"]),
        "link": own["link"],
        "organisation": escape(own["organisation"]),
        "quota": own["quota"],
        "party": f"<p>{escape(own['party'].strip())}</p>" if own["party"] else "",
        "note": note_in_html(own["note"]) if own["note"] else "",
    }


@lru_cache(maxsize=256)
def party(quota: int, language: str) -> str:
    """The paragraph that asks an organisation to send people and to name them itself."""
    with translation.override(language):
        text = ngettext(
            "Your organisation is asked to send %(quota)s person, and names that person itself when it answers.",
            "Your organisation is asked to send up to %(quota)s people, and names them itself when it answers.",
            quota,
        )
    return f"{text % {'quota': quota}}\n\n"


@lru_cache(maxsize=256)
def note_in_html(note: str) -> str:
    """A note as paragraphs; most of a round get the same one."""
    each = (escape(paragraph).replace("\n", "<br>") for paragraph in wording.paragraphs(note))
    return "".join(f"<p>{paragraph}</p>" for paragraph in each)


def compose_invitations(mails: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    """Letters by the mail's id, in eight queries however many there are.

    Withheld: what is no longer true (event off or begun, invitation withdrawn) or was said again in a newer mail.
    """
    invitations = _invitations(mails)
    events = _events({invitation.event_id for invitation in invitations.values()})
    newest = _newest_revisions(mails)
    write = Writer(list(events.values()))
    letters: dict[int, Letter | Withheld] = {}
    for mail in mails:
        invitation = invitations.get(mail.subject_id)
        if invitation is None:
            letters[mail.pk] = Withheld(OFF, "the invitation is gone")
            continue
        event = events[invitation.event_id]
        if withheld := _withheld(mail, invitation, event, newest):
            letters[mail.pk] = withheld
            continue
        paper = write.paper(event, invitation.language)
        letters[mail.pk] = paper.letter(invitation, to=mail.to_address, delivery_id=mail.delivery_id)
    return letters


class Writer:
    """The papers of a batch, each made when it is first asked for."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._said = wording.words_of({event.tenant_id for event in events}, KIND)
        self._files = attachments_of(event.pk for event in events)
        self._papers: dict[tuple[int, str], Paper] = {}

    def paper(self, event: Event, language: str) -> Paper:
        """Raises Refused for words that tell the place: they may have changed since the round was sent."""
        if (event.pk, language) not in self._papers:
            said = self._said.get((event.tenant_id, language)) or wording.built_in(KIND, language)
            texts = [*checks.of_event(event), *checks.of_words({language: said})]
            checks.refuse_if(list(checks.of_texts(event, texts)))
            files = self._files.get(event.pk, ())
            self._papers[event.pk, language] = paper_for(event, language, said=said, attachments=files)
        return self._papers[event.pk, language]


def preview(event: Event, contact: Contact, *, note: str = "", quota: int = 0) -> Letter:
    """The mail that `contact` would get, to the letter, with links that lead nowhere. Nothing is stored.

    `note` is what stands after the greeting, `quota` how many an organisation may send (0: asked as a person). Raises
    ValueError for an event without a time.
    """
    language = wording.known(contact.language)
    draft = Invitation(
        tenant_id=event.tenant_id,
        event=event,
        contact=contact,
        language=language,
        note=note,
        for_organisation=quota > 0,
        quota=max(quota, 1),
    )
    draft.seal()
    files = attachments_of([event.pk]).get(event.pk, ())
    paper = paper_for(event, language, attachments=files)
    return paper.letter(draft, to=contact.email, delivery_id=uuid.uuid4())


def paper_for(
    event: Event,
    language: str,
    *,
    said: wording.Wording | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Paper:
    """Needs `event.tenant`; hosts and programme are loaded unless `prefetch_for_seen` did, the words unless given."""
    with translation.override(language):
        shown = seen(event, Audience.INVITED)
        facts = _facts(event, shown, said=said)
        return Paper(
            sender=line(event.tenant.name),
            subject=str(facts["subject"]),
            text=sheet("emails/invitation.txt", facts),
            html=sheet("emails/invitation.html", facts),
            request=imip.request(shown, changed_at=event.changed_at),
            deadlines=deadlines(event.starts_at),
            attachments=attachments,
        )


def _facts(
    event: Event,
    shown: SeenEvent,
    *,
    kind: str = KIND,
    said: wording.Wording | None = None,
    more: dict[str, str] | None = None,
) -> dict[str, object]:
    """What the templates of the mails to invitees need, in the active language.

    `kind` is a MailKind; `said` are its words (looked up when None), `more` fills placeholders of that kind alone.
    """
    tenant, everything = event.tenant, seen(event, Audience.ACCEPTED)
    said = said or wording.words_for(tenant, kind, translation.get_language() or tenant.language)
    given = wording.values(tenant, shown)
    opening = said.opening(given | wording.gaps() | (more or {}))
    return {
        "subject": opening.subject,
        "opening": opening,
        "note": gap("note"),
        "party": gap("party"),
        "name": gap("name"),
        "link": gap("link"),
        "seen": shown,
        "sender": given["sender"],
        "when": given["when"],
        "hosts": ", ".join(shown.hosts),
        "programme": words.programme(shown),
        "answer_by": given["deadline"],
        "more_place": everything.place != shown.place,
        "more_online": bool(everything.online_url),
        "contact_name": given["contact"],
        "contact_email": shown.contact_email or tenant.contact_email,
        "contact_phone": shown.contact_phone or line(tenant.contact_phone),
    }


def _invitations(mails: Sequence[OutgoingMail]) -> dict[int, Invitation]:
    """By id; a row of another tenant than the mail's is none of its business."""
    wanted = {mail.subject_id: mail.tenant_id for mail in mails}
    rows = (
        Invitation.objects.across_tenants(WHY)
        .select_related("contact__organisation")
        .filter(pk__in=list(wanted))
    )
    return {row.pk: row for row in rows.order_by() if row.tenant_id == wanted[row.pk]}


def _events(ids: Iterable[int]) -> dict[int, Event]:
    rows: QuerySet[Event] = Event.objects.across_tenants(WHY).select_related("tenant").filter(pk__in=ids)
    return {event.pk: event for event in prefetch_for_seen(rows)}


def _newest_revisions(mails: Sequence[OutgoingMail]) -> dict[int, int]:
    """The newest revision that is queued or sent for each invitation."""
    rows = OutgoingMail.objects.across_tenants(WHY).filter(
        kind=KIND, subject_id__in=[mail.subject_id for mail in mails]
    )
    return dict(rows.order_by("revision").values_list("subject_id", "revision"))


def _withheld(
    mail: OutgoingMail, invitation: Invitation, event: Event, newest: dict[int, int]
) -> Withheld | None:
    if event.state != Event.State.PUBLISHED:
        return Withheld(OFF, "the event is not on")
    if event.has_begun:
        return Withheld(OFF, "the event has begun")
    if invitation.revoked_at or (invitation.expires_at and invitation.expires_at <= timezone.now()):
        return Withheld(OFF, "the invitation was withdrawn")
    if newest.get(mail.subject_id, mail.revision) > mail.revision:
        return Withheld(OutgoingMail.State.SUPERSEDED, "a newer mail says it")
    return None


def names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    """What staff call these mails: "Invitation: Dialogue meeting"."""
    titles = dict(
        Invitation.objects.across_tenants(WHY)
        .filter(pk__in=[mail.subject_id for mail in mails])
        .order_by()
        .values_list("pk", "event__title")
    )
    return {
        mail.pk: _("Invitation: %(title)s") % {"title": titles.get(mail.subject_id, "–")} for mail in mails
    }


def contacts(mails: Sequence[OutgoingMail]) -> dict[int, int]:
    """Whom mails about invitations are to, by the mail's id."""
    return _of_contacts(mails, "contact_id")


def addresses(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    """Where their contacts are reached now, by the mail's id; "" for nowhere."""
    return _of_contacts(mails, "contact__email")


def _of_contacts(mails: Sequence[OutgoingMail], fact: str) -> dict[int, Any]:
    rows = Invitation.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
    known = {
        (pk, tenant): value for pk, tenant, value in rows.order_by().values_list("pk", "tenant_id", fact)
    }
    keys = {mail.pk: (mail.subject_id, mail.tenant_id) for mail in mails}
    return {pk: known[key] for pk, key in keys.items() if key in known}


register(KIND, compose_invitations, namer=names, series=KIND)
for kind in MAILS:
    recipients.register(kind, contacts, addresses)

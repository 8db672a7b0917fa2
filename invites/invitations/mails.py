"""The invitation mail: words, links and calendar request. Kind "invitation": subject = the invitation, revision = the
event's sequence.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from events.directory.models import Contact
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, SeenEvent, seen
from invites.invitations import checks, imip, notices, wording, words
from invites.invitations.drafting.enclosing import attachments_of
from invites.invitations.models import Invitation
from invites.invitations.notices import GONE, WHY, Paper
from invites.invitations.sheets import gap
from invites.invitations.truth import MAILS
from invites.post import recipients
from invites.post.letters import Attachment, Letter, Withheld, register
from invites.post.models import OutgoingMail

KIND = "invitation"


def compose_invitations(mails: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    """Letters by the mail's id, in eight queries however many there are.

    Withheld: what is no longer true (event off or begun, invitation withdrawn) or was said again in a newer mail.
    """
    found, newest = notices.cases(mails), _newest_revisions(mails)
    write = Writer(list({case.event.pk: case.event for case in found.values()}.values()))
    letters: dict[int, Letter | Withheld] = {}
    for mail in mails:
        case = found.get(mail.pk)
        if case is None:
            letters[mail.pk] = GONE
        elif withheld := notices.off(case) or _said_anew(mail, newest):
            letters[mail.pk] = withheld
        else:
            paper = write.paper(case.event, case.invitation.language)
            letters[mail.pk] = paper.letter(case.invitation, to=mail.to_address, delivery_id=mail.delivery_id)
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
        said = said or wording.words_for(event.tenant, KIND, language)
        part = imip.request(shown, changed_at=event.changed_at)
        return notices.paper(event, KIND, _facts(event, shown, said), part, attachments=attachments)


def _facts(event: Event, shown: SeenEvent, said: wording.Wording) -> dict[str, object]:
    """What the templates of the invitation need, in the active language."""
    return notices.facts(event, shown, said) | {
        "note": gap("note"),
        "hosts": ", ".join(shown.hosts),
        "programme": words.programme(shown),
    }


def _newest_revisions(mails: Sequence[OutgoingMail]) -> dict[int, int]:
    """The newest revision that is queued or sent for each invitation."""
    rows = OutgoingMail.objects.across_tenants(WHY).filter(
        kind=KIND, subject_id__in=[mail.subject_id for mail in mails]
    )
    return dict(rows.order_by("revision").values_list("subject_id", "revision"))


def _said_anew(mail: OutgoingMail, newest: dict[int, int]) -> Withheld | None:
    if newest.get(mail.subject_id, mail.revision) > mail.revision:
        return Withheld(OutgoingMail.State.SUPERSEDED, "a newer mail says it")
    return None


def names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    """What staff call these mails: "Invitation: Dialogue meeting"."""
    return notices.names(mails, _("Invitation: %(title)s"))


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

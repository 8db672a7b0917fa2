"""What the directory, the invitations, the answers and the outbox hold about a person, in words. Read only."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.directory.imports.models import ImportChange
from events.directory.merging.models import Merger, Subject
from events.directory.models import Contact
from events.languages import own_name
from invites.answers.models import Answer
from invites.answers.own.holdings import Entry, Section
from invites.invitations.models import CallAttempt, Invitation, Representative
from invites.invitations.waves.models import WaveMember
from invites.post import letters, subjects

CLOSED = _("a meeting that is closed for now")
# The facts of a person that have a name in words; what else an earlier entry held stands in the export alone.
FACTS = {
    "name": _("Name"),
    "role": _("Role"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "address": _("Postal address"),
    "valid_from": _("In the role from"),
    "valid_until": _("In the role until"),
}


def title_of(event: Any) -> Any:
    """What the meeting is called; nothing of one that is locked (ADR 0027)."""
    return CLOSED if event.is_locked else event.title


def mergers_of(contact: Contact) -> list[Merger]:
    """What was merged into `contact`, and into what was merged into it."""
    found, ids = [], {contact.pk}
    while ids:
        step = list(Merger.objects.of(contact.tenant_id).into(Subject.CONTACT, ids))
        found += step
        ids = {merger.gone_id for merger in step}
    return found


def named_elsewhere(contact: Contact) -> Any:
    """Where an organisation named the person itself: by the same e-mail address."""
    rows = Representative.objects.of(contact.tenant_id).filter(email__iexact=contact.email)
    return rows if contact.email else rows.none()


def show(contact: Contact) -> Iterable[Section]:
    yield Section(
        "contact", _("You"), (_contact(contact),), _("entered by the organiser, or by yourself here")
    )
    yield Section("invitations", _("Invitations"), tuple(_invitations(contact)), _("the organiser"))
    yield Section(
        "answers", _("Your answers"), tuple(_answers(contact)), _("yourself, or whoever noted what you said")
    )
    yield Section("people_named", _("People you named"), tuple(_named_by(contact)), _("yourself"))
    yield Section("named_by_others", _("Where an organisation named you"), tuple(_named(contact)))
    yield Section("planned", _("Invitations that are planned"), tuple(_planned(contact)), _("the organiser"))
    yield Section("calls", _("Calls to you"), tuple(_calls(contact)), _("the organiser"))
    yield Section("mails", _("Mails to you"), tuple(_mails(contact)), _("Møteplass and the mail service"))
    yield Section(
        "earlier", _("What was held before"), tuple(_earlier(contact)), _("lists and earlier entries")
    )


def _contact(contact: Contact) -> tuple[Entry, ...]:
    return (
        Entry("name", FACTS["name"], contact.name),
        Entry("role", FACTS["role"], contact.role),
        Entry("organisation", _("Organisation"), contact.organisation.name if contact.organisation else ""),
        Entry("email", FACTS["email"], contact.email),
        Entry("phone", FACTS["phone"], contact.phone),
        Entry("address", FACTS["address"], contact.address),
        Entry("language", _("Language"), own_name(contact.language)),
        Entry("channel", _("Preferred channel"), contact.get_channel_display()),
        Entry("valid_from", FACTS["valid_from"], contact.valid_from),
        Entry("valid_until", FACTS["valid_until"], contact.valid_until),
        Entry("succeeds", _("Held the role before you"), contact.succeeds.name if contact.succeeds else ""),
        Entry("tags", _("Tags"), [tag.name for tag in contact.tags.all()]),
        Entry("groups", _("In the groups"), [group.name for group in contact.chosen_in.all()]),
        Entry("created_at", _("Entered"), contact.created_at),
        Entry("unlisted", _("Not shown to other guests"), _("yes") if contact.unlisted else ""),
        Entry("opted_out_at", _("Asked not to be invited any more"), contact.opted_out_at),
    )


def _invitations(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = Invitation.objects.of(contact.tenant_id).filter(contact=contact).select_related("event")
    for row in rows.order_by("invited_at", "pk"):
        yield (
            Entry("meeting", _("Meeting"), title_of(row.event)),
            Entry("invited_at", _("Invited"), row.invited_at),
            Entry("channel", _("Asked by"), row.get_channel_display()),
            Entry("language", _("Language"), own_name(row.language)),
            Entry("note", _("Personal note to you"), "" if row.event.is_locked else row.note),
            Entry(
                "may_send", _("People your organisation may send"), row.quota if row.for_organisation else ""
            ),
            Entry("opened_at", _("Page first opened"), row.opened_at),
            Entry("printed_at", _("Letter printed"), row.printed_at),
            Entry("answer", _("Answer that stands"), row.get_reply_display()),
            Entry("unlisted", _("Not shown to other guests"), _("yes") if row.unlisted else ""),
            Entry("withdrawn_at", _("Withdrawn"), row.revoked_at),
        )


def _answers(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = Answer.objects.of(contact.tenant_id).filter(invitation__contact=contact)
    for row in rows.select_related("invitation__event").order_by("answered_at", "pk"):
        yield (
            Entry("meeting", _("Meeting"), title_of(row.invitation.event)),
            Entry("answer", _("Answer"), row.get_reply_display()),
            Entry("comment", _("Comment"), row.comment),
            Entry("people", _("People"), row.party if row.party > 1 else ""),
            Entry("takes_part", _("Takes part"), row.get_mode_display()),
            Entry("source", _("How it came"), row.get_source_display()),
            Entry("answered_at", _("When"), row.answered_at),
            Entry("said_at", _("When it was said"), row.said_at, long=True),
        )


def _named_by(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = Representative.objects.of(contact.tenant_id).filter(invitation__contact=contact)
    for row in rows.select_related("invitation__event"):
        yield (Entry("meeting", _("Meeting"), title_of(row.invitation.event)), *_person(row))


def _named(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    for row in named_elsewhere(contact).select_related("invitation__event"):
        yield (Entry("meeting", _("Meeting"), title_of(row.invitation.event)), *_person(row))


def _person(row: Representative) -> tuple[Entry, ...]:
    return (
        Entry("name", _("Name"), row.name),
        Entry("role", _("Role"), row.role),
        Entry("email", _("E-mail"), row.email),
    )


def _planned(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = WaveMember.objects.of(contact.tenant_id).filter(contact=contact).select_related("wave__event")
    for row in rows:
        event = row.wave.event
        yield (
            Entry("meeting", _("Meeting"), title_of(event)),
            Entry("note", _("Personal note to you"), "" if event.is_locked else row.note),
        )


def _calls(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = CallAttempt.objects.of(contact.tenant_id).filter(invitation__contact=contact)
    for row in rows.select_related("invitation__event"):
        yield (
            Entry("meeting", _("Meeting"), title_of(row.invitation.event)),
            Entry("at", _("When"), row.at),
            Entry("outcome", _("What came of it"), row.get_outcome_display()),
        )


def _mails(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    mails = list(subjects.mails_to(contact))
    names, locked = letters.names_of(mails), subjects.held(mails)
    for mail in mails:
        yield (
            Entry("mail", _("Mail"), CLOSED if mail.pk in locked else names[mail.pk]),
            Entry("to", _("To"), mail.to_address),
            Entry("at", _("When"), mail.settled_at or mail.created_at),
            Entry("state", _("What became of it"), mail.fate),
            Entry("detail", _("What the mail service said"), mail.delivery_detail, long=True),
        )


def _earlier(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    """What a merged entry held, and what an import replaced. Facts only, as they were stored."""
    for merger in mergers_of(contact):
        for facts in (merger.facts, merger.kept):
            yield (Entry("at", _("Until"), merger.at), *_stored(facts))
    changes = ImportChange.objects.of(contact.tenant_id).filter(contact=contact).exclude(before={})
    for change in changes.select_related("batch"):
        yield (Entry("at", _("Until"), change.batch.created_at), *_stored(change.before))


def _stored(facts: dict[str, Any]) -> Iterator[Entry]:
    for name, value in facts.items():
        yield Entry(name, FACTS.get(name, name), value, long=name not in FACTS)

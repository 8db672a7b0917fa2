"""What a person asked for, and where somebody else named them: shown to them, and forgotten with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own.holdings import Entry, Section
from invites.answers.own.sections import title_of
from invites.answers.requests.models import NAMING, AnswerRequest, RequestState


def show(contact: Contact) -> Iterator[Section]:
    asked = _asked(contact).select_related("invitation__event")
    named = [_named(row, *person) for row, person in _naming(contact)]
    yield Section(
        "requests", _("What you asked the organiser for"), tuple(map(_request, asked)), _("yourself")
    )
    yield Section("named_to_come_instead", _("Where somebody asked that you come"), tuple(named))


def forget(contact: Contact) -> Mapping[str, int]:
    """Empties what the person asked in own words and whom they named; what was decided, and when, stays.

    Where others named the person nobody is named any more. What waits, on either side, waits no more. For erasing, in
    its transaction, while the contact still has its address.
    """
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    _close(_asked(contact) | _of_the_person(contact))
    elsewhere = [_take_out(row, contact, nobody) for row in _with_people(contact)]
    empty = {"role": "", "email": "", "comment": "", "reason": ""}
    elsewhere.append(_of_the_person(contact).update(name=nobody, role="", email=""))
    asked = _asked(contact)
    asked.filter(kind__in=NAMING).update(name=nobody)
    return {"requests": asked.update(people=[], **empty), "named to come": sum(elsewhere)}


def _all(contact: Contact) -> Any:
    return AnswerRequest.objects.of(contact.tenant_id).order_by("asked_at", "pk")


def _asked(contact: Contact) -> Any:
    return _all(contact).filter(invitation__contact=contact)


def _of_the_person(contact: Contact) -> Any:
    """Requests of others that name the person: by the same e-mail address, or by the invitation that came of it."""
    found = Q(stand_in__contact=contact)
    if contact.email:
        found |= Q(email__iexact=contact.email)
    return _all(contact).naming().filter(found).exclude(invitation__contact=contact)


def _with_people(contact: Contact) -> list[AnswerRequest]:
    """Late answers of organisations with the person among those who come."""
    rows = _all(contact).exclude(people=[]).exclude(invitation__contact=contact)
    found = rows.select_related("invitation__event")
    return [row for row in found if any(_is(contact, one) for one in row.people)]


def _is(contact: Contact, person: list[str]) -> bool:
    return bool(contact.email) and person[2].lower() == contact.email.lower()


def _close(rows: Any) -> None:
    """Nobody is to decide about somebody who is forgotten."""
    ids = list(rows.pending().values_list("pk", flat=True))
    waiting = AnswerRequest.objects.across_tenants("rows in hand").filter(pk__in=ids).pending()
    waiting.update(state=RequestState.WITHDRAWN, decided_at=timezone.now())


def _take_out(row: AnswerRequest, contact: Contact, nobody: str) -> int:
    people = [[nobody, "", ""] if _is(contact, one) else one for one in row.people]
    changed: int = AnswerRequest.objects.of(row.tenant_id).filter(pk=row.pk).update(people=people)
    return changed


def _request(row: AnswerRequest) -> tuple[Entry, ...]:
    return (
        Entry("meeting", _("Meeting"), title_of(row.invitation.event)),
        Entry("kind", _("Kind"), row.get_kind_display()),
        Entry("asked_at", _("When"), row.asked_at),
        Entry("answer", _("Answer"), row.get_reply_display()),
        Entry("takes_part", _("Takes part"), row.get_mode_display()),
        Entry("people", _("People"), [", ".join(filter(None, one)) for one in row.people]),
        Entry("comment", _("Comment"), row.comment),
        *_person(row.name, row.role, row.email),
        *_decision(row),
    )


def _naming(contact: Contact) -> Iterator[tuple[AnswerRequest, tuple[str, ...]]]:
    for row in _of_the_person(contact).select_related("invitation__event"):
        yield row, (row.name, row.role, row.email)
    for row in _with_people(contact):
        yield from ((row, tuple(one)) for one in row.people if _is(contact, one))


def _named(row: AnswerRequest, *person: str) -> tuple[Entry, ...]:
    """Neither who named the person nor why: that is about somebody else."""
    return (
        Entry("meeting", _("Meeting"), title_of(row.invitation.event)),
        Entry("asked_at", _("When"), row.asked_at),
        *_person(*person),
        Entry("state", _("Decision"), row.get_state_display()),
    )


def _person(name: str, role: str, email: str) -> tuple[Entry, ...]:
    return (
        Entry("name", _("Name"), name),
        Entry("role", _("Role"), role),
        Entry("email", _("E-mail"), email),
    )


def _decision(row: AnswerRequest) -> tuple[Entry, ...]:
    return (
        Entry("state", _("Decision"), row.get_state_display()),
        Entry("decided_at", _("Decided"), row.decided_at),
        Entry("reason", _("Reason"), row.reason),
    )

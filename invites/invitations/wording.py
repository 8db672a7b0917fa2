"""The words of a mail that a tenant can edit: plain text with placeholders from a fixed list (ADR 0011).

No template language: a placeholder is put in as text, once, and what it holds is never looked at again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from events.gatherings.visibility import SeenEvent, line, text
from events.tenancy.models import InviteeLanguage, Tenant
from invites.invitations import words
from invites.invitations.drafting.models import MailKind, MailTemplate
from invites.invitations.sheets import gap

SUBJECT_LONGEST, BODY_LONGEST = 150, 3000
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_WRITTEN = re.compile(r"\{([^{}\n]{0,40})\}")  # whatever somebody took for a placeholder
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")

# What each placeholder stands for. The names are the same in every language, so that a text can be copied.
PERSONAL = {
    "name": _("the recipient's name"),
    "organisation": _("the recipient's organisation"),
    "quota": _("how many people an organisation may send"),
}
OF_THE_EVENT = {
    "title": _("the title of the meeting"),
    "when": _("the day and the time"),
    "day": _("the day"),
    "place": _("the place, as far as the recipient may know it"),
    "deadline": _("until when one can answer"),
    "sender": _("the name of your organisation"),
    "contact": _("who answers questions"),
}
OF_THE_CHANGE = {"change": _("what has changed"), "reason": _("why the meeting is cancelled")}
MEANINGS: dict[str, Any] = {**PERSONAL, **OF_THE_EVENT, **OF_THE_CHANGE}

_COMMON = ("name", "organisation", *OF_THE_EVENT)
_WITHOUT_DEADLINE = tuple(name for name in _COMMON if name != "deadline")
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    MailKind.INVITATION: (*_COMMON, "quota"),
    MailKind.UPDATE: (*_COMMON, "change"),
    MailKind.CANCELLATION: (*_WITHOUT_DEADLINE, "reason"),
    MailKind.CHASE: _COMMON,
    MailKind.SETTLE: _COMMON,
    MailKind.REMINDER: _WITHOUT_DEADLINE,
}
BUILT_IN: dict[str, tuple[Any, Any]] = {
    MailKind.INVITATION: (
        _("Invitation: {title}, {day}"),
        _("Hello {name},\n\n{sender} invites you to"),
    ),
    MailKind.UPDATE: (
        _("Changed: {title}, {day}"),
        _("Hello {name},\n\nthis has changed in the meeting you are invited to:\n{change}"),
    ),
    MailKind.CANCELLATION: (
        _("Cancelled: {title}, {day}"),
        _("Hello {name},\n\n{sender} has cancelled this meeting:"),
    ),
    MailKind.CHASE: (
        _("Please answer: {title}, {day}"),
        _("Hello {name},\n\n{sender} has not had your answer yet to the invitation to"),
    ),
    MailKind.SETTLE: (
        _("Yes or no? {title}, {day}"),
        _(
            "Hello {name},\n\nyou have answered maybe to {sender}. A maybe holds no seat. Please decide now whether "
            "you come to"
        ),
    ),
    MailKind.REMINDER: (
        _("Reminder: {title}, {day}"),
        _("Hello {name},\n\n{sender} looks forward to seeing you at"),
    ),
}


@dataclass(frozen=True)
class Opening:
    """The editable words with everything filled in. A note to the recipient stands after `greeting`."""

    subject: str
    greeting: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """Subject and body with their placeholders. `own` is False for the built-in text."""

    subject: str
    body: str
    own: bool = False

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(_PLACEHOLDER.findall(f"{self.subject}\n{self.body}"))

    def opening(self, values: Mapping[str, str]) -> Opening:
        """Fills in `values` by placeholder; one that has no value stays as it is written.

        The subject is the same for everybody, so what differs from recipient to recipient is never put in there.
        """
        greeting, *rest = paragraphs(self.body) or [""]
        for_all = {name: value for name, value in values.items() if name not in PERSONAL}
        return Opening(
            line(filled(self.subject, for_all)) or "–",
            filled(greeting, values),
            tuple(filled(each, values) for each in rest),
        )


def words_for(tenant: Tenant | int, kind: str, language: str) -> Wording:
    """The tenant's own words for a kind of mail in a language, or the built-in ones. One query."""
    found = words_of([tenant], kind)
    return found.get((tenant if isinstance(tenant, int) else tenant.pk, language)) or built_in(kind, language)


def words_of(tenants: Iterable[Tenant | int], kind: str) -> dict[tuple[int, str], Wording]:
    """The own words that several tenants have, by (tenant id, language), in one query."""
    ids = {tenant if isinstance(tenant, int) else tenant.pk for tenant in tenants}
    rows = MailTemplate.objects.across_tenants("the outbox composes for all tenants").filter(
        tenant_id__in=ids, kind=kind
    )
    return {(row.tenant_id, row.language): Wording(row.subject, row.body, own=True) for row in rows}


def built_in(kind: str, language: str) -> Wording:
    subject, body = BUILT_IN[kind]
    with translation.override(known(language)):
        return Wording(str(subject), str(body))


def known(language: str) -> str:
    """`language` itself where we speak it, else the first of ours."""
    return language if language in InviteeLanguage.values else InviteeLanguage.values[0]


def values(tenant: Tenant, shown: SeenEvent) -> dict[str, str]:
    """What the placeholders of the event stand for, as far as the audience of `shown` may know; "" for nothing."""
    return {
        "title": shown.title,
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "day": words.day(shown.starts_local) if shown.starts_local else shown.vague_words,
        "place": shown.place,
        "deadline": words.answer_by(shown),
        "sender": line(tenant.name),
        "contact": shown.contact_name or line(tenant.name),
    }


def gaps() -> dict[str, str]:
    """In place of what differs from recipient to recipient; `Paper.letter` fills them."""
    return {name: gap(name) for name in PERSONAL}


def filled(template: str, given: Mapping[str, str]) -> str:
    """One pass, so that braces inside a value stay text."""
    return _PLACEHOLDER.sub(lambda found: given.get(found[1], found[0]), template)


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a text: what an empty line parts."""
    return [each for each in _PARAGRAPHS.split(text(body)) if each]


def unknown(template: str, allowed: Iterable[str]) -> list[str]:
    """The placeholders in `template` that are not allowed, as they are written, in their order."""
    names = set(allowed)
    return [found[0] for found in _WRITTEN.finditer(template) if found[1] not in names]


def unbalanced(template: str) -> str:
    """The piece around the first brace that belongs to no placeholder; "" when there is none."""
    rest = _WRITTEN.sub("", template)
    stray = re.search(r"[{}][^\s{}]{0,20}", rest)
    return stray[0] if stray else ""


def for_subject(kind: str) -> tuple[str, ...]:
    """The placeholders that may stand in the subject, which is the same for every recipient."""
    return tuple(name for name in PLACEHOLDERS[kind] if name in OF_THE_EVENT)


def explained(kind: str) -> list[tuple[str, str, bool]]:
    """The placeholders of a kind as they are written, what each stands for, and whether the subject may hold it."""
    subject = for_subject(kind)
    return [(f"{{{name}}}", str(MEANINGS[name]), name in subject) for name in PLACEHOLDERS[kind]]


def overview(tenant: Tenant) -> list[tuple[MailKind, list[tuple[InviteeLanguage, MailTemplate | None]]]]:
    """Every kind of mail with its languages and the tenant's own words there, if any; one query."""
    rows = {
        (row.kind, row.language): row for row in MailTemplate.objects.of(tenant).select_related("changed_by")
    }
    return [
        (kind, [(language, rows.get((kind.value, language.value))) for language in InviteeLanguage])
        for kind in MailKind
    ]

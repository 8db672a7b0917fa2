"""What the page of a contact or organisation says about its likes and about what was merged into it. Read only."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from events.audit import AuditEntry
from events.directory.merging import hints
from events.directory.merging.fields import rows_of, told
from events.directory.merging.hints import REASONS, Hints
from events.directory.merging.models import Merger, Row, Subject, subject_of
from events.directory.merging.words import counted
from events.directory.models import Contact
from events.tenancy.guards import StaffRequest
from events.tenancy.permissions import Permission

MOST = 5  # likes named on a page
HISTORY = 50


@dataclass(frozen=True)
class Alike:
    """Two rows that may be the same; `kept` is the one entered first. `why` in the active language."""

    subject: str
    kept: Row
    gone: Row
    why: str


@dataclass(frozen=True)
class Merged:
    """A merger in words: what the gone row held, and what followed."""

    merger: Merger
    facts: list[tuple[str, str]]
    moved: list[str]


def pairs(found: Hints, rows: "QuerySet[Any]", subject: Subject) -> list[Alike]:
    """The hints with their rows, in one query."""
    known = rows.in_bulk({pk for pair in found for pk in pair})
    return [
        Alike(subject.value, known[one], known[other], ", ".join(str(REASONS[reason]) for reason in why))
        for (one, other), why in found.items()
        if one in known and other in known
    ]


def beside(row: Row, request: StaffRequest) -> dict[str, Any]:
    """For the page of `row`: `likes` for who may merge, `mergers`, and `history` for who may read the trail."""
    membership = request.membership
    mergers = _mergers(row)
    facts: dict[str, Any] = {"mergers": [Merged(each, told(each), counted(each.moved)) for each in mergers]}
    if membership.may(Permission.MANAGE_DIRECTORY):
        facts["likes"] = likes(row)
    if membership.may(Permission.SEE_AUDIT):
        facts["history"] = _trail(row, mergers)
    return facts


def likes(row: Row) -> list[Alike]:
    """The first few pairs in which `row` is one."""
    found = hints.beside_contact(row) if isinstance(row, Contact) else hints.beside_organisation(row)
    few = dict(list(found.items())[:MOST])
    if not few:
        return []
    subject = subject_of(row)
    return pairs(few, rows_of(subject, row.tenant_id), subject)


def tell_of_likes(request: StaffRequest, row: Row) -> None:
    """A message with a link when the row just saved looks like another one."""
    if not (found := likes(row)):
        return
    first = found[0]
    page = reverse(
        f"{first.subject}-merge",
        kwargs={"tenant": request.tenant.slug, "pk": first.kept.pk, "other": first.gone.pk},
    )
    words = _("This may be a duplicate (%(why)s).") % {"why": first.why}
    link = format_html('<a class="ds-link" href="{}">{}</a>', page, _("Compare the two"))
    messages.warning(request, format_html("{} {}", words, link))


def _mergers(row: Row) -> list[Merger]:
    """What was merged into `row`, and what had been merged into those before; the newest first."""
    found: list[Merger] = []
    newest = [row.pk]
    while newest:
        step = list(Merger.objects.of(row.tenant_id).into(subject_of(row), newest))
        found += step
        newest = [merger.gone_id for merger in step]
    return sorted(found, key=lambda merger: merger.at, reverse=True)


def _trail(row: Row, mergers: list[Merger]) -> "QuerySet[AuditEntry]":
    """The entries about `row` and about all that became one with it."""
    ids = [row.pk, *(merger.gone_id for merger in mergers)]
    entries = AuditEntry.objects.of(row.tenant_id)
    return entries.filter(subject_type=subject_of(row).value, subject_id__in=ids)[:HISTORY]

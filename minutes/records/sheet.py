"""The document in words: headings, labels and dates in one language, for page and PDF alike. Facts in, words out."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.utils import formats, translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.dates import VagueDate
from events.directory.models import OrganisationKind
from events.gatherings.days import last_day_of
from events.gatherings.kinds import EventKind
from invites.invitations import words
from minutes.records.actions.models import ActionItem
from minutes.records.document import COUNTED, Document
from minutes.records.models import AttendanceStatus, Phase
from minutes.records.prose import to_html

Sheet = dict[str, Any]


def sheet(document: Document, *, language: str, sha256: str = "") -> Sheet:
    """Title, facts and sections. A document with a `version` is approved; any other says that it is a draft."""
    with translation.override(language):
        version = document.get("version")
        return {
            "language": language,
            "content_language": document["event"]["language"],
            "title": _("Minutes: %(title)s") % {"title": document["event"]["title"]},
            "issuer": document["tenant"],
            "draft": "" if version else _("DRAFT – not approved"),
            "facts": [{"label": label, "value": value} for label, value in _facts(document) if value],
            "sections": [part for part in _sections(document) if part],
            "version": _version(version, sha256) if version else None,
        }


def with_html(words: Sheet) -> Sheet:
    """The sheet for a page: notes as cleaned HTML."""
    for section in words["sections"]:
        for item in section.get("notes", ()):
            item["html"] = SafeString(to_html(item["notes"]))
    return words


def _facts(document: Document) -> list[tuple[str, str]]:
    event = document["event"]
    version = document.get("version")
    return [
        (_("Kind"), event["format"] or str(EventKind(event["kind"]).label).capitalize()),
        (_("When"), _when(event)),
        (_("Place"), event["place"]),
        (_("Hosts"), ", ".join(event["hosts"])),
        (_("Chair"), event["chair"]),
        (_("Minute-taker"), document["minute_taker"]),
        (_("Purpose"), event["purpose"]),
        (_("Approved"), _approval(version) if version else ""),
    ]


def _sections(document: Document) -> list[dict[str, Any] | None]:
    updates = [
        {
            "text": _("Measure %(measure)s: %(title)s") % update,
            "details": _details(
                (_("New status"), capfirst(str(Phase(update["phase"]).label))),
                (_("What was done"), update["text"]),
            ),
        }
        for update in document["measure_updates"]
    ]
    actions = [
        {
            "text": action["text"],
            "details": _details((_("Who"), action["owner"]), (_("By when"), _due(action))),
        }
        for action in document["actions"]
    ]
    followed_up = [
        {
            "text": one["text"],
            "details": _details(
                (_("Who"), one["owner"]),
                (_("By when"), _due(one)),
                (_("Status"), capfirst(str(ActionItem.Status(one["status"]).label))),
            ),
        }
        for one in document.get("followed_up", ())
    ]
    return [
        _attendance(document["attendance"]),
        _entries("followed-up", _("Matters to follow up"), followed_up),
        {"key": "items", "heading": _("Notes"), "notes": [dict(item) for item in document["items"]]},
        _entries("information", _("Information"), _with_item(document.get("information", ()))),
        _entries("decisions", _("Decisions"), [_decision(one) for one in document["decisions"]]),
        _entries("actions", _("Action points"), actions),
        _entries("referrals", _("Referrals"), [_referral(one) for one in document.get("referrals", ())]),
        _entries("updates", _("Measures that moved"), updates),
    ]


def _entries(key: str, heading: str, entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {"key": key, "heading": heading, "entries": entries} if entries else None


def _with_item(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"text": one["text"], "details": _details((_("Item"), one["item"]))} for one in rows]


def _decision(one: dict[str, Any]) -> dict[str, Any]:
    """Numbers, basis and dissent are unknown to the oldest versions."""
    details = _details(
        (_("Number"), one.get("number")),
        (_("Item"), one["item"]),
        (_("Basis"), one.get("basis")),
        (_("Dissent"), one.get("dissent")),
    )
    return {"text": one["text"], "details": details}


def _referral(one: dict[str, Any]) -> dict[str, Any]:
    return {"text": one["text"], "details": _details((_("Referred to"), one["to"]), (_("Item"), one["item"]))}


def _attendance(attendance: dict[str, Any]) -> dict[str, Any]:
    withheld = attendance["people"] is None
    note = _total(attendance["total"] if withheld else _all(attendance))
    if withheld:
        note += " " + _("Names are left out: who is invited and who came is seen only by those who need it.")
        if attendance["others"] and attendance["present"]:
            note += " " + _("Groups with fewer than five people are counted together with others.")
    tables = [_counts(attendance)] if withheld else [_people(attendance), _headcounts(attendance)]
    return {
        "key": "attendance",
        "heading": _("Attendance"),
        "note": note,
        "tables": [table for table in tables if table["rows"]],
    }


def _all(attendance: dict[str, Any]) -> int:
    return sum(group["count"] for group in (*attendance["present"], *attendance["headcounts"]))


def _total(present: int | None) -> str:
    if present is None:
        return _("Fewer than five people present.")
    return ngettext("%(n)s person present.", "%(n)s people present.", present) % {"n": present}


def _people(attendance: dict[str, Any]) -> dict[str, Any]:
    rows = [[person["name"], person["organisation"], _whether(person)] for person in attendance["people"]]
    return {
        "caption": _("Attendance by name"),
        "head": [_("Name"), _("Organisation"), _("Attendance")],
        "rows": rows,
    }


def _whether(person: dict[str, Any]) -> str:
    status = str(AttendanceStatus(person["status"]).label).capitalize()
    instead_of = person.get("substitute_for")
    return (
        _("%(status)s, substitute for %(name)s") % {"status": status, "name": instead_of}
        if instead_of
        else status
    )


def _headcounts(attendance: dict[str, Any]) -> dict[str, Any]:
    rows = [[group["organisation"], str(group["count"])] for group in attendance["headcounts"]]
    return {
        "caption": _("Headcounts"),
        "head": [_("Organisation or group"), _("Number present")],
        "rows": rows,
    }


def _counts(attendance: dict[str, Any]) -> dict[str, Any]:
    """No row where all would be in one: the total says it."""
    rows = [[_kind(group["kind"]), str(group["count"])] for group in attendance["present"]]
    if rows and attendance["others"]:
        rows.append([_("All others together"), str(attendance["others"])])
    head = [_("Type of organisation"), _("Number present")]
    return {"caption": _("Attendance by type of organisation"), "head": head, "rows": rows}


def _kind(kind: str) -> str:
    if kind == COUNTED:
        return _("Counted without names")
    return str(OrganisationKind(kind).label).capitalize() if kind else _("Not known")


def _details(*pairs: tuple[str, str | None]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _due(action: dict[str, Any]) -> str:
    """In words; the oldest versions knew days only."""
    if not action["due_on"]:
        return ""
    return VagueDate(dt.date.fromisoformat(action["due_on"]), action.get("due_precision") or "day").words()


def _when(event: dict[str, Any]) -> str:
    if not event["starts_at"]:
        if not event["vague_from"]:
            return ""
        return VagueDate(dt.date.fromisoformat(event["vague_from"]), event["vague_precision"]).words()
    zone = zoneinfo.ZoneInfo(event["time_zone"])
    starts, ends = (
        dt.datetime.fromisoformat(event[key]).astimezone(zone) for key in ("starts_at", "ends_at")
    )
    if event.get("all_day"):  # versions approved before there were such events do not say it
        first_day = starts.date()
        return capfirst(words.days(first_day, last_day_of(starts, ends) or first_day))
    first = f"{formats.date_format(starts, 'l j. F Y' if translation.get_language() == 'nb' else 'l j F Y')}"
    if starts.date() == ends.date():
        return f"{first}, {starts:%H:%M}–{ends:%H:%M}".capitalize()
    return f"{first}, {starts:%H:%M} – {formats.date_format(ends, 'DATE_FORMAT')}, {ends:%H:%M}".capitalize()


def _approval(version: dict[str, Any]) -> str:
    day = formats.date_format(
        dt.datetime.fromisoformat(version["approved_at"]).astimezone(_OSLO), "DATE_FORMAT"
    )
    return _("%(day)s by %(name)s") % {"day": day, "name": version["approved_by"]}


def _version(version: dict[str, Any], sha256: str) -> dict[str, Any]:
    return {**version, "sha256": sha256, "words": _("Version %(number)s") % version}


_OSLO = zoneinfo.ZoneInfo("Europe/Oslo")

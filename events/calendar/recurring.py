"""A series in a feed (RFC 5545, section 3.8.5): one VEVENT with its rule, and one for each meeting that differs.

The rule reaches from the first to the last meeting that the reader may see. A day between them on which there is
nothing to see is an EXDATE, be it left out, hidden, locked or a draft: which of these, no reader can tell.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from events.calendar import lines, render
from events.calendar.models import StoredSeries
from events.calendar.zones import describes
from events.gatherings.models import Event
from events.gatherings.series.models import Series
from events.gatherings.series.rules import Occurrence, occurrences, recurrence

FACTS = ("recurrence_at", "starts_at", "ends_at", "time_zone", "all_day", "state", "sequence", "changed_at")
SAID = b"\r\nSUMMARY:"  # from here on a VEVENT tells what the meeting is; before it, which one and when
CALLED_OFF = b"\r\nSTATUS:CANCELLED\r\n"
Part = tuple[int, bytes]


@dataclass(frozen=True)
class Shown:
    """A meeting of a series as a feed shows it: its facts, and its own VEVENT with RECURRENCE-ID."""

    pk: int
    octets: bytes
    at: dt.datetime  # by the rule
    starts_at: dt.datetime
    ends_at: dt.datetime
    time_zone: str
    all_day: bool
    state: str
    sequence: int
    changed_at: dt.datetime

    @property
    def said(self) -> bytes:
        return self.octets[self.octets.index(SAID) + 2 :]

    @property
    def cancelled(self) -> bool:
        return self.state == Event.State.CANCELLED


@dataclass(frozen=True)
class Master:
    """The VEVENT that stands for all: `when` are its DTSTART, DTEND, RRULE and EXDATE, `said` what follows them."""

    when: bytes
    said: bytes
    apart: tuple[Shown, ...]  # those that differ from it
    changed_at: dt.datetime

    @property
    def digest(self) -> str:
        """Of what is material (rule 8): when it is, and whether it is on."""
        return hashlib.sha256(self.when + b"off" * (CALLED_OFF in self.said)).hexdigest()

    def vevent(self, uid: str, *, sequence: int, changed_at: dt.datetime) -> bytes:
        stamp = lines.utc(max(changed_at, self.changed_at))
        first = ("BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}")
        head = lines.content(*first, f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}")
        return head + self.when + self.said


def parts(several: Sequence[tuple[Series, list[Shown]]], *, key: str) -> list[Part]:
    """The VEVENTs of each series with a number each, for `packing`. `key` names the selection that shows them.

    Notes what the selection now says of a series where that is new. Three statements at most, however many series.
    """
    masters = [(series, shown, master(series, shown)) for series, shown in several]
    stamps = _stamps([(series, found) for series, _shown, found in masters if found], key)
    written: list[Part] = []
    for series, shown, found in masters:
        if found is None:
            written += [(one.pk, one.octets) for one in shown]
            continue
        sequence, changed_at = stamps[series.pk]
        uid = render.uid_of(series.uid)
        written.append((series.pk, found.vevent(uid, sequence=sequence, changed_at=changed_at)))
        written += [(one.pk, one.octets) for one in found.apart]
    return written


def master(series: Series, shown: Sequence[Shown]) -> Master | None:
    """None when the rule cannot say it: a zone whose clock no VTIMEZONE describes, or a moment that is not the rule's.

    Those that differ in anything have their own VEVENT, and so does each whose sequence ever rose: it is the same
    there as in its invitations (rule 8). A single one needs no rule, and is read by every client.
    """
    if len(shown) == 1:
        return _single(shown[0])
    by_rule = {one.starts_at: one for one in occurrences(series.rule)}
    days = {one.at for one in shown}
    first, last = min(days), max(days)
    between = [one for one in by_rule.values() if first <= one.starts_at <= last]
    zone = series.time_zone
    if not days <= set(by_rule) or not all(describes(zone, one.starts_at) for one in between):
        return None
    usual, said = by_rule[first], _said(shown)
    when = lines.content(
        _at("DTSTART", usual.starts_at, series),
        _at("DTEND", usual.ends_at, series),
        f"RRULE:{recurrence(series.rule, last)}",
        *(_at("EXDATE", one.starts_at, series) for one in between if one.starts_at not in days),
    )
    apart = tuple(
        one for one in shown if not _is_usual(one, by_rule[one.at], usual, series) or one.said != said
    )
    return Master(when, said, apart, max(one.changed_at for one in shown))


def _single(one: Shown) -> Master:
    ends = (("DTSTART", one.starts_at), ("DTEND", one.ends_at))
    when = lines.content(*(_at(name, at, one) for name, at in ends))
    return Master(when, one.said, (), one.changed_at)


def _at(name: str, at: dt.datetime, of: Series | Shown) -> str:
    """A line for a moment; of what lasts whole days, the day that begins then (so DTEND is the day after the last)."""
    if of.all_day:
        return render.day(name, at.astimezone(ZoneInfo(of.time_zone)).date())
    return render.moment(name, at, of.time_zone)


def _is_usual(one: Shown, by_rule: Occurrence, first: Occurrence, series: Series) -> bool:
    """As a calendar works it out from the first: readers differ on the end of one that lasts through a clock change."""
    lasts = one.ends_at - one.starts_at
    as_long = series.all_day or lasts == first.ends_at - first.starts_at
    return (
        (one.starts_at, one.ends_at) == (by_rule.starts_at, by_rule.ends_at)
        and as_long
        and (one.time_zone, one.all_day) == (series.time_zone, series.all_day)
        and not one.sequence
        and not one.cancelled
    )


def _said(shown: Sequence[Shown]) -> bytes:
    """What most of them say; of those that are on, while any is."""
    going_on = [one for one in shown if not one.cancelled]
    return Counter(one.said for one in going_on or shown).most_common(1)[0][0]


def _stamps(masters: Iterable[tuple[Series, Master]], key: str) -> dict[int, tuple[int, dt.datetime]]:
    """The sequence of each series, and since when it says what it says."""
    several = dict(masters)
    if not several:
        return {}
    kept = StoredSeries.objects.across_tenants("of series that the selection shows; a campaign's are of many")
    known = kept.filter(series__in=several, key=key)
    rows = {row.series_id: row for row in known}
    fresh = [
        _anew(series, found, key, rows.get(series.pk))
        for series, found in several.items()
        if series.pk not in rows or rows[series.pk].digest != found.digest
    ]
    StoredSeries.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["series", "key"],
        update_fields=["digest", "sequence", "changed_at"],
    )
    rows |= {row.series_id: row for row in fresh}
    return {pk: (row.sequence, row.changed_at) for pk, row in rows.items()}


def _anew(series: Series, found: Master, key: str, before: StoredSeries | None) -> StoredSeries:
    now = timezone.now()
    seconds = max(0, int((now - series.created_at).total_seconds()))
    sequence = max(seconds, before.sequence + 1) if before else seconds
    return StoredSeries(
        tenant_id=series.tenant_id,
        series=series,
        key=key,
        digest=found.digest,
        sequence=sequence,
        changed_at=now,
    )

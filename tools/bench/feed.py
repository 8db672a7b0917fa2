"""Feeds: unchanged (304), in full, and after one edit; beside an empty view, django-ical and nginx's static file."""

from collections.abc import Iterator
from itertools import count

from django.db.models import F
from django.utils import timezone

from events.gatherings.models import Event, ScheduleVersion
from events.prepared import Prepared
from events.tenancy.models import Tenant
from tools.bench import measure, people, static
from tools.bench.measure import Row, Work
from tools.bench.stage import Site

SIZES = (100, 1_000, 10_000)
PEER_SIZES = (1_000, 10_000)  # django-ical writes the feed anew at each request
FLAT = 1.15
NOT_MODIFIED, FULL, PEER = 2.0, 2.2, 600.0
EDIT_MS, EDIT_MS_PER_EVENT = 0.35, 0.006
EDITS = 10_000  # of one event, divided by the feed's length: a run takes about as long at each
TITLE = Prepared(
    lambda tenant, event, title, now: (
        Event.objects.of(tenant).filter(pk=event),
        {"title": title, "changed_at": now},
    )
)
VERSION = Prepared(
    lambda tenant: (ScheduleVersion.objects.filter(tenant_id=tenant), {"version": F("version") + 1})
)


def rows(
    runs: int = 5,
    sizes: tuple[int, ...] = SIZES,
    peer_sizes: tuple[int, ...] = PEER_SIZES,
    seconds: float = 0.25,
    requests: int = 2000,
) -> Iterator[Row]:
    site = Site()
    costs: dict[int, dict[str, float]] = {}
    for size in sizes:
        tenant = people.tenant(f"bench-{size}")
        people.events(tenant, size)
        costs[size] = measure.cpu(_works(site, tenant), runs=runs, seconds=seconds)
        yield from _of_size(size, costs[size], runs)
        yield _edit(site, tenant, size, runs, max(1, min(requests // 20, EDITS // size)))
    first, last = costs[sizes[0]], costs[sizes[-1]]
    for kind, words in (("304", "unchanged feed"), ("full", "full feed, compressed")):
        ours, floor = last[kind] / last["empty"], first[kind] / first["empty"]
        what = f"{words}: {sizes[-1]} events against {sizes[0]}"
        yield measure.at_most(f"feed.{kind}.flat", what, ours, floor, FLAT, unit="x empty", runs=runs)
    for size in peer_sizes:
        yield _peer(site, size, costs[size]["304"], runs)
    yield from static.rows(site, f"bench-{peer_sizes[0]}", peer_sizes[0], min(runs, 3), requests)


def _works(site: Site, tenant: Tenant) -> dict[str, Work]:
    path = f"/calendar/public/{tenant.slug}.ics"
    etag = site.expect(200, path, HTTP_ACCEPT_ENCODING="gzip")()[1]["ETag"]
    return {
        "empty": site.expect(200, "/bench/empty/"),
        "304": site.expect(304, path, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag),
        "full": site.expect(200, path, HTTP_ACCEPT_ENCODING="gzip"),
        "plain": site.expect(200, path),
    }


def _of_size(size: int, cost: dict[str, float], runs: int) -> Iterator[Row]:
    for kind, words, budget in (
        ("304", "unchanged feed, 304", NOT_MODIFIED),
        ("full", "full feed, unchanged, compressed", FULL),
        ("plain", "full feed, unchanged, not compressed", FULL),
    ):
        what = f"{words}, {size} events, against an empty view"
        yield measure.at_most(
            f"feed.{kind}.n{size}", what, cost[kind], cost["empty"], budget, unit="µs CPU", runs=runs
        )


def _edit(site: Site, tenant: Tenant, size: int, runs: int, calls: int) -> Row:
    """What the first request after an edit costs; the edit itself is not in it."""
    event = Event.objects.of(tenant).order_by("pk")[size // 2]
    ask = site.expect(200, f"/calendar/public/{tenant.slug}.ics", HTTP_ACCEPT_ENCODING="gzip")
    numbers = count(1)

    def edit() -> None:
        TITLE.update(tenant=tenant.pk, event=event.pk, title=f"Nytt navn {next(numbers)}", now=timezone.now())
        VERSION.update(tenant=tenant.pk)

    taken = [measure.cpu_after(edit, ask, calls=calls) / 1000 for _run in range(runs)]
    ours, limit = measure.middle(taken), EDIT_MS + EDIT_MS_PER_EVENT * size
    what = f"feed after one edit, {size} events, against {limit:.2f} ms"
    return measure.at_most(f"feed.edit.n{size}", what, ours, limit, 1.0, unit="ms CPU", runs=runs)


def _peer(site: Site, size: int, ours: float, runs: int) -> Row:
    path = f"/bench/django-ical/bench-{size}.ics"
    peer = measure.cpu({"peer": site.expect(200, path)}, runs=min(runs, 3))["peer"]
    what = f"unchanged feed, {size} events, against django-ical"
    return measure.at_least(
        f"feed.304.n{size}.peer", what, ours, peer, PEER, unit="µs CPU", runs=min(runs, 3)
    )

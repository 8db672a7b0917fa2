"""List pages of staff: the same queries and the same processor time with 50 rows and with 5,000."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.tenancy.models import User
from tools.bench import measure, people
from tools.bench.measure import Row, Work
from tools.bench.stage import Site

FEW, MANY = 50, 5_000
SAME, QUERIES = 1.15, 4
ALWAYS = 3  # session, user and membership come on top
FOUND_WITHIN = 50_000  # µs a search page
PAGES = {"meetings": "/t/{slug}/events/", "contacts": "/t/{slug}/directory/"}


def rows(runs: int = 5, sizes: tuple[int, int] = (FEW, MANY), seconds: float = 0.25) -> Iterator[Row]:
    site = Site()
    works: dict[str, Work] = {}
    for size in sizes:
        tenant = people.tenant(f"bench-list-{size}")
        event, *_others = people.events(tenant, size)
        people.invitations(event, size)
        cookie = f"{settings.SESSION_COOKIE_NAME}={_signed_in(people.staff(tenant))}"
        for name, path in PAGES.items():
            works[f"{name}.{size}"] = site.expect(200, path.format(slug=tenant.slug), HTTP_COOKIE=cookie)
    cost = measure.cpu(works, runs=runs, seconds=seconds)
    few, many = sizes
    for name in PAGES:
        what = f"list of {name}: {many} rows against {few}"
        ours, floor = cost[f"{name}.{many}"], cost[f"{name}.{few}"]
        yield measure.at_most(f"list.{name}", what, ours, floor, SAME, unit="µs CPU", runs=runs)
        yield _queries(name, works[f"{name}.{many}"], many)
    yield _search(site, 2 * many, runs, seconds)


def _search(site: Site, size: int, runs: int, seconds: float) -> Row:
    """A word in another form, which stands in roles, organisations and nowhere else."""
    tenant = people.tenant("bench-search")
    people.directory(tenant, size)
    cookie = f"{settings.SESSION_COOKIE_NAME}={_signed_in(people.staff(tenant))}"
    path = f"/t/{tenant.slug}/directory/?q=moskeer"
    work = site.expect(200, path, HTTP_COOKIE=cookie)
    taken = measure.cpu({"search": work}, runs=runs, seconds=seconds)["search"]
    what = f"search page of {size} contacts, a word in another form (at most)"
    ok = taken <= FOUND_WITHIN
    return Row("list.search", what, taken, None, None, "µs CPU", taken, FOUND_WITHIN, ok, runs)


def _queries(name: str, work: Work, size: int) -> Row:
    with CaptureQueriesContext(connection) as asked:
        work()
    found = float(len(asked) - ALWAYS)
    what = f"list of {name}: queries beside session, user and membership, {size} rows (at most)"
    return Row(
        f"list.{name}.queries", what, found, None, None, "queries", found, QUERIES, found <= QUERIES, 1
    )


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)

"""A renewed, revoked or orphaned address is dead within a second: in each process, and through every cache."""

import gzip
from types import SimpleNamespace

import pytest
from django.utils import timezone

from events.calendar import services
from events.gatherings.models import EventHost
from events.gatherings.services import schedule_changed
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.calendar.facts import events_in
from tests.calendar.served import gunicorn, nginx
from tests.factories import event, organisation
from tests.stage import REDIS_URL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.django_db(transaction=True)]


def member(person):
    return Membership.objects.across_tenants("a test").get(user=person)


@pytest.fixture
def feeds(sandefjord, kari, mina, leif):
    """Kari's own feed, that of all minute-takers, of one body, and Leif's own: each with its path."""
    meeting = event(sandefjord, title="Dialogmøte om trygghet")
    police = organisation(sandefjord, name="Politiet")
    EventHost.objects.create(tenant=sandefjord, event=meeting, organisation=police)
    schedule_changed(sandefjord.pk)

    def made(person, held_by="", **selected):
        facts = {"name": new_nonce(), "nonce": new_nonce(), "selected": selected, "held_by": held_by}
        feed, token = services.create(membership=member(person), **facts)
        return feed, f"/calendar/{token}.ics"

    body = {"held_by": services.OF_THE_BODY, "scope": "body", "organisation": police}
    found = {"own": made(kari), "role": made(kari, held_by="minute_taker"), "body": made(kari, **body)}
    return SimpleNamespace(**found, leifs=made(leif))


def renewed(feed, kari):
    return f"/calendar/{services.renew(feed, by=member(kari), nonce=new_nonce())}.ics"


@pytest.mark.parametrize("cache", ["file", pytest.param("redis", marks=pytest.mark.redis)])
def test_an_old_address_is_dead_at_once_in_both_processes_and_the_new_one_works(
    feeds, kari, mina, leif, tmp_path, cache
):
    with gunicorn(tmp_path, redis_url=REDIS_URL if cache == "redis" else "") as served:
        for _feed, path in vars(feeds).values():
            assert served.statuses(path) == {200}  # both processes remember the bytes now
        for feed, path in (feeds.own, feeds.role, feeds.body):
            new = renewed(feed, kari)
            assert (served.get(path)[0].status, served.statuses(path)) == (404, {404})
            answer, octets = served.get(new)
            assert (answer.status, len(events_in(octets))) == (200, 1)
            services.revoke(feed, by=member(kari)) if feed != feeds.role[0] else _ended(mina)
            assert (served.get(new)[0].status, served.statuses(new)) == (404, {404})
        _ended(leif)
        assert (served.get(feeds.leifs[1])[0].status, served.statuses(feeds.leifs[1])) == (404, {404})


def _ended(person):
    Membership.objects.across_tenants("a test").filter(user=person).update(ended_at=timezone.now())


@pytest.mark.nginx
def test_a_cache_in_front_asks_us_each_time(feeds, kari, tmp_path):
    feed, path = feeds.own
    with gunicorn(tmp_path) as served, nginx(tmp_path, served.port) as port:
        first, octets = served.get(path, port=port, Accept_Encoding="gzip")
        assert (first.status, len(events_in(gzip.decompress(octets)))) == (200, 1)
        etag = first.headers["ETag"]
        again, nothing = served.get(path, port=port, Accept_Encoding="gzip", If_None_Match=etag)
        assert (again.status, nothing, again.headers["ETag"]) == (304, b"", etag)
        new = renewed(feed, kari)
        assert served.get(path, port=port)[0].status == 404
        assert served.get(path, port=port, Accept_Encoding="gzip", If_None_Match=etag)[0].status == 404
        assert served.get(new, port=port)[0].status == 200

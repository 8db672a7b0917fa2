"""Staff make, renew and revoke feeds of their own; the address is shown once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.audit import AuditEntry
from events.calendar.models import Feed
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.factories import event


def page(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def feeds():
    return Feed.objects.across_tenants("a test")


def secret_in(response):
    (address,) = re.findall(r'id="secret-address"[^>]*value="([^"]+)"', response.content.decode())
    return address


def make(desk, name="Telefon", nonce=None):
    return desk.post(page("feed-create"), {"name": name, "nonce": nonce or new_nonce()})


def test_a_new_feed_shows_its_address_and_the_address_works(at_desk, kari, sandefjord):
    event(sandefjord)
    desk = at_desk(kari)
    address = secret_in(make(desk))
    assert address.startswith("http://127.0.0.1:8000/calendar/")
    answer = desk.get(address.removeprefix("http://127.0.0.1:8000"))
    assert answer.content.count(b"BEGIN:VEVENT") == 1


def test_the_address_is_shown_only_once(at_desk, kari):
    desk = at_desk(kari)
    token = secret_in(make(desk)).split("/")[-1].removesuffix(".ics")
    listed = desk.get(page("feed-list")).content.decode()
    assert "Telefon" in listed
    assert token not in listed


def test_the_page_with_the_address_has_a_qr_code_and_is_kept_by_no_cache(at_desk, kari):
    response = make(at_desk(kari))
    assert response["Cache-Control"] == "private, no-store"
    assert 'src="data:image/svg+xml' in response.content.decode()


def test_the_list_page_shows_the_public_address(at_desk, leif):
    assert (
        "http://127.0.0.1:8000/calendar/public/sandefjord.ics"
        in at_desk(leif).get(page("feed-list")).content.decode()
    )


def test_a_double_click_makes_one_feed_with_one_address(at_desk, kari):
    desk, nonce = at_desk(kari), new_nonce()
    assert secret_in(make(desk, nonce=nonce)) == secret_in(make(desk, nonce=nonce))
    assert feeds().count() == 1
    assert AuditEntry.objects.across_tenants("a test").filter(action="feed.created").count() == 1


def test_two_people_with_the_same_nonce_get_addresses_of_their_own(client, at_desk, kari, mina):
    nonce = new_nonce()
    ours = secret_in(make(at_desk(kari), nonce=nonce))
    assert secret_in(make(at_desk(mina), nonce=nonce)) != ours


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_that_is_missing_or_too_long_is_refused_beside_the_field(at_desk, kari, name):
    response = make(at_desk(kari), name=name)
    assert response.context["form"].errors.keys() == {"name"}
    assert feeds().count() == 0


def test_a_name_is_used_once_while_the_feed_works(at_desk, kari):
    desk = at_desk(kari)
    make(desk)
    assert make(desk).context["form"].errors.keys() == {"name"}
    desk.post(page("feed-revoke", pk=feeds().get().pk))
    make(desk)
    assert [feed.name for feed in feeds().alive()] == ["Telefon"]


def test_a_new_address_ends_the_old_one_at_once(at_desk, kari):
    desk = at_desk(kari)
    old = secret_in(make(desk)).removeprefix("http://127.0.0.1:8000")
    nonce = new_nonce()
    new, again = (
        secret_in(desk.post(page("feed-renew", pk=feeds().get().pk), {"nonce": nonce})) for _click in range(2)
    )
    assert new == again
    assert [desk.get(path).status_code for path in (old, new.removeprefix("http://127.0.0.1:8000"))] == [
        404,
        200,
    ]
    assert AuditEntry.objects.across_tenants("a test").filter(action="feed.renewed").count() == 1


def test_a_revoked_feed_stops_at_once_and_twice_is_once(at_desk, kari):
    desk = at_desk(kari)
    address = secret_in(make(desk)).removeprefix("http://127.0.0.1:8000")
    for _click in range(2):
        response = desk.post(page("feed-revoke", pk=feeds().get().pk))
        assert (response.status_code, response.url) == (302, page("feed-list"))
    assert desk.get(address).status_code == 404
    assert AuditEntry.objects.across_tenants("a test").filter(action="feed.revoked").count() == 1


@pytest.mark.parametrize("verb", ["feed-renew", "feed-revoke"])
def test_a_colleagues_feed_does_not_exist(at_desk, kari, mina, verb):
    make(at_desk(kari))
    response = at_desk(mina).post(page(verb, pk=feeds().get().pk), {"nonce": new_nonce()})
    assert response.status_code == 404
    assert feeds().alive().count() == 1


def test_a_stranger_finds_nothing(at_desk, kari, nils):
    make(at_desk(kari))
    desk = at_desk(nils)
    assert desk.get(page("feed-list")).status_code == 404
    assert desk.post(page("feed-revoke", pk=feeds().get().pk)).status_code == 404


def test_a_form_without_its_nonce_changes_nothing(at_desk, kari):
    desk = at_desk(kari)
    make(desk)
    before = feeds().get().token_hash
    assert desk.post(page("feed-renew", pk=feeds().get().pk), {"nonce": "x"}).status_code == 302
    assert feeds().get().token_hash == before


def test_the_audit_trail_names_who_and_the_feed_but_never_the_token(at_desk, kari):
    token = secret_in(make(at_desk(kari))).split("/")[-1].removesuffix(".ics")
    entry = AuditEntry.objects.across_tenants("a test").get(action="feed.created")
    assert (entry.actor_name, entry.facts) == ("Kari Koordinator", {"name": "Telefon"})
    assert token not in str(entry.__dict__)


def test_one_feed_or_three_take_as_many_queries(at_desk, kari, sandefjord):
    desk, counts = at_desk(kari), []
    mine = Membership.objects.of(sandefjord).get(user=kari)
    for names in (("a",), ("b", "c")):
        for name in names:
            Feed.objects.create(tenant=sandefjord, membership=mine, name=name, token_hash=name)
        with CaptureQueriesContext(connection) as asked:
            desk.get(page("feed-list"))
        counts.append(len(asked))
    assert counts[0] == counts[1]

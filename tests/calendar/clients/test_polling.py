"""What calendars do when they ask again: after a change, when nothing changed, and when their address was revoked."""

from urllib.error import HTTPError

import pytest
from django.utils import timezone

from events.calendar import services
from events.gatherings.models import Event
from events.gatherings.services import schedule_changed
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests.calendar.clients import programs
from tests.calendar.clients.test_subscriptions import CLIENTS, by_start

pytestmark = pytest.mark.slow


def member(kari):
    return Membership.objects.across_tenants("a test").get(user=kari)


def edit(tenant):
    Event.objects.of(tenant).filter(title="Sommermøte").update(title="Hagefest", changed_at=timezone.now())
    schedule_changed(tenant.pk)


def starts(found):
    return sorted(one.starts for one in found)


@pytest.mark.vdirsyncer
def test_vdirsyncer_writes_one_file_anew_after_one_edit(public, told, tmp_path, sandefjord):
    assert by_start(programs.vdirsyncer(public, tmp_path)) == told
    before = {one.read_bytes() for one in (tmp_path / "vdir").iterdir()}
    edit(sandefjord)
    titles = [one.title for one in programs.vdirsyncer(public, tmp_path)]
    assert ("Hagefest" in titles, "Sommermøte" in titles, len(titles)) == (True, False, len(told))
    after = {one.read_bytes() for one in (tmp_path / "vdir").iterdir()}
    assert (len(before - after), len(after - before)) == (1, 1)


@pytest.mark.vdirsyncer
@pytest.mark.parametrize("end", ["renewed", "revoked", "membership ended"])
def test_vdirsyncer_keeps_what_it_had_when_its_address_no_longer_works(
    secret, told, tmp_path, kari, polls, end
):
    feed, address = secret
    had = programs.vdirsyncer(address, tmp_path)
    assert len(had) == len(told)
    _end(feed, kari, end)
    with pytest.raises(RuntimeError, match=r"404|Not Found"):
        programs.vdirsyncer(address, tmp_path)
    assert programs.kept_by_vdirsyncer(tmp_path) == had
    assert polls[-1] == ("", 404)


def _end(feed, kari, how):
    if how == "renewed":
        services.renew(feed, by=member(kari), nonce=new_nonce())
    elif how == "revoked":
        services.revoke(feed, by=member(kari))
    else:
        Membership.objects.across_tenants("a test").filter(user=kari).update(ended_at=feed.created_at)


@pytest.mark.parametrize("reads", CLIENTS)
def test_a_client_whose_address_was_revoked_is_told_an_error_and_never_an_empty_calendar(
    secret, told, tmp_path, kari, polls, reads
):
    feed, address = secret
    assert len(reads(address, tmp_path)) == len(told)
    services.revoke(feed, by=member(kari))
    with pytest.raises((HTTPError, RuntimeError), match=r"404|Not Found"):
        reads(address, tmp_path)
    assert {status for _etag, status in polls} == {200, 404}


@pytest.mark.thunderbird
def test_thunderbird_subscribes_is_told_not_modified_shows_a_change_and_keeps_it_when_revoked(
    secret, told, tmp_path, sandefjord, kari, polls
):
    feed, address = secret
    with programs.Thunderbird(address, tmp_path) as program:
        assert starts(program.until(lambda has: len(has) >= len(told))) == starts(told)
        program.until(lambda has: 304 in {status for _etag, status in polls})
        edit(sandefjord)
        has = program.until(lambda has: "Hagefest" in {one.title for one in has})
        assert {one.title for one in has} == {one.title for one in told} - {"Sommermøte"} | {"Hagefest"}
        services.revoke(feed, by=member(kari))
        still = program.until(
            lambda now: [status for _etag, status in polls[-2:]] == [404, 404] and len(now) >= len(has)
        )
        assert by_start(still) == by_start(has)
    asked_in_full = [status for etag, status in polls if not etag]
    assert (asked_in_full, {status for etag, status in polls if etag}) == ([200], {304, 200, 404})


@pytest.mark.thunderbird
def test_thunderbird_tells_the_right_moments_and_the_exact_words(public, told, tmp_path):
    with programs.Thunderbird(public, tmp_path) as program:
        assert by_start(program.until(lambda has: len(has) >= len(told))) == told

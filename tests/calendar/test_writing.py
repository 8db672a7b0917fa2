"""One edit writes one event anew, by statements of its own: its lines are those that a feed written as a whole has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.calendar import packing, reading
from events.calendar.models import StoredBody, StoredEvent
from events.gatherings.models import Appearance, Event, EventHost
from events.gatherings.services import schedule_changed
from tests.calendar.test_feeds import PUBLIC, secret_of
from tests.factories import event, organisation, programme


@pytest.fixture
def meetings(sandefjord):
    """Three, each with two hosts, a programme and a speaker."""
    rows = [event(sandefjord, is_public=True, purpose="Trygghet") for _n in range(3)]
    for row in rows:
        for position, name in enumerate(("Politiet", "Kommunen"), start=1):
            host = organisation(sandefjord, name=f"{name} {row.pk}")
            EventHost.objects.create(tenant=sandefjord, event=row, organisation=host, position=position)
        item, _second = programme(row, "Velkommen", "Samtale")
        Appearance.objects.create(tenant=sandefjord, item=item, name="Per Taler")
    schedule_changed(sandefjord.pk)
    return rows


@pytest.fixture(params=["public", "secret"])
def path(request, meetings, kari):
    return PUBLIC if request.param == "public" else secret_of(kari)


def edit(row, title="Nytt navn"):
    Event.objects.of(row.tenant).filter(pk=row.pk).update(title=title, changed_at=timezone.now())
    schedule_changed(row.tenant_id)


def test_after_an_edit_the_feed_has_the_bytes_of_one_written_as_a_whole(client, path, meetings):
    client.get(path)
    edit(meetings[1])
    one_anew = client.get(path)
    StoredBody.objects.all().delete()
    StoredEvent.objects.across_tenants("a test").delete()
    as_a_whole = client.get(path)
    assert (one_anew.content, one_anew["ETag"]) == (as_a_whole.content, as_a_whole["ETag"])
    assert b"Nytt navn" in one_anew.content


def test_an_edit_takes_the_same_few_statements_in_a_feed_of_three_and_of_six(client, path, meetings):
    counts = []
    for round in range(2):
        client.get(path)
        edit(meetings[1], f"Navn {round}")
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
        for _n in range(3):
            event(meetings[0].tenant, is_public=True)
        schedule_changed(meetings[0].tenant_id)
    assert counts == ([8, 8] if path == PUBLIC else [10, 10])


def test_an_edit_packs_one_piece_anew(client, path, meetings, monkeypatch):
    monkeypatch.setattr(packing, "PIECE", 1)
    packed = []
    usual = packing._deflated
    monkeypatch.setattr(packing, "_deflated", lambda piece: packed.append(piece) or usual(piece))
    client.get(path)
    assert len(packed) == len(meetings) + 1
    edit(meetings[1])
    client.get(path)
    assert (len(packed), b"Nytt navn" in packed[-1]) == (len(meetings) + 2, True)


def test_an_event_that_is_gone_meanwhile_is_no_event(sandefjord, meetings):
    pk = meetings[0].pk
    meetings[0].delete()
    assert reading.one_event(sandefjord.pk, pk, reading.Audience.PUBLIC) is None


def test_no_event_of_another_tenant_is_read(kristiansand, meetings):
    assert reading.one_event(kristiansand.pk, meetings[0].pk, reading.Audience.PUBLIC) is None

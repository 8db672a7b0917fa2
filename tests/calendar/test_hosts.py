"""A host's name is written into the lines of its events: another name must reach every calendar at once."""

import pytest

from events.directory import services as directory
from events.directory.merging.services import merge
from events.gatherings.models import Event, EventHost
from events.gatherings.services import schedule_changed
from tests.factories import event, organisation

PUBLIC = "/calendar/public/sandefjord.ics"


@pytest.fixture
def host(sandefjord):
    return organisation(sandefjord, name="Sandefjord politi")


@pytest.fixture
def meeting(sandefjord, host):
    row = event(sandefjord, title="Dialogmøte", is_public=True)
    EventHost.objects.create(tenant=sandefjord, event=row, organisation=host)
    schedule_changed(sandefjord.pk)
    return row


def text(client):
    return client.get(PUBLIC).content.decode().replace("\r\n ", "")


def rename(host, name, leif):
    directory.change_organisation(host, by=leif, facts={"name": name}, aliases=())


def test_a_host_with_another_name_is_shown_at_the_next_reading(client, meeting, host, leif):
    assert "Sandefjord politi" in text(client)
    rename(host, "Sør-Øst politidistrikt", leif)
    assert "Sør-Øst politidistrikt" in text(client)
    assert "Sandefjord politi" not in text(client)


def test_another_name_of_a_host_is_nothing_to_tell_invitees(meeting, host, leif):
    before = Event.objects.of(meeting.tenant_id).get(pk=meeting.pk)
    rename(host, "Sør-Øst politidistrikt", leif)
    after = Event.objects.of(meeting.tenant_id).get(pk=meeting.pk)
    assert after.changed_at > before.changed_at
    assert (after.sequence, after.told_sequence) == (before.sequence, before.told_sequence)


def test_a_host_merged_into_another_is_shown_by_that_name(client, meeting, host, sandefjord, leif):
    assert "Sandefjord politi" in text(client)
    district = organisation(sandefjord, name="Sør-Øst politidistrikt")
    merge(kept=district, gone=host, facts={}, by=leif)
    assert "Sør-Øst politidistrikt" in text(client)
    assert "Sandefjord politi" not in text(client)


def test_a_new_name_of_somebody_who_hosts_nothing_leaves_calendars_as_they_are(
    client, meeting, sandefjord, leif
):
    etag = client.get(PUBLIC)["ETag"]
    other = organisation(sandefjord, name="Den gamle foreningen")
    before = Event.objects.of(meeting.tenant_id).get(pk=meeting.pk).changed_at
    rename(other, "Den nye foreningen", leif)
    assert client.get(PUBLIC)["ETag"] == etag
    assert Event.objects.of(meeting.tenant_id).get(pk=meeting.pk).changed_at == before

"""A campaign's feed shows the shared meetings of all who take part: title, time and town, as long as one takes part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.calendar import services
from events.campaigns import services as campaigns
from events.campaigns.networks import services as networks
from events.campaigns.taking_part import services as taking_part
from events.gatherings import locking
from events.gatherings import services as gatherings
from events.gatherings.models import Appearance, EventHost
from events.gatherings.schedule import schedule_changed
from events.gatherings.series.services import publish_all
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests import factories
from tests.calendar.facts import events_in
from tests.campaigns.conftest import at
from tests.series.stage import made


def feed_of(person, **selected):
    member = Membership.objects.across_tenants("a test").get(user=person, ended_at__isnull=True)
    feed, token = services.create(membership=member, name=new_nonce(), nonce=new_nonce(), selected=selected)
    return feed, f"/calendar/{token}.ics"


def titles(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.content
    return sorted(str(found["SUMMARY"]) for found in events_in(response.content))


@pytest.fixture
def theirs(campaign, kristiansand):
    """Kristiansand takes part."""
    return factories.participation(campaign, kristiansand)


@pytest.fixture
def meeting(joined):
    meeting = factories.event(
        joined.tenant,
        title="Dialogmøte om trygghet",
        purpose="Hemmelig hensikt",
        online_url="https://v.example/x",
    )
    factories.campaign_event(joined, meeting)
    return meeting


def feeds(campaign, *people):
    return [feed_of(person, scope="campaign", campaign=campaign)[1] for person in people]


def test_everybody_who_takes_part_and_the_coordinator_see_the_meetings_of_all(
    client, campaign, joined, theirs, meeting, siv, kari, nils, ministry
):
    factories.campaign_event(theirs, factories.event(theirs.tenant, title="Møte i Kristiansand"))
    listed = factories.participation(campaign, "Haugesund kommune")
    factories.campaign_event(listed, factories.event(ministry, title="Utvidet beredskapsråd"))
    factories.event(joined.tenant, title="Ikke i kampanjen")
    shown = ["Dialogmøte om trygghet", "Møte i Kristiansand", "Utvidet beredskapsråd"]
    assert [titles(client, path) for path in feeds(campaign, siv, kari, nils)] == [shown] * 3


def test_it_tells_title_time_and_town_and_nothing_else(client, campaign, joined, meeting, siv):
    (item,) = factories.programme(meeting, "Hemmelig punkt")
    Appearance.objects.create(tenant=joined.tenant, item=item, name="Hemmelig Taler")
    host = factories.organisation(joined.tenant, name="Hemmelig menighet")
    EventHost.objects.create(tenant=joined.tenant, event=meeting, organisation=host)
    (path,) = feeds(campaign, siv)
    octets = client.get(path).content
    (found,) = events_in(octets)
    assert (str(found["SUMMARY"]), str(found["LOCATION"])) == ("Dialogmøte om trygghet", "Sandefjord")
    assert found["DTSTART"].dt == meeting.starts_at.replace(microsecond=0)
    told = octets.decode().replace("\r\n ", "")
    assert [
        word
        for word in ("emmelig", "rådhus", "Rådhus", "Sentrum", "Møterom", "v.example", "Kari")
        if word in told
    ] == []


def test_the_town_is_left_out_where_the_public_is_not_told_it(client, campaign, joined, siv):
    factories.campaign_event(joined, factories.event(joined.tenant, place_for_public=0))
    (path,) = feeds(campaign, siv)
    assert b"Sandefjord" not in client.get(path).content


def test_drafts_vague_dates_locked_and_unshared_meetings_are_not_in_it_and_cancelled_ones_are(
    client, campaign, joined, meeting, siv
):
    at_sandefjord = joined.tenant
    vague = {"starts_at": None, "ends_at": None, "answer_by": None, "vague_from": "2026-01-01"}
    factories.campaign_event(joined, factories.draft(at_sandefjord))
    factories.campaign_event(
        joined, factories.event(at_sandefjord, state="held", vague_precision="year", **vague)
    )
    factories.campaign_event(joined, factories.event(at_sandefjord, locked_at=meeting.published_at))
    factories.campaign_event(joined, factories.event(at_sandefjord), shared=False)
    off = factories.event(at_sandefjord, title="Avlyst møte")
    factories.campaign_event(joined, off)
    gatherings.cancel(off, by=None, reason="")
    (path,) = feeds(campaign, siv)
    assert titles(client, path) == ["Avlyst: Avlyst møte", "Dialogmøte om trygghet"]


def test_it_follows_every_change_of_every_participant(client, campaign, joined, theirs, meeting, siv):
    (path,) = feeds(campaign, siv)
    assert titles(client, path) == ["Dialogmøte om trygghet"]
    new = factories.campaign_event(theirs, factories.event(theirs.tenant, title="Nytt"))
    assert titles(client, path) == ["Dialogmøte om trygghet", "Nytt"]
    locking.lock(new.event, by=None)
    assert titles(client, path) == ["Dialogmøte om trygghet"]
    locking.unlock(new.event, by=None)
    assert titles(client, path) == ["Dialogmøte om trygghet", "Nytt"]
    taking_part.leave(theirs, by=None)
    assert titles(client, path) == ["Dialogmøte om trygghet"]
    taking_part.join(theirs, by=None)
    taking_part.unlink(new, by=None)
    assert titles(client, path) == ["Dialogmøte om trygghet"]


def test_leaving_never_brings_an_old_version_back(client, campaign, joined, theirs, meeting, siv):
    """The sum of versions must not fall when somebody leaves: a later sum would then name older bytes."""
    (path,) = feeds(campaign, siv)
    for _ in range(3):
        schedule_changed(theirs.tenant_id)
    assert titles(client, path) == ["Dialogmøte om trygghet"]
    taking_part.leave(theirs, by=None)
    other = factories.event(joined.tenant, title="Enda et")
    factories.campaign_event(joined, other)
    assert titles(client, path) == ["Dialogmøte om trygghet", "Enda et"]


@pytest.mark.parametrize("ends", ["leave", "revoke", "membership"])
def test_the_address_dies_with_what_it_stands_on(client, campaign, joined, meeting, kari, ends):
    feed, path = feed_of(kari, scope="campaign", campaign=campaign)
    assert client.get(path).status_code == 200
    member = Membership.objects.of(joined.tenant).get(user=kari)
    if ends == "leave":
        taking_part.leave(joined, by=kari)
    elif ends == "revoke":
        services.revoke(feed, by=member)
    else:
        Membership.objects.of(joined.tenant).filter(user=kari).update(ended_at=meeting.published_at)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("state", ["asked", "declined", "left", "withdrawn", "stranger"])
def test_who_does_not_take_part_can_neither_choose_it_nor_read_it(
    at_desk, client, campaign, kristiansand, nils, state
):
    factories.campaign_event(factories.participation(campaign, "Oslo"), factories.event(campaign.tenant))
    if state != "stranger":
        row = factories.participation(campaign, kristiansand)
        type(row).objects.of(kristiansand).filter(pk=row.pk).update(state=state)
    asked = {
        "name": "x",
        "nonce": new_nonce(),
        "scope": "campaign",
        "campaign": campaign.pk,
        "detail": "full",
    }
    page = at_desk(nils).post(at("feed-create", kristiansand), asked)
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["campaign"])
    assert campaign.title not in page.content.decode()
    _feed, path = feed_of(nils, scope="campaign", campaign=campaign)
    assert client.get(path).status_code == 404


def test_a_feed_is_made_on_the_page(at_desk, campaign, joined, meeting, kari):
    asked = {
        "name": "Kampanjen",
        "nonce": new_nonce(),
        "scope": "campaign",
        "campaign": campaign.pk,
        "detail": "full",
    }
    page = at_desk(kari).post(at("feed-create", joined.tenant), asked | {"alarm": "60"})
    assert page.status_code == 200
    path = "/calendar/" + page.context["address"].rpartition("/")[2]
    octets = at_desk(kari).get(path).content
    assert (b"Dialogm" in octets, b"TRIGGER:-PT60M" in octets) == (True, True)
    page = at_desk(kari).post(
        at("feed-create", joined.tenant), asked | {"campaign": "", "nonce": new_nonce()}
    )
    assert "campaign" in page.context["form"].errors


@pytest.mark.parametrize(("detail", "shown"), [("title", "Dialogmøte om trygghet"), ("busy", "Opptatt")])
def test_less_detail_tells_less(client, campaign, joined, meeting, siv, detail, shown):
    _feed, path = feed_of(siv, scope="campaign", campaign=campaign, detail=detail)
    (found,) = events_in(client.get(path).content)
    assert (str(found["SUMMARY"]), "LOCATION" in found) == (shown, False)


@pytest.mark.parametrize("number", [1, 3])
def test_an_unchanged_feed_is_one_statement_however_many_take_part(client, campaign, siv, number):
    for _ in range(number):
        row = factories.participation(campaign, factories.tenant())
        factories.campaign_event(row)
    (path,) = feeds(campaign, siv)
    etag = client.get(path)["ETag"]
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    assert len(caught) == 1


def test_the_lines_of_an_event_are_kept_once_for_all_who_take_part(
    client, campaign, joined, meeting, siv, kari
):
    from events.calendar.models import StoredEvent

    kept = StoredEvent.objects.across_tenants("a test").filter(event=meeting)
    epochs = []
    for path in feeds(campaign, siv, kari):
        client.get(path)
        epochs.append(kept.get().epoch)  # another epoch would mean that each writes them anew
    assert (epochs[0], kept.get().tenant_id) == (epochs[1], joined.tenant_id)


# --- Networks -------------------------------------------------------------------------------------------------------
def test_a_network_feed_shows_our_meetings_in_it_and_follows(client, sandefjord, kari):
    network = factories.network(sandefjord, name="Nordic Safe Cities")
    inside, outside = (factories.event(sandefjord, title=title) for title in ("Nettverksmøte", "Annet møte"))
    link = networks.put_into(inside, network, by=kari, taking_part="Kari 99 00 00 00")
    _feed, path = feed_of(kari, scope="network", organisation=network)
    assert titles(client, path) == ["Nettverksmøte"]
    assert b"99 00 00 00" not in client.get(path).content
    networks.put_into(outside, network, by=kari)
    assert titles(client, path) == ["Annet møte", "Nettverksmøte"]
    networks.take_out(link, by=kari)
    assert titles(client, path) == ["Annet møte"]
    locking.lock(outside, by=kari)
    assert titles(client, path) == []


def test_a_network_feed_needs_a_network(at_desk, sandefjord, kari):
    body = factories.organisation(sandefjord)
    EventHost.objects.create(tenant=sandefjord, event=factories.event(sandefjord), organisation=body)
    asked = {"name": "x", "nonce": new_nonce(), "scope": "network", "organisation": body.pk}
    page = at_desk(kari).post(at("feed-create", sandefjord), asked)
    assert "organisation" in page.context["form"].errors


def test_closing_the_campaign_keeps_its_feed(client, campaign, joined, meeting, siv):
    (path,) = feeds(campaign, siv)
    campaigns.close(campaign, by=siv)
    assert titles(client, path) == ["Dialogmøte om trygghet"]


def test_meetings_of_each_participants_series_are_in_it_with_their_rule(
    client, campaign, joined, theirs, siv
):
    for taking in (joined, theirs):
        first = factories.draft(taking.tenant, title=f"Forum {taking.tenant.slug}")
        several = made(first, count=3)
        publish_all(several, by=None)
        for one in several.occurrences.all():
            factories.campaign_event(taking, one)
    _feed, path = feed_of(siv, scope="campaign", campaign=campaign)
    assert titles(client, path) == ["Forum kristiansand", "Forum sandefjord"]
    rules = [one["RRULE"] for one in events_in(client.get(path).content)]
    assert len(rules) == 2

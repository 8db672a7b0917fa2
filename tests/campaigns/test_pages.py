"""The pages of campaigns: what each role sees, what a form says, and how little they ask the database."""

import pytest

from events.campaigns.models import Campaign, CampaignEvent, Participation
from events.campaigns.networks.models import EventNetwork
from events.gatherings.models import Event
from tests import factories
from tests.campaigns.conftest import at, text_of
from tests.queries import queries_of


def errors(page):
    return sorted(page.context["form"].errors)


def test_a_campaign_is_written_opened_asked_for_and_closed(at_desk, ministry, siv, sandefjord):
    desk = at_desk(siv)
    typed = {
        "title": "Dialogmøter høsten 2014",
        "trigger_what": "brev",
        "trigger_when": "oktober 2014",
        "begins": "høsten 2014",
        "ends": "første kvartal 2015",
        "template": "17:00 Velkommen\n\nSamtale ved bordene\n25:00 er ingen tid",
    }
    page = desk.post(at("campaign-create", ministry), typed, follow=True)
    row = Campaign.objects.of(ministry).get()
    assert [(item.starts and f"{item.starts:%H:%M}", item.title) for item in row.items.all()] == [
        ("17:00", "Velkommen"),
        (None, "Samtale ved bordene"),
        (None, "25:00 er ingen tid"),
    ]
    shown = text_of(page)
    told = ("Brev, oktober 2014", "Høsten 2014 – første kvartal 2015", "17:00 Velkommen")
    assert [words for words in told if words not in shown] == []
    desk.post(at("campaign-open", ministry, pk=row.pk))
    asked = {"tenants": [sandefjord.pk], "names": "Haugesund kommune\nHaugesund kommune\n Drammen  kommune"}
    shown = text_of(desk.post(at("campaign-ask", ministry, pk=row.pk), asked, follow=True))
    assert "3 er lagt til." in shown
    assert [name for name in ("Sandefjord kommune", "Drammen kommune") if name not in shown] == []
    desk.post(at("campaign-close", ministry, pk=row.pk))
    row.refresh_from_db()
    assert row.state == "closed"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "x", "trigger_when": "en gang"}, ["trigger_when"]),
        ({"title": "x", "begins": "2015", "ends": "2014"}, ["ends"]),
        ({"title": "x", "contact_email": "ikke en adresse"}, ["contact_email"]),
        ({"title": "x", "template": "\n".join("abcdefg" for _ in range(61))}, ["template"]),
        ({"title": "x", "template": "x" * 301}, ["template"]),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(at_desk, ministry, siv, typed, wrong):
    page = at_desk(siv).post(at("campaign-create", ministry), typed | {"theme": "Mitt tema"})
    assert (errors(page), "Mitt tema" in text_of(page)) == (wrong, True)
    assert not Campaign.objects.of(ministry).exists()


def test_the_form_of_a_campaign_shows_what_it_holds_and_saves_it_unchanged(at_desk, ministry, siv):
    row = factories.campaign(ministry, title="A", trigger_on="2014-10-01", trigger_precision="month")
    desk = at_desk(siv)
    form = desk.get(at("campaign-edit", ministry, pk=row.pk)).context["form"]
    typed = {field.name: field.value() or "" for field in form}
    typed["trigger_when"] = form["trigger_when"].field.prepare_value(form["trigger_when"].value())
    assert typed["trigger_when"] in ("October 2014", "oktober 2014")
    desk.post(at("campaign-edit", ministry, pk=row.pk), typed)
    before = row.version
    row.refresh_from_db()
    assert (row.trigger_on.isoformat(), row.version) == ("2014-10-01", before)


def test_asking_nobody_and_asking_when_closed_is_told(at_desk, ministry, siv, campaign):
    page = at_desk(siv).post(at("campaign-ask", ministry, pk=campaign.pk), {})
    assert page.context["form"].non_field_errors()
    at_desk(siv).post(at("campaign-close", ministry, pk=campaign.pk))
    page = at_desk(siv).post(at("campaign-ask", ministry, pk=campaign.pk), {"names": "Oslo"})
    assert "åpen kampanje" in text_of(page)


def test_a_tenant_joins_once_and_is_told_why_not_twice(at_desk, campaign, sandefjord, kari):
    from events.campaigns import services

    (row,) = services.ask(campaign, by=None, tenants=[sandefjord])
    desk = at_desk(kari)
    assert "spurt, ikke svart ennå" in text_of(desk.get(at("campaign-list", sandefjord))).lower()
    desk.post(at("campaign-join", sandefjord, pk=row.pk))
    shown = text_of(desk.post(at("campaign-join", sandefjord, pk=row.pk), follow=True))
    assert "Dere deltar allerede i denne kampanjen." in shown
    assert Participation.objects.of(sandefjord).get().state == "joined"


def test_a_meeting_is_linked_changed_and_taken_out(at_desk, joined, sandefjord, kari):
    meeting, desk = factories.event(sandefjord, title="Vårt møte"), at_desk(kari)
    page = at("campaign-link", sandefjord, pk=joined.pk)
    assert errors(desk.post(page, {})) == ["title"]
    desk.post(page, {"event": meeting.pk, "shared": "on", "audience": "menigheter"})
    link = CampaignEvent.objects.of(sandefjord).get()
    assert (link.event, link.shared, link.audience) == (meeting, True, "menigheter")
    assert errors(desk.post(page, {"event": meeting.pk})) == ["event"]
    assert "Dialogmøter høsten 2014" in text_of(desk.get(at("event-detail", sandefjord, pk=meeting.pk)))
    desk.post(at("campaign-link-edit", sandefjord, pk=link.pk), {"note": "Kort"})
    link.refresh_from_db()
    assert (link.shared, link.note) == (False, "Kort")
    desk.post(at("campaign-unlink", sandefjord, pk=link.pk))
    assert not CampaignEvent.objects.of(sandefjord).exists()


def test_a_new_meeting_sent_twice_is_one(at_desk, joined, sandefjord, kari):
    page, desk = at("campaign-link", sandefjord, pk=joined.pk), at_desk(kari)
    uid = desk.get(page).context["form"]["uid"].value()
    for _click in range(2):
        desk.post(page, {"title": "Nytt møte", "uid": uid, "shared": "on"})
    assert Event.objects.of(sandefjord).get().title == "Nytt møte"
    assert CampaignEvent.objects.of(sandefjord).count() == 1


def test_what_was_learned_reaches_the_coordinator_and_nobody_else(
    at_desk, campaign, joined, sandefjord, kristiansand, kari, nils, siv, ministry
):
    other = factories.participation(campaign, kristiansand)
    typed = {"worked": "Maten samlet folk", "change": "Mer tid"}
    at_desk(kari).post(at("campaign-learn", sandefjord, pk=joined.pk), typed)
    assert "Maten samlet folk" in text_of(at_desk(siv).get(at("campaign-detail", ministry, pk=campaign.pk)))
    theirs = text_of(at_desk(nils).get(at("campaign-joined", kristiansand, pk=other.pk)))
    assert ("Sandefjord kommune" in theirs, "Maten samlet folk" in theirs) == (True, False)


def test_a_reader_sees_and_changes_nothing(at_desk, joined, sandefjord, leif):
    desk = at_desk(leif)
    shown = desk.get(at("campaign-joined", sandefjord, pk=joined.pk)).content.decode()
    assert 'method="post" action="/t/' not in shown.partition("<main")[2]
    assert desk.post(at("campaign-leave", sandefjord, pk=joined.pk)).status_code == 403


def test_who_is_no_longer_asked_finds_nothing(at_desk, campaign, sandefjord, kari):
    from events.campaigns import services

    (row,) = services.ask(campaign, by=None, tenants=[sandefjord])
    services.withdraw(campaign, row, by=None)
    assert at_desk(kari).get(at("campaign-joined", sandefjord, pk=row.pk)).status_code == 404
    assert campaign.title not in text_of(at_desk(kari).get(at("campaign-list", sandefjord)))


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_however_many_rows(at_desk, ministry, siv, sandefjord, kari, number):
    for _ in range(number):
        campaign = factories.campaign(ministry)
        for _ in range(number):
            factories.participation(campaign, factories.tenant())
        row = factories.participation(campaign, sandefjord)
        for _ in range(number):
            factories.campaign_event(row)
    desk = at_desk(siv)
    assert queries_of(desk, at("campaign-list", ministry)) == 2
    assert queries_of(desk, at("campaign-detail", ministry, pk=campaign.pk)) == 3
    assert queries_of(at_desk(kari), at("campaign-list", sandefjord)) == 2
    assert queries_of(at_desk(kari), at("campaign-joined", sandefjord, pk=row.pk)) == 4


# --- Networks -------------------------------------------------------------------------------------------------------
def test_a_meeting_is_put_into_a_network_and_shown_on_both_pages(at_desk, sandefjord, kari):
    network = factories.network(sandefjord, name="Nordic Safe Cities")
    meeting, desk = factories.event(sandefjord, title="Nettverksmøte"), at_desk(kari)
    page = at("event-network-add", sandefjord, pk=meeting.pk)
    assert errors(desk.post(page, {})) == ["network"]
    shown = text_of(desk.post(page, {"network": network.pk, "taking_part": "Kari, 99 00 00 00"}, follow=True))
    assert ("Nordic Safe Cities" in shown, "Kari, 99 00 00 00" in shown) == (True, True)
    assert errors(desk.post(page, {"network": network.pk})) == ["network"]
    theirs = text_of(desk.get(at("organisation-detail", sandefjord, pk=network.pk)))
    assert ("Nettverksmøte" in theirs, "Kari, 99 00 00 00" in theirs) == (True, True)
    link = EventNetwork.objects.of(sandefjord).get()
    desk.post(at("event-network-edit", sandefjord, pk=link.pk), {"taking_part": "Mina"})
    link.refresh_from_db()
    assert link.taking_part == "Mina"
    desk.post(at("event-network-remove", sandefjord, pk=link.pk))
    assert not EventNetwork.objects.of(sandefjord).exists()


def test_an_organisation_that_is_no_network_shows_no_meetings(at_desk, sandefjord, kari):
    body = factories.organisation(sandefjord)
    assert (
        "network_meetings" not in at_desk(kari).get(at("organisation-detail", sandefjord, pk=body.pk)).context
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_event_and_network_ask_the_same_however_many_links(at_desk, sandefjord, kari, number):
    network, meeting = factories.network(sandefjord), factories.event(sandefjord)
    for _ in range(number):
        other = factories.network(sandefjord)
        EventNetwork.objects.create(tenant=sandefjord, event=meeting, network=other)
        EventNetwork.objects.create(tenant=sandefjord, event=factories.event(sandefjord), network=network)
        factories.campaign_event(
            factories.participation(factories.campaign(factories.tenant()), sandefjord), meeting
        )
    desk = at_desk(kari)
    asked = [
        queries_of(desk, at("event-detail", sandefjord, pk=meeting.pk)),
        queries_of(desk, at("organisation-detail", sandefjord, pk=network.pk)),
    ]
    EventNetwork.objects.of(sandefjord).all().delete()
    bare = queries_of(desk, at("organisation-detail", sandefjord, pk=network.pk))
    assert (asked[0] <= 12, asked[1]) == (True, bare)

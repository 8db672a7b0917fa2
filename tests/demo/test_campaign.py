"""The campaign of 2014 on the ministry's board: every fact of its published source is shown, and none is invented."""

import pytest
from django.urls import reverse
from django.utils import translation

from events.campaigns.models import Campaign, CampaignEvent, Participation
from events.directory.models import Organisation
from events.tenancy.models import Tenant, User

# The source (campaign-2014.yaml, from published pages) -> how the product shows it in Norwegian.
OF_THE_CAMPAIGN = {
    "title": "Dialogmøter høsten 2014",
    "trigger: letter": "Brev, oktober 2014",
    "sender": "statsminister Erna Solberg",
    "to: mayors of several municipalities": "ordførere i flere kommuner",
    "theme": "forebygging av radikalisering og voldelig ekstremisme",
    "builds_on": "regjeringens handlingsplan",
    "coordinator": "Justisdepartementet",
    "observers": "Justisdepartementet: kunnskapsinnhenting til planen",
    "variation: own meetings": "Egne møter med lokalsamfunnet, eller regional invitasjon.",
    "variation: composition, theme, form": "Sammensetning, tema og form varierte.",
}
OF_THE_MEETINGS = {
    "Sarpsborg": [
        "radikalisering og voldelig ekstremisme – forebygging er alles ansvar",
        "Oktober 2014 Sarpsborg.",
        "Konferanse",
        "Planlagt før kampanjen begynte",
        "politikere og ansatte i Fredrikstad, Sarpsborg og Hvaler",
        "Østfold fylkeskommune",
        "Østfold politidistrikt",
        "relevante samarbeidspartnere",
        "Jøran Kallmyr, statssekretær, Justisdepartementet, åpnet",
        "Laila Bokhari, statssekretær, SMK, til stede",
        "Status og innsats i Østfold politidistrikt",
        "Arbeid mot ekstremisme i England",
        "Frivillige organisasjoners arbeid for unge",
        "Kommunenes rolle",
    ],
    "Stavanger": [
        "Dialogmøte i Stavanger",
        "November 2014 Stavanger.",
        "Første dialogmøte",
        "Arrangør er Stavanger kommune.",
        "Laila Bokhari, innleder",
        "politiske partier, trossamfunn, organisasjoner, mennesker uten tilknytning, Rogaland politidistrikt",
    ],
    "Haugesund": [
        "Desember 2014 Haugesund.",
        "Utvidelse av det årlige beredskapsrådet",
        "Arrangør er Haugesund kommune.",
        "Laila Bokhari, innledning",
        "Kommunens rolle",
        "Yousef Bartho Assidiq, prosjektleder, Minotenk, foredrag",
        "Trusselbildet (terror)",
    ],
    **{
        town: [f"Høsten 2014 {town}.", "Statsministeren og/eller statssekretær Laila Bokhari deltok."]
        for town in ("Oslo", "Ålesund", "Fredrikstad", "Tromsø")
    },
    **{
        town: [f"2015 {town}.", "De første månedene av 2015."]
        for town in ("Drammen", "Trondheim", "Kristiansand")
    },
    "KS og flere av kommunene som fikk brevet": [
        "Politisk toppmøte om forebygging av voldelig ekstremisme",
        "Første kvartal 2015",
        "flere av kommunene som fikk brevet, KS og andre",
        "Statsministeren og justis- og beredskapsministeren deltar.",
    ],
}


@pytest.fixture
def national(demo, client):
    """The national coordinator at her desk."""
    user = User.objects.get(email="national@ministry.example")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client, name):
    campaign = Campaign.objects.of(Tenant.objects.get(slug="ministry")).get()
    html = client.get(reverse(name, kwargs={"tenant": "ministry", "pk": campaign.pk})).content.decode()
    bare = "".join(part.rpartition(">")[2] if ">" in part else part for part in html.split("<"))
    return " ".join(bare.split())


def test_every_fact_of_the_campaign_is_on_its_page(national):
    shown = page(national, "campaign-detail")
    assert {fact: words for fact, words in OF_THE_CAMPAIGN.items() if words not in shown} == {}


@pytest.mark.parametrize("town", OF_THE_MEETINGS)
def test_every_fact_of_its_meetings_is_on_the_board(national, town):
    shown = page(national, "campaign-board")
    assert [words for words in (town, *OF_THE_MEETINGS[town]) if words not in shown] == []


def test_held_and_planned_meetings_are_counted(national):
    from events.campaigns.board import board

    told = board(Campaign.objects.of(Tenant.objects.get(slug="ministry")).get())
    assert told.totals == {"planned": 4, "held": 7, "reported": 0}
    assert told.invited is None


def test_only_sarpsborg_was_planned_before_the_letter(demo):
    links = CampaignEvent.objects.across_tenants("a test").filter(before_letter=True)
    assert [link.event.city for link in links] == ["Sarpsborg"]


def test_kristiansand_takes_part_with_a_meeting_of_its_own(demo):
    kristiansand = Tenant.objects.get(slug="kristiansand")
    row = Participation.objects.of(kristiansand).get()
    assert (row.state, [link.event.tenant for link in row.links.all()]) == ("joined", [kristiansand])


def test_copenhagens_networks_tell_when_it_joined_who_runs_and_who_funds_them(demo):
    kristiansand = Tenant.objects.get(slug="kristiansand")
    told = {}
    for network in Organisation.objects.of(kristiansand).filter(kind="network"):
        row = network.network_members.filter(member__name="København kommune").first()
        with translation.override("nb"):
            told[network.name] = (row.joined.words() if row else "", network.notes)
    assert told["Strong Cities"] == (
        "september 2016",
        "Grunnlagt i 2015. Sekretariat: Institute for Strategic Dialogue.",
    )
    assert told["Nordic Safe Cities"] == (
        "august 2017",
        "Mer enn 40 nordiske byer. Del av Nordisk ministerråds program DIS, finansiert av Nordisk Ministerråd.",
    )

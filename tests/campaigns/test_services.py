"""Who may move a campaign and a participation where; what is refused, and what a second click does."""

import pytest
from django.db import IntegrityError, transaction

from events.audit import AuditEntry
from events.campaigns import services
from events.campaigns.models import Campaign, CampaignEvent, Participation
from events.campaigns.refusals import AlreadyJoined, AlreadyLinked, NotNow
from events.campaigns.states import AFTER, SUCCESSORS, CampaignState, ParticipationState
from events.campaigns.taking_part import services as taking_part
from events.gatherings.models import Event
from tests import factories


def version(campaign):
    return Campaign.objects.of(campaign.tenant_id).get(pk=campaign.pk).version


def in_state(campaign, state):
    stamps = {"opened_at": None if state == "draft" else campaign.created_at}
    stamps["closed_at"] = campaign.created_at if state == "closed" else None
    Campaign.objects.of(campaign.tenant_id).filter(pk=campaign.pk).update(state=state, **stamps)
    campaign.refresh_from_db()
    return campaign


# --- The campaign ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", CampaignState)
@pytest.mark.parametrize("to", [CampaignState.OPEN, CampaignState.CLOSED])
def test_a_campaign_moves_only_as_the_table_says(campaign, state, to):
    move = {"open": services.open_campaign, "closed": services.close}[to]
    moved = move(in_state(campaign, state), by=None)
    assert (moved, campaign.state) == ((True, to) if to in SUCCESSORS[state] else (False, state))


def test_a_campaign_started_twice_from_one_form_is_one(ministry, siv):
    first = services.start(tenant=ministry, by=siv, facts={"title": "Én"})
    again = services.start(tenant=ministry, by=siv, facts={"title": "Én"}, uid=first.uid)
    assert first == again
    assert Campaign.objects.of(ministry).count() == 1


def test_another_tenants_uid_gives_nothing_of_it_away(ministry, sandefjord):
    first = services.start(tenant=ministry, by=None, facts={"title": "Én"})
    with pytest.raises(IntegrityError), transaction.atomic():
        services.start(tenant=sandefjord, by=None, facts={"title": "To"}, uid=first.uid)


def test_a_closed_campaign_is_not_changed(campaign):
    services.close(campaign, by=None)
    with pytest.raises(NotNow):
        services.change(campaign, by=None, facts={"title": "Ny"}, items=[])
    campaign.refresh_from_db()
    assert campaign.title == "Dialogmøter høsten 2014"


def test_saving_the_same_again_is_no_change(campaign):
    items = [{"starts": None, "title": "Velkommen"}]
    services.change(campaign, by=None, facts={"title": "Ny"}, items=items)
    before = version(campaign), AuditEntry.objects.of(campaign.tenant_id).count()
    services.change(campaign, by=None, facts={"title": "Ny"}, items=items)
    assert (version(campaign), AuditEntry.objects.of(campaign.tenant_id).count()) == before


def test_state_version_and_uid_are_not_for_a_form_to_set(campaign):
    with pytest.raises(TypeError):
        services.change(campaign, by=None, facts={"state": "closed"}, items=[])


# --- Taking part ----------------------------------------------------------------------------------------------------
def verbs(campaign, row):
    return {
        "asked": lambda: services.ask(campaign, by=None, tenants=[row.tenant]),
        "joined": lambda: taking_part.join(row, by=None),
        "declined": lambda: taking_part.decline(row, by=None),
        "left": lambda: taking_part.leave(row, by=None),
        "withdrawn": lambda: services.withdraw(campaign, row, by=None),
    }


@pytest.mark.parametrize("state", [state for state in ParticipationState if state != "listed"])
@pytest.mark.parametrize("to", ["asked", "joined", "declined", "left", "withdrawn"])
def test_a_participation_moves_only_as_the_table_says(campaign, sandefjord, state, to):
    (row,) = services.ask(campaign, by=None, tenants=[sandefjord])
    Participation.objects.of(sandefjord).filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    try:
        verbs(campaign, row)[to]()
    except (AlreadyJoined, NotNow):
        assert to == "joined"
    row.refresh_from_db()
    assert row.state == (to if to in AFTER[state] else state)


def test_joining_twice_is_refused_with_the_reason(joined):
    with pytest.raises(AlreadyJoined, match="allerede"):
        taking_part.join(joined, by=None)
    assert Participation.objects.of(joined.tenant_id).count() == 1


def test_the_database_refuses_a_second_participation(joined):
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(tenant=joined.tenant, campaign=joined.campaign, state="asked")


def test_nobody_is_asked_before_the_campaign_opens_or_after_it_closed(ministry, sandefjord):
    draft = services.start(tenant=ministry, by=None, facts={"title": "Utkast"})
    for _state in ("draft", "closed"):
        with pytest.raises(NotNow):
            services.ask(draft, by=None, tenants=[sandefjord])
        with pytest.raises(NotNow):
            services.list_names(draft, by=None, names=["Haugesund kommune"])
        services.open_campaign(draft, by=None)
        services.close(draft, by=None)
    assert not Participation.objects.across_tenants("a test").exists()


def test_nobody_joins_a_closed_campaign_and_everybody_gets_out(campaign, sandefjord, kristiansand):
    inside = factories.participation(campaign, sandefjord)
    (late,) = services.ask(campaign, by=None, tenants=[kristiansand])
    services.close(campaign, by=None)
    with pytest.raises(NotNow):
        taking_part.join(late, by=None)
    assert taking_part.leave(inside, by=None)


def test_whoever_declined_may_change_its_mind_or_be_asked_again(campaign, sandefjord):
    (row,) = services.ask(campaign, by=None, tenants=[sandefjord])
    assert taking_part.decline(row, by=None)
    assert not taking_part.decline(row, by=None)
    assert services.ask(campaign, by=None, tenants=[sandefjord]) == [row]
    assert services.ask(campaign, by=None, tenants=[sandefjord]) == []


def test_the_coordinator_is_not_asked_by_itself(campaign):
    assert services.ask(campaign, by=None, tenants=[campaign.tenant]) == []


def test_a_listed_name_is_listed_once_and_can_come_back(campaign):
    (row,) = services.list_names(campaign, by=None, names=["Haugesund kommune"])
    assert services.list_names(campaign, by=None, names=["Haugesund kommune"]) == []
    assert services.withdraw(campaign, row, by=None)
    assert services.list_names(campaign, by=None, names=["Haugesund kommune"]) == [row]
    assert taking_part.leave(row, by=None) is False
    with pytest.raises(NotNow):
        taking_part.join(row, by=None)


def test_both_sides_have_it_in_their_audit_trail(campaign, sandefjord, siv, kari):
    (row,) = services.ask(campaign, by=siv, tenants=[sandefjord])
    taking_part.join(row, by=kari)
    theirs = [entry.words() for entry in AuditEntry.objects.of(sandefjord)]
    assert [words for words in theirs if "Siv" in words] == []
    assert [words for words in theirs if "Dialogmøter høsten 2014" in words] == theirs != []
    actions = AuditEntry.objects.of(campaign.tenant).values_list("action", flat=True)
    assert set(actions) == {"campaign.started", "campaign.open", "campaign.asked"}


# --- Meetings -------------------------------------------------------------------------------------------------------
def test_an_event_is_in_a_campaign_once(joined):
    link = factories.campaign_event(joined)
    with pytest.raises(AlreadyLinked, match="allerede"):
        factories.campaign_event(joined, link.event)
    assert CampaignEvent.objects.of(joined.tenant).count() == 1


def test_nobody_links_a_neighbours_event(joined, kristiansand):
    with pytest.raises(ValueError, match="own"):
        factories.campaign_event(joined, factories.event(kristiansand))


@pytest.mark.parametrize("state", ["asked", "declined", "left", "withdrawn"])
def test_only_who_takes_part_links_meetings_and_writes_what_was_learned(joined, state):
    Participation.objects.of(joined.tenant).filter(pk=joined.pk).update(state=state)
    with pytest.raises(NotNow):
        factories.campaign_event(joined)
    with pytest.raises(NotNow):
        taking_part.learn(joined, by=None, worked="Mat", change="")


def test_nothing_is_linked_to_a_closed_campaign_and_notes_still_are(joined):
    services.close(joined.campaign, by=None)
    with pytest.raises(NotNow):
        factories.campaign_event(joined)
    taking_part.learn(joined, by=None, worked="Mat", change="")
    assert joined.noted_at is not None


def test_a_new_meeting_begins_from_the_campaigns_programme_and_is_made_once(joined, kari):
    items = [{"starts": None, "title": "Velkommen"}, {"starts": None, "title": "Samtale"}]
    services.change(joined.campaign, by=None, facts={"title": "Ny"}, items=items)
    asked = {
        "by": kari,
        "facts": {"title": "Vårt møte"},
        "told": {"shared": False},
        "uid": joined.campaign.uid,
    }
    first, again = taking_part.link_new(joined, **asked), taking_part.link_new(joined, **asked)
    assert first == again
    event = Event.objects.of(joined.tenant).get()
    assert (event.state, [str(item) for item in event.programme.all()]) == ("draft", ["Velkommen", "Samtale"])


def test_unlinking_leaves_the_event_as_it_is(joined):
    link = factories.campaign_event(joined)
    before = Event.objects.of(joined.tenant).values().get()
    taking_part.unlink(link, by=None)
    assert Event.objects.of(joined.tenant).values().get() == before
    assert not CampaignEvent.objects.of(joined.tenant).exists()


def test_every_change_that_others_see_moves_the_campaigns_version(campaign, sandefjord):
    seen = [version(campaign)]

    def moved():
        seen.append(version(campaign))
        return seen[-1] > seen[-2]

    (row,) = services.ask(campaign, by=None, tenants=[sandefjord])
    taking_part.join(row, by=None)
    assert moved()
    link = factories.campaign_event(row)
    assert moved()
    taking_part.change_link(link, by=None, told={"shared": False})
    assert moved()
    taking_part.change_link(link, by=None, told={"shared": False})
    assert not moved()
    taking_part.unlink(link, by=None)
    assert moved()
    taking_part.leave(row, by=None)
    assert moved()

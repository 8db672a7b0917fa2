"""Which measures forms offer (ADR 36): a draft plan's titles are nobody's business but theirs who write it."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from events.calendar.forms import FeedForm
from events.gatherings.forms import FactsForm
from events.gatherings.programme import set_measures
from events.plans.models import Plan
from minutes.records import services
from minutes.records.content import Content
from tests.factories import draft, measure, measure_of_plan, staff
from tests.records.scene import address, fields_of, forum, new

OTHER_PLANS = {"draft": {}, "superseded": {"ended_on": "2026-01-01"}, "ended": {"ended_on": "2026-01-01"}}
others = pytest.mark.parametrize("state", OTHER_PLANS)
# Every page on which a measure is chosen, and on which nothing of a draft may stand.
PAGES = ("event-create", "feed-list", "event-agenda")


def measure_of(at, state):
    """A measure with a title of its own in a plan that is in `state`."""
    aim = measure_of_plan(at, key=state, plan_title=f"Plan som er {state}", title=f"Tiltak i {state}")
    Plan.objects.of(at).filter(pk=aim.plan_id).update(state=state, **OTHER_PLANS[state])
    return aim


def facts_form(at, *, measures=(), chosen=()):
    data = QueryDict(mutable=True)
    data.setlist("measures", [one.pk for one in measures])
    return FactsForm(data, tenant=at, initial={"measures": [one.pk for one in chosen]})


@others
def test_an_event_is_offered_what_is_in_force_and_keeps_what_was_chosen(sandefjord, state):
    ours, other = measure(sandefjord), measure_of(sandefjord, state)
    assert list(facts_form(sandefjord).fields["measures"].queryset) == [ours]
    form = facts_form(sandefjord, measures=[other], chosen=[other])
    assert set(form.fields["measures"].queryset) == {ours, other}
    assert "measures" not in form.errors


@others
def test_a_measure_that_is_not_in_force_is_refused_at_its_field_without_its_title(sandefjord, state):
    form = facts_form(sandefjord, measures=[measure_of(sandefjord, state)])
    assert form.errors["measures"]
    assert "Tiltak i" not in str(form.errors)


def test_the_event_page_refuses_what_was_made_by_hand_and_saves_nothing(at_desk, kari, sandefjord):
    hidden, planned = measure_of(sandefjord, "draft"), draft(sandefjord)
    page = reverse("event-edit", kwargs={"tenant": "sandefjord", "pk": planned.pk})
    answer = at_desk(kari).post(page, {"title": "Ny tittel", "measures": [hidden.pk]})
    assert answer.status_code == 200
    assert answer.context["entry"].facts.errors["measures"]
    assert hidden.title not in answer.content.decode()
    assert not planned.measures.exists()


@others
def test_a_new_feed_follows_only_what_is_in_force(sandefjord, state):
    ours, other = measure(sandefjord), measure_of(sandefjord, state)
    data = QueryDict(mutable=True)
    data["measure"] = other.pk
    form = FeedForm(data, tenant=sandefjord, may_share=True)
    assert list(form.fields["measure"].queryset) == [ours]
    assert form.errors["measure"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["coordinator", "minute_taker", "reader"])
def test_nobody_learns_a_drafts_titles_from_a_form(at_desk, sandefjord, page, role):
    hidden = measure_of(sandefjord, "draft")
    answer = at_desk(staff(sandefjord, role)).get(reverse(page, kwargs={"tenant": "sandefjord"}))
    assert hidden.title not in answer.content.decode()
    assert hidden.plan.title not in answer.content.decode()


def test_the_agenda_may_be_narrowed_by_an_old_plans_measure(at_desk, kari, sandefjord):
    old = measure_of(sandefjord, "superseded")
    answer = at_desk(kari).get(reverse("event-agenda", kwargs={"tenant": "sandefjord"}), {"measure": old.pk})
    assert old.title in answer.content.decode()


@others
def test_minutes_are_offered_what_is_in_force_what_was_planned_and_what_was_written(
    at_desk, mina, sandefjord, state
):
    other, meeting = measure_of(sandefjord, state), forum(sandefjord)
    minutes, page = services.open_minutes(meeting, by=mina), address("minutes-edit", meeting)
    desk = at_desk(mina)
    assert other.title not in desk.get(page).content.decode()
    set_measures(meeting, [other])
    assert other.title in desk.get(page).content.decode()
    set_measures(meeting, [])
    update = new(measure=other.pk, phase="under_way", text="I gang.")
    services.save(minutes, by=mina, revision=minutes.revision, content=Content(updates=[update]))
    assert other.title in desk.get(page).content.decode()


def test_minutes_refuse_a_drafts_measure_beside_its_field_and_lose_nothing(at_desk, mina, sandefjord):
    hidden, meeting = measure_of(sandefjord, "draft"), forum(sandefjord)
    minutes, page = services.open_minutes(meeting, by=mina), address("minutes-edit", meeting)
    desk = at_desk(mina)
    told = {"updates-0-measure": hidden.pk, "updates-0-phase": "under_way", "updates-0-text": "I det stille"}
    answer = desk.post(page, fields_of(desk.get(page)) | told)
    assert answer.context["parts"].sections["updates"].forms[0].errors["measure"]
    assert "I det stille" in answer.content.decode()
    assert hidden.title not in answer.content.decode()
    assert not minutes.outcomes.exists()

"""The standing items of a body, and fetching them into a draft that it hosts (issue 6, point 3)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from events.audit import AuditEntry
from events.gatherings.models import Event
from events.gatherings.programme import set_hosts, set_programme
from events.gatherings.refusals import NotAllowed
from events.gatherings.standing import services
from events.gatherings.standing.models import StandingItem
from tests.factories import OSLO, draft, event, organisation, staff
from tests.queries import queries_of
from tests.records.scene import address

MANAGEMENT = {"items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0"}
SECRET = "Sak om én person"


@pytest.fixture
def council(sandefjord):
    return organisation(sandefjord, name="Politirådet", kind="municipal")


@pytest.fixture
def meeting(sandefjord, council):
    starts = dt.datetime(2027, 3, 9, 17, tzinfo=OSLO)
    row = draft(sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), answer_by=None)
    set_hosts(row, [council])
    return row


def said(title, **facts):
    return {"title": title, "kind": "standing", "level": "participants", "minutes": None, **facts}


def keep(body, *titles, **facts):
    services.set_items(body, by=None, items=[said(title, **facts) for title in titles])


def titles(of):
    return [item.title for item in of.programme.all()]


def clock(of):
    return [item.starts and item.starts.strftime("%H:%M") for item in of.programme.all()]


def page_of(body):
    return reverse("standing-items", kwargs={"tenant": body.tenant.slug, "pk": body.pk})


# --- fetching -------------------------------------------------------------------------------------------------------
def test_they_come_first_and_once(meeting, council, kari):
    set_programme(meeting, [{"title": "Trygghet"}, {"title": "Eventuelt", "kind": "standing"}])
    keep(council, "Velkommen", "Status")
    assert services.fetch(meeting, by=kari) == 2
    assert titles(meeting) == ["Velkommen", "Status", "Eventuelt", "Trygghet"]
    assert services.fetch(meeting, by=kari) == 0
    assert titles(meeting) == ["Velkommen", "Status", "Eventuelt", "Trygghet"]
    fetched = AuditEntry.objects.of(meeting.tenant).about(meeting).filter(action="standing.fetched")
    assert fetched.count() == 1


def test_what_is_there_stays_as_it_is(meeting, council, kari):
    speaker = {"name": "Per", "office": "ordfører", "role": "opener"}
    old = {"title": "Trygghet", "level": "internal", "papers": "https://x.example/", "speakers": [speaker]}
    set_programme(meeting, [old])
    [row] = meeting.programme.all()
    keep(council, "Velkommen")
    services.fetch(meeting, by=kari)
    kept = meeting.programme.get(title="Trygghet")
    assert (kept.pk, kept.level, kept.papers) == (row.pk, "internal", "https://x.example/")
    assert [(a.name, a.office, a.role) for a in kept.appearances.all()] == [("Per", "ordfører", "opener")]


def test_an_item_of_the_same_title_is_not_added_whatever_its_letter_case(meeting, council, kari):
    set_programme(meeting, [{"title": "VELKOMMEN"}])
    keep(council, "Velkommen", "Status")
    services.fetch(meeting, by=kari)
    assert sorted(titles(meeting)) == ["Status", "VELKOMMEN"]


def test_two_hosts_that_share_an_item_bring_it_once_in_the_order_of_the_hosts(
    meeting, council, sandefjord, kari
):
    other = organisation(sandefjord, name="Kirkelig fellesråd", kind="faith")
    set_hosts(meeting, [other, council])
    keep(council, "Velkommen", "Status")
    keep(other, "Velkommen", "Bønn")
    services.fetch(meeting, by=kari)
    assert titles(meeting) == ["Velkommen", "Bønn", "Status"]


def test_they_follow_each_other_from_the_start_as_far_as_their_minutes_are_known(meeting, council, kari):
    items = [said("a", minutes=10), said("b", minutes=15), said("c"), said("d", minutes=5)]
    services.set_items(council, by=kari, items=items)
    services.fetch(meeting, by=kari)
    assert clock(meeting) == ["17:00", "17:10", "17:25", None]


def test_no_time_is_of_the_next_day(meeting, council, kari, sandefjord):
    starts = dt.datetime(2027, 3, 9, 23, 50, tzinfo=OSLO)
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(
        starts_at=starts, ends_at=starts + dt.timedelta(hours=2)
    )
    keep(council, "a", "b", minutes=20)
    services.fetch(meeting, by=kari)
    assert clock(meeting) == ["23:50", None]


def test_a_draft_without_a_time_gets_them_without_times(sandefjord, council, kari):
    row = draft(sandefjord, starts_at=None, ends_at=None, answer_by=None)
    set_hosts(row, [council])
    keep(council, "a", minutes=20)
    services.fetch(row, by=kari)
    assert clock(row) == [None]


def test_who_may_read_an_item_goes_along(meeting, council, kari):
    keep(council, SECRET, level="restricted", kind="discussion")
    services.fetch(meeting, by=kari)
    item = meeting.programme.get()
    assert (item.level, item.kind) == ("restricted", "discussion")


@pytest.mark.parametrize("state", [state for state in Event.State if state != "draft"])
def test_only_a_draft_fetches(meeting, council, kari, sandefjord, state):
    row = event(sandefjord, state=state)
    set_hosts(row, [council])
    keep(council, "Velkommen")
    with pytest.raises(NotAllowed):
        services.fetch(row, by=kari)
    assert titles(row) == []


def test_whoever_has_the_form_open_is_told_that_the_agenda_changed(meeting, council, kari):
    keep(council, "Velkommen")
    before = Event.objects.of(meeting.tenant).get(pk=meeting.pk).changed_at
    services.fetch(meeting, by=kari)
    after = Event.objects.of(meeting.tenant).get(pk=meeting.pk).changed_at
    assert after > before
    services.fetch(meeting, by=kari)
    assert Event.objects.of(meeting.tenant).get(pk=meeting.pk).changed_at == after


# --- the button -----------------------------------------------------------------------------------------------------
def test_the_button_is_there_until_it_was_pressed(meeting, council, kari, at_desk):
    keep(council, "Velkommen")
    desk, page, press = at_desk(kari), address("event-detail", meeting), address("standing-fetch", meeting)
    assert press in desk.get(page).content.decode()
    assert desk.get(press).status_code == 405
    assert titles(meeting) == []
    for _twice in range(2):
        assert desk.post(press)["Location"] == page
        assert titles(meeting) == ["Velkommen"]
    assert press not in desk.get(page).content.decode()


def test_only_who_plans_meetings_is_offered_it_or_may_press_it(meeting, council, sandefjord, at_desk):
    keep(council, SECRET, level="restricted")
    for role in ("reader", "minute_taker"):
        desk = at_desk(staff(sandefjord, role))
        told = desk.get(address("event-detail", meeting)).content.decode()
        assert SECRET not in told
        assert address("standing-fetch", meeting) not in told
        assert desk.post(address("standing-fetch", meeting)).status_code == 403
        assert desk.get(page_of(council)).status_code == 403
        assert desk.post(page_of(council), MANAGEMENT).status_code == 403
    assert titles(meeting) == []
    assert StandingItem.objects.of(sandefjord).count() == 1


def test_another_tenants_body_and_meeting_are_not_there(meeting, council, kristiansand, at_desk):
    desk = at_desk(staff(kristiansand, "coordinator"))
    elsewhere = {"tenant": "kristiansand"}
    assert desk.get(reverse("standing-items", kwargs={**elsewhere, "pk": council.pk})).status_code == 404
    assert desk.post(reverse("standing-fetch", kwargs={**elsewhere, "pk": meeting.pk})).status_code == 404


# --- the page of a body ---------------------------------------------------------------------------------------------
def test_the_page_keeps_them_in_the_order_of_their_numbers(council, kari, at_desk):
    desk = at_desk(kari)
    sent = MANAGEMENT | {
        "items-0-title": "Status",
        "items-0-position": "2",
        "items-0-level": "internal",
        "items-0-minutes": "15",
        "items-1-title": "Velkommen",
        "items-1-position": "1",
        "items-1-kind": "standing",
        "items-1-level": "participants",
        "items-2-kind": "standing",
        "items-2-level": "participants",
    }
    assert desk.post(page_of(council), sent)["Location"] == page_of(council)
    told = [(row.title, row.kind, row.level, row.minutes) for row in council.standing_items.all()]
    assert told == [("Velkommen", "standing", "participants", None), ("Status", "", "internal", 15)]
    assert 'value="Velkommen"' in desk.get(page_of(council)).content.decode()
    link = reverse("organisation-detail", kwargs={"tenant": "sandefjord", "pk": council.pk})
    assert page_of(council) in desk.get(link).content.decode()


def test_a_number_moves_a_row_up_or_down_and_a_tick_removes_it(council, kari, at_desk):
    keep(council, "a", "b", "c")
    desk = at_desk(kari)
    moved = {"items-TOTAL_FORMS": "4", "items-INITIAL_FORMS": "3"}
    for place, (title, number) in enumerate((("a", 3), ("b", 2), ("c", 1))):
        moved |= {f"items-{place}-title": title, f"items-{place}-position": number}
    desk.post(page_of(council), moved)
    assert [row.title for row in council.standing_items.all()] == ["c", "b", "a"]
    desk.post(
        page_of(council), {**MANAGEMENT, "items-0-title": "c", "items-0-DELETE": "on", "items-1-title": "b"}
    )
    assert [row.title for row in council.standing_items.all()] == ["b"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"items-0-minutes": "0"}, "minutes"),
        ({"items-0-minutes": "601"}, "minutes"),
        ({"items-0-minutes": "9" * 40}, "minutes"),
        ({"items-0-level": "everybody"}, "level"),
        ({"items-0-title": "x" * 301}, "title"),
        ({"items-0-title": "", "items-0-minutes": "5"}, "title"),
        ({"items-0-title": "a\x00b"}, "title"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_saved(council, kari, at_desk, wrong, field):
    keep(council, "Var her")
    answer = at_desk(kari).post(page_of(council), MANAGEMENT | {"items-0-title": "Ny sak"} | wrong)
    assert answer.status_code == 200
    assert set(answer.context["rows"].forms[0].errors) == {field}
    assert [row.title for row in council.standing_items.all()] == ["Var her"]


@pytest.mark.parametrize("count", ["", "x", "9" * 30, "-1"])
def test_a_broken_form_is_no_crash(council, kari, at_desk, count):
    keep(council, "Var her")
    answer = at_desk(kari).post(page_of(council), {"items-TOTAL_FORMS": count, "add": "items"})
    assert answer.status_code == 200
    assert [row.title for row in council.standing_items.all()] == ["Var her"]


def test_another_row_keeps_what_was_typed_and_judges_nothing(council, kari, at_desk):
    sent = MANAGEMENT | {"items-0-title": "Ny sak", "items-1-minutes": "0", "add": "items"}
    answer = at_desk(kari).post(page_of(council), sent)
    assert len(answer.context["rows"].forms) == 4
    assert 'value="Ny sak"' in answer.content.decode()
    assert "error-summary" not in answer.content.decode()
    assert not council.standing_items.exists()


def test_what_was_not_sent_is_opened_to_nobody(council, kari, at_desk):
    at_desk(kari).post(page_of(council), MANAGEMENT | {"items-0-title": SECRET})
    assert council.standing_items.get().level == "restricted"


def test_saving_the_same_again_changes_and_audits_nothing(council, kari):
    assert services.set_items(council, by=kari, items=[said("a")])
    [row] = council.standing_items.all()
    assert not services.set_items(council, by=kari, items=[said("a")])
    assert council.standing_items.get().pk == row.pk
    assert AuditEntry.objects.of(council.tenant).about(council).filter(action="standing.changed").count() == 1


def test_drafts_that_fetched_them_stay_as_they_are(meeting, council, kari):
    keep(council, "Velkommen")
    services.fetch(meeting, by=kari)
    keep(council, "Åpning")
    assert titles(meeting) == ["Velkommen"]


def test_the_pages_take_the_same_queries_for_three_items_as_for_one(meeting, council, kari, at_desk):
    desk, pages = at_desk(kari), [page_of(council), address("event-detail", meeting)]
    keep(council, "a")
    one = [queries_of(desk, page) for page in pages]
    keep(council, "a", "b", "c")
    assert [queries_of(desk, page) for page in pages] == one
    assert one[0] <= 4


def test_the_database_refuses_what_no_item_can_be(council):
    for wrong in ({"level": "everybody"}, {"minutes": 0}, {"minutes": 601}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StandingItem.objects.create(tenant=council.tenant, body=council, position=1, title="x", **wrong)


def test_a_body_that_is_merged_brings_its_items_along(council, sandefjord, kari):
    from events.directory.merging.services import merge

    other = organisation(sandefjord, name="Politiraadet", kind="municipal")
    keep(council, "Velkommen")
    keep(other, "Status")
    merge(kept=council, gone=other, by=kari, facts={})
    assert {row.title for row in council.standing_items.all()} == {"Velkommen", "Status"}

"""Making a series and changing what is still to come."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from events.audit import AuditEntry
from events.gatherings import services as gatherings
from events.gatherings.models import Appearance, Event, EventHost, EventMeasure
from events.gatherings.refusals import NotAllowed
from events.gatherings.series import copying, services
from events.gatherings.series.models import Series
from events.gatherings.series.peers import unchanged_after
from events.gatherings.series.rules import Impossible
from tests.factories import OSLO, draft, event, invitation, measure, organisation, programme
from tests.series.stage import FIRST, given_of, made, rule_of, shown_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("january", "english")]


@pytest.fixture
def first(sandefjord):
    return draft(
        sandefjord,
        title="Samarbeidsforum",
        starts_at=FIRST,
        ends_at=FIRST + dt.timedelta(hours=2),
        answer_by=FIRST - dt.timedelta(days=7),
        capacity=20,
        is_public=True,
        name_for=2,
        police_attends=True,
    )


# --- Making --------------------------------------------------------------------------------------------------------
def test_each_meeting_is_a_draft_that_says_what_the_first_says(first, kari, sandefjord):
    host = organisation(sandefjord, name="Politiet")
    EventHost.objects.create(tenant=sandefjord, event=first, organisation=host)
    item = programme(first, "Velkommen", "Saker")[0]
    Appearance.objects.create(tenant=sandefjord, item=item, name="Per Taler")
    planned = measure(sandefjord)
    EventMeasure.objects.create(tenant=sandefjord, event=first, measure=planned)
    series = made(first, by=kari, count=4)
    rows = list(series.occurrences.order_by("recurrence_at"))
    assert [f"{row.starts_local:%d.%m %H:%M}-{row.ends_local:%H:%M}" for row in rows] == [
        "09.03 17:00-19:00",
        "16.03 17:00-19:00",
        "23.03 17:00-19:00",
        "30.03 17:00-19:00",
    ]
    assert {row.state for row in rows} == {Event.State.DRAFT}
    assert [f"{row.answer_by_local:%d.%m %H:%M}" for row in rows] == [
        "02.03 17:00",
        "09.03 17:00",
        "16.03 17:00",
        "23.03 17:00",
    ]
    for row in rows:
        assert {name: getattr(row, name) for name in copying.COPIED} == {
            name: getattr(first, name) for name in copying.COPIED
        }
        assert [link.organisation for link in row.host_links.all()] == [host]
        assert [link.measure for link in row.measure_links.all()] == [planned]
        assert [one.title for one in row.programme.all()] == ["Velkommen", "Saker"]
        assert [one.name for one in row.programme.all()[0].appearances.all()] == ["Per Taler"]
        assert row.sort_on == row.starts_local.date()
    assert Event.objects.of(sandefjord).matching("samarbeidsforum").count() == 4


# A field of a meeting that no copy has: who was invited, what happened to it, which one it is.
OWN = {
    *("id", "uid", "tenant_id", "state", "starts_at"),
    *("ends_at", "answer_by", "sort_on", "facts", "vague_from"),
    *("vague_precision", "series_id", "recurrence_at", "source_key", "seats_taken"),
    *("somebody_waits", "asks_questions", "place_told_at", "locked_at", "locked_by_id"),
    *("sequence", "told_sequence", "time_sequence", "answers_from_sequence", "created_at"),
    *("changed_at", "published_at", "held_at", "cancelled_at", "cancel_reason"),
}


def test_every_field_of_a_meeting_is_copied_or_its_own():
    known = {field.attname for field in Event._meta.concrete_fields}
    assert known - OWN == copying.COPIED
    assert not OWN & copying.COPIED


def test_a_copy_has_no_invitations_of_the_first(first, kari):
    invitation(first)
    series = made(first, by=kari, count=2)
    assert [row.invitations.count() for row in series.occurrences.order_by("recurrence_at")] == [1, 0]


def test_a_second_click_makes_no_second_series(first, kari, sandefjord):
    series = made(first, by=kari, count=3)
    assert made(first, by=kari, count=3) == series
    assert Series.objects.of(sandefjord).count() == 1
    assert Event.objects.of(sandefjord).count() == 3
    assert AuditEntry.objects.of(sandefjord).filter(action="series.made").count() == 1


def test_what_calendars_know_already_cannot_become_a_series(sandefjord, kari):
    published = event(sandefjord, starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=2), answer_by=None)
    with pytest.raises(NotAllowed, match="Only a draft"):
        made(published, by=kari, count=3)
    published.refresh_from_db()
    assert (published.series, Event.objects.of(sandefjord).count()) == (None, 1)


def test_a_rule_that_begins_at_another_time_is_refused(first, kari):
    later = rule_of(first, count=3)
    with pytest.raises(ValueError, match="another time"):
        services.make(first, by=kari, rule=replace(later, starts=later.starts + dt.timedelta(hours=1)))


def test_the_database_refuses_a_second_meeting_at_the_same_moment_of_a_series(first, kari, sandefjord):
    series = made(first, by=kari, count=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(sandefjord, series=series, recurrence_at=first.recurrence_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(sandefjord, series=series)


# --- Going on ------------------------------------------------------------------------------------------------------
def test_a_series_goes_on_with_drafts_like_its_last_meeting(first, kari):
    series = made(first, by=kari, count=2)
    last = series.occurrences.order_by("recurrence_at").last()
    gatherings.change(last, by=kari, **given_of(last, title="Nytt navn"))
    assert services.extend(series, by=kari, until=None, count=4) == 2
    assert services.extend(series, by=kari, until=None, count=4) == 0
    assert shown_as(series) == [
        "09.03 Samarbeidsforum",
        "16.03 Nytt navn",
        "23.03 Nytt navn",
        "30.03 Nytt navn",
    ]


def test_one_that_was_left_out_does_not_come_back_when_the_series_goes_on(first, kari):
    series = made(first, by=kari, count=3)
    second = series.occurrences.get(recurrence_at__date=dt.date(2027, 3, 16))
    gatherings.cancel(second, by=kari, reason="")
    services.extend(series, by=kari, until=dt.date(2027, 4, 1), count=None)
    states = list(series.occurrences.order_by("recurrence_at").values_list("state", flat=True))
    assert states == ["draft", "cancelled", "draft", "draft"]


def test_an_earlier_end_is_refused_and_nothing_changes(first, kari):
    series = made(first, by=kari, count=4)
    with pytest.raises(NotAllowed, match="already longer"):
        services.extend(series, by=kari, until=None, count=2)
    with pytest.raises(Impossible):
        services.extend(series, by=kari, until=None, count=500)
    series.refresh_from_db()
    assert (series.count, series.occurrences.count()) == (4, 4)


# --- Publishing ----------------------------------------------------------------------------------------------------
def test_all_drafts_are_published_and_what_is_not_ready_is_told(first, kari, sandefjord):
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    gatherings.cancel(rows[1], by=kari, reason="")
    Event.objects.of(sandefjord).filter(pk=rows[2].pk).update(venue="")
    done = services.publish_all(series, by=kari)
    assert (done.number, [one.pk for one, _why in done.refused]) == (1, [rows[2].pk])
    again = services.publish_all(series, by=kari)
    assert (again.number, len(again.refused)) == (0, 1)
    states = list(series.occurrences.order_by("recurrence_at").values_list("state", flat=True))
    assert states == ["published", "cancelled", "draft"]


# --- Changing several ----------------------------------------------------------------------------------------------
def test_a_change_reaches_those_still_to_come_and_unchanged(first, kari):
    series = made(first, by=kari, count=5)
    services.publish_all(series, by=kari)
    rows = list(series.occurrences.order_by("recurrence_at"))
    gatherings.change(rows[2], by=kari, **given_of(rows[2], title="Egen tittel"))
    gatherings.cancel(rows[3], by=kari, reason="")
    starts = rows[1].starts_at + dt.timedelta(hours=1)
    given = given_of(rows[1], title="Forum", starts_at=starts, ends_at=starts + dt.timedelta(hours=1))
    number = services.change_all(rows[1], by=kari, version=rows[1].changed_at, **given)
    assert number == 2
    after = list(series.occurrences.order_by("recurrence_at"))
    assert [f"{one.title} {one.starts_local:%d %H}-{one.ends_local:%H} {one.sequence}" for one in after] == [
        "Samarbeidsforum 09 17-19 0",
        "Forum 16 18-19 1",
        "Egen tittel 23 17-19 0",
        "Samarbeidsforum 30 17-19 1",
        "Forum 06 18-19 1",
    ]
    assert after[3].state == Event.State.CANCELLED
    series.refresh_from_db()
    assert series.title == "Forum"


def test_what_one_of_them_refuses_changes_none(first, kari, sandefjord):
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    Event.objects.of(sandefjord).filter(pk=rows[2].pk).update(seats_taken=10)
    with pytest.raises(NotAllowed, match="23 March 2027"):
        services.change_all(rows[0], by=kari, version=None, **given_of(rows[0], capacity=5))
    assert {one.capacity for one in series.occurrences.all()} == {20}


def test_a_time_that_one_day_does_not_have_changes_none(sandefjord, kari):
    starts = dt.datetime(2027, 3, 21, 17, tzinfo=OSLO)
    first = draft(sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=1), answer_by=None)
    series = made(first, by=kari, count=2)
    night = dt.datetime(2027, 3, 21, 2, 30, tzinfo=OSLO)
    given = given_of(first, starts_at=night, ends_at=night + dt.timedelta(hours=1))
    with pytest.raises(NotAllowed, match="28 March 2027"):
        services.change_all(first, by=kari, version=None, **given)
    assert {one.starts_local.hour for one in series.occurrences.all()} == {17}


def test_a_changed_programme_is_that_of_all_and_no_rows_are_shared(first, kari):
    programme(first, "Velkommen")
    series = made(first, by=kari, count=2)
    row = first.programme.get()
    items = [
        {"id": row.pk, "day": 1, "starts": None, "title": "Åpning", "place": "", "notes": "", "speakers": []}
    ]
    services.change_all(first, by=kari, version=None, **given_of(first, programme=items))
    both = [[item.title for item in one.programme.all()] for one in series.occurrences.all()]
    assert both == [["Åpning"], ["Åpning"]]
    assert first.programme.get().pk == row.pk


def test_one_whose_speakers_differ_is_not_unchanged(first, kari, sandefjord):
    programme(first, "Velkommen")
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    Appearance.objects.create(tenant=sandefjord, item=rows[1].programme.get(), name="Per Taler")
    assert unchanged_after(rows[0]) == [rows[2]]

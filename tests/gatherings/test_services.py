"""Events are made, changed and moved in one transaction each, with a sentence in the audit trail."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.gatherings import services
from events.gatherings.models import (
    SUCCESSORS,
    Event,
    EventFormat,
    ProgrammeItem,
    ScheduleVersion,
)
from events.gatherings.services import (
    ChangedMeanwhile,
    NotAllowed,
    NotPublishable,
    TooFewSeats,
)
from tests.factories import OSLO, draft, event, measure, organisation, programme

STARTS = dt.datetime(2026, 12, 7, 17, 0, tzinfo=OSLO)
TALK = {"title": "Innledning", "starts": dt.time(17, 10), "speakers": [{"name": "Laila Bokhari"}]}


def words(about):
    """The audit trail of an event, oldest first, in English."""
    with translation.override("en"):
        return [
            entry.words() for entry in AuditEntry.objects.of(about.tenant).about(about).order_by("at", "pk")
        ]


def version(of):
    row = ScheduleVersion.objects.filter(tenant=of).first()
    return row.version if row else 0


def change(row, by, **kwargs):
    given = {"facts": {}, "hosts": (), "measures": (), "programme": (), "format_name": "", **kwargs}
    return services.change(row, by=by, **given)


# --- making ---------------------------------------------------------------------------------------------------------
def test_a_draft_needs_only_a_title(sandefjord, kari):
    made = services.create(tenant=sandefjord, by=kari, facts={"title": "Dialogmøte"})
    kept = Event.objects.of(sandefjord).get()
    assert (kept, kept.state, kept.title, kept.time_zone) == (made, "draft", "Dialogmøte", "Europe/Oslo")
    assert words(kept) == ["Kari Koordinator made the draft “Dialogmøte”."]


def test_a_draft_is_made_with_hosts_measures_programme_and_format(sandefjord, kari):
    hosts = [organisation(sandefjord, name="Politiet"), organisation(sandefjord, name="Kommunen")]
    planned = measure(sandefjord)
    made = services.create(
        tenant=sandefjord,
        by=kari,
        facts={"title": "Dialogmøte", "starts_at": STARTS, "ends_at": STARTS + dt.timedelta(hours=2)},
        hosts=hosts,
        measures=[planned],
        programme=[TALK, {"title": "Samtale", "day": 2}],
        format_name=" Utvidet  beredskapsråd ",
    )
    assert [link.organisation for link in made.host_links.all()] == hosts
    assert list(made.measures.all()) == [planned]
    assert [(i.position, i.day, i.starts, i.title) for i in made.programme.all()] == [
        (1, 1, dt.time(17, 10), "Innledning"),
        (2, 2, None, "Samtale"),
    ]
    assert [one.name for one in made.programme.all()[0].appearances.all()] == ["Laila Bokhari"]
    assert made.format is not None
    assert made.format.name == "Utvidet beredskapsråd"


def test_a_format_is_a_word_the_tenant_adds_once(sandefjord, kristiansand, kari):
    for name in ("Åpent folkemøte", "åpent FOLKEMØTE", "Åpent folkemøte"):
        services.create(tenant=sandefjord, by=kari, facts={"title": "x"}, format_name=name)
    services.create(tenant=kristiansand, by=None, facts={"title": "x"}, format_name="Folkemøte")
    assert EventFormat.objects.of(sandefjord).count() == 1
    assert EventFormat.objects.of(kristiansand).count() == 1


def test_sending_the_same_form_twice_makes_one_draft(sandefjord, kari):
    uid = uuid.uuid4()
    first, second = (
        services.create(tenant=sandefjord, by=kari, facts={"title": "Dialogmøte"}, uid=uid) for _ in range(2)
    )
    assert first == second
    assert Event.objects.of(sandefjord).count() == 1
    assert len(words(first)) == 1


def test_a_fact_that_only_services_move_is_refused(sandefjord, kari):
    with pytest.raises(TypeError, match="state"):
        services.create(tenant=sandefjord, by=kari, facts={"title": "x", "state": "held"})


def test_hosts_and_measures_of_another_tenant_are_refused(sandefjord, kristiansand, kari):
    with pytest.raises(ValueError, match="another tenant"):
        services.create(tenant=sandefjord, by=kari, facts={"title": "x"}, hosts=[organisation(kristiansand)])
    with pytest.raises(ValueError, match="another tenant"):
        services.create(tenant=sandefjord, by=kari, facts={"title": "x"}, measures=[measure(kristiansand)])
    assert not Event.objects.of(sandefjord).exists()


def test_a_draft_changes_nothing_in_calendars(sandefjord, kari):
    made = services.create(tenant=sandefjord, by=kari, facts={"title": "x"})
    change(made, kari, facts={"title": "y"})
    services.cancel(made, by=kari, reason="")
    assert version(sandefjord) == 0


# --- moving between states -----------------------------------------------------------------------------------------
MOVES = {
    "published": lambda row, by: services.publish(row, by=by),
    "held": lambda row, by: services.hold(row, by=by),
    "cancelled": lambda row, by: services.cancel(row, by=by, reason="Sykdom"),
}


def today(at, state):
    """An event in `state` that is going on now."""
    now = timezone.now()
    return event(at, state=state, starts_at=now, ends_at=now + dt.timedelta(hours=2), answer_by=None)


@pytest.mark.parametrize("to", MOVES)
@pytest.mark.parametrize("state", Event.State.values)
def test_only_successors_can_follow_a_state(sandefjord, kari, state, to):
    row = today(sandefjord, state)
    if to in SUCCESSORS[state]:
        MOVES[to](row, kari)
        expected = to
    else:
        with pytest.raises(NotAllowed):
            MOVES[to](row, kari)
        expected = state
    assert Event.objects.of(sandefjord).get().state == row.state == expected


@pytest.mark.parametrize("to", MOVES)
@pytest.mark.parametrize("state", Event.State.values)
def test_a_stale_page_moves_an_event_no_further_than_a_fresh_one(sandefjord, kari, state, to):
    """What the database holds decides, not what the page that was open remembers."""
    row = today(sandefjord, state)
    for remembered in Event.State.values:
        stale = Event.objects.of(sandefjord).get(pk=row.pk)
        stale.state = remembered
        if to not in SUCCESSORS[state]:
            with pytest.raises(NotAllowed):
                MOVES[to](stale, kari)
    assert Event.objects.of(sandefjord).get().state == state


def test_the_table_of_successors_names_every_state():
    assert set(SUCCESSORS) == set(Event.State.values)
    assert set().union(*SUCCESSORS.values()) == set(MOVES)


@pytest.mark.parametrize("to", MOVES)
def test_a_second_click_changes_nothing_and_leaves_one_sentence(sandefjord, kari, to):
    row = today(sandefjord, {"published": "draft"}.get(to, "published"))
    MOVES[to](row, kari)
    after = Event.objects.of(sandefjord).values().get()
    count = version(sandefjord)
    with pytest.raises(NotAllowed):
        MOVES[to](row, kari)
    assert Event.objects.of(sandefjord).values().get() == after
    assert (len(words(row)), version(sandefjord)) == (1, count)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"starts_at": None, "ends_at": None}, {"starts_at"}),
        ({"venue": ""}, {"venue"}),
        ({"starts_at": None, "ends_at": None, "venue": ""}, {"starts_at", "venue"}),
    ],
)
def test_a_meeting_without_time_or_place_is_not_published_and_the_errors_name_the_fields(
    sandefjord, kari, facts, fields
):
    row = draft(sandefjord, **{"answer_by": None, **facts})
    with pytest.raises(NotPublishable) as refused:
        services.publish(row, by=kari)
    assert set(refused.value.errors) == fields
    assert (Event.objects.of(sandefjord).get().state, words(row), version(sandefjord)) == ("draft", [], 0)


def test_a_meeting_online_needs_no_room_in_town(sandefjord, kari):
    row = draft(sandefjord, venue="", online_url="https://video.example/rom")
    services.publish(row, by=kari)
    assert row.state == "published"


def test_a_meeting_that_is_over_is_not_published(sandefjord, kari):
    long_ago = timezone.now() - dt.timedelta(days=3)
    row = draft(sandefjord, starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1), answer_by=None)
    with pytest.raises(NotPublishable) as refused:
        services.publish(row, by=kari)
    assert set(refused.value.errors) == {"starts_at"}


def test_a_meeting_is_held_from_its_own_day_on_and_not_before(sandefjord, kari):
    row = event(sandefjord, starts_at=STARTS, ends_at=STARTS + dt.timedelta(hours=2), answer_by=None)
    with time_machine.travel(STARTS.replace(hour=0) - dt.timedelta(minutes=1)), pytest.raises(NotAllowed):
        services.hold(row, by=kari)
    with time_machine.travel(STARTS.replace(hour=0)):
        services.hold(row, by=kari)
    assert row.state == "held"


def test_cancelling_keeps_the_reason_and_raises_the_sequence(sandefjord, kari):
    row = event(sandefjord, sequence=3)
    services.cancel(row, by=kari, reason="For få påmeldte")
    assert (row.state, row.cancel_reason, row.sequence) == ("cancelled", "For få påmeldte", 4)
    assert words(row) == [f"Kari Koordinator cancelled “{row.title}”."]


@pytest.mark.parametrize("to", MOVES)
def test_each_move_of_a_published_event_counts_up_the_calendars_version_once(sandefjord, kari, to):
    row = today(sandefjord, {"published": "draft"}.get(to, "published"))
    MOVES[to](row, kari)
    assert version(sandefjord) == 1


# --- changing ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "moved",
    [
        {"starts_at": STARTS},
        {"ends_at": STARTS + dt.timedelta(hours=9)},
        {"time_zone": "Europe/London"},
        {"venue": "Biblioteket"},
        {"room": "2"},
        {"address": "Storgata 2"},
        {"district": "Nord"},
        {"city": "Larvik"},
        {"online_url": "https://video.example/"},
    ],
    ids=lambda moved: next(iter(moved)),
)
def test_new_time_or_place_of_a_published_event_raises_the_sequence_by_one(sandefjord, kari, moved):
    row = event(
        sandefjord,
        starts_at=STARTS + dt.timedelta(hours=1),
        ends_at=STARTS + dt.timedelta(hours=2),
        answer_by=None,
        sequence=2,
    )
    change(row, kari, facts=moved)
    assert Event.objects.of(sandefjord).get().sequence == row.sequence == 3
    assert words(row) == [f"Kari Koordinator changed the time or place of “{row.title}”."]


def test_a_typing_error_put_right_leaves_the_sequence_but_reaches_calendars(sandefjord, kari):
    row = event(sandefjord, sequence=2)
    change(row, kari, facts={"title": "Dialogmøte om trygghet", "purpose": "Ny tekst", "venue": row.venue})
    assert (row.sequence, version(sandefjord)) == (2, 1)
    assert words(row) == ["Kari Koordinator changed “Dialogmøte om trygghet”."]


def test_a_draft_moves_without_raising_the_sequence(sandefjord, kari):
    row = draft(sandefjord)
    change(row, kari, facts={"venue": "Biblioteket"})
    assert (row.sequence, row.venue) == (0, "Biblioteket")


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_an_event_that_was_held_or_cancelled_is_not_changed(sandefjord, kari, state):
    row = event(sandefjord, state=state)
    with pytest.raises(NotAllowed):
        change(row, kari, facts={"title": "Noe annet"})
    assert Event.objects.of(sandefjord).get().title != "Noe annet"


def test_a_published_event_keeps_its_time_and_place(sandefjord, kari):
    row = event(sandefjord)
    with pytest.raises(NotPublishable) as refused:
        change(row, kari, facts={"starts_at": None, "ends_at": None, "venue": "", "answer_by": None})
    assert set(refused.value.errors) == {"starts_at", "venue"}
    assert Event.objects.of(sandefjord).get().venue == "Sandefjord rådhus"


def test_saving_what_already_stands_leaves_no_trace(sandefjord, kari):
    row = event(sandefjord)
    host, planned = organisation(sandefjord), measure(sandefjord)
    given = {
        "facts": {"title": "Møtet", "venue": "Biblioteket"},
        "hosts": [host],
        "measures": [planned],
        "programme": [TALK],
        "format_name": "Folkemøte",
    }
    change(row, kari, **given)
    before, count = Event.objects.of(sandefjord).values().get(), version(sandefjord)
    change(row, kari, **given, version=STARTS)
    assert Event.objects.of(sandefjord).values().get() == before
    assert (len(words(row)), version(sandefjord)) == (1, count)
    for other in ("hosts", "measures", "programme", "format_name"):
        change(row, kari, **{**given, other: ""})
        change(row, kari, **given)
    assert len(words(row)) == 9


def test_seats_cannot_go_below_those_taken(sandefjord, kari):
    row = event(sandefjord, capacity=20, seats_taken=12)
    with translation.override("en"), pytest.raises(TooFewSeats, match="12 seats are taken"):
        change(row, kari, facts={"capacity": 11})
    assert Event.objects.of(sandefjord).get().capacity == 20
    change(row, kari, facts={"capacity": 12})
    assert Event.objects.of(sandefjord).get().capacity == 12


def test_a_change_leaves_seats_that_were_taken_meanwhile(sandefjord, kari):
    row = event(sandefjord, capacity=20)
    Event.objects.of(sandefjord).update(seats_taken=7)
    change(row, kari, facts={"title": "Nytt navn"})
    assert Event.objects.of(sandefjord).get().seats_taken == 7


def test_the_second_of_two_who_change_at_once_is_told_and_overwrites_nothing(sandefjord, kari, mina):
    row = draft(sandefjord)
    opened = row.changed_at
    change(row, kari, facts={"title": "Karis"}, version=opened)
    mine = Event.objects.of(sandefjord).get()
    with pytest.raises(ChangedMeanwhile):
        change(mine, mina, facts={"title": "Minas"}, version=opened)
    assert Event.objects.of(sandefjord).get().title == "Karis"


def test_items_of_the_programme_keep_their_rows_when_the_order_changes(sandefjord, kari):
    row = draft(sandefjord)
    first, _, third = programme(row, "Velkommen", "Samtale", "Slutt")
    change(
        row,
        kari,
        programme=[
            {"id": third.pk, "title": "Avslutning"},
            {"title": "Ny"},
            {"id": first.pk, "title": "Velkommen", "speakers": [{"name": "Kari", "office": "ordfører"}]},
        ],
    )
    items = ProgrammeItem.objects.of(sandefjord).filter(event=row)
    assert [(i.position, i.title) for i in items] == [(1, "Avslutning"), (2, "Ny"), (3, "Velkommen")]
    assert [i.pk for i in items][::2] == [third.pk, first.pk]
    assert [one.office for one in items[2].appearances.all()] == ["ordfører"]


def test_an_item_of_another_event_is_never_taken_over(sandefjord, kari):
    row, other = draft(sandefjord), draft(sandefjord)
    (theirs,) = programme(other, "Deres")
    change(row, kari, programme=[{"id": theirs.pk, "title": "Vårt"}])
    assert [item.title for item in other.programme.all()] == ["Deres"]
    assert [item.title for item in row.programme.all()] == ["Vårt"]


# --- what is already past -------------------------------------------------------------------------------------------
def test_a_past_meeting_with_a_vague_date_is_recorded_once(sandefjord):
    facts = {
        "title": "Konferanse",
        "city": "Sarpsborg",
        "vague_from": dt.date(2014, 10, 1),
        "vague_precision": "month",
    }
    first, second = (
        services.record_held(
            tenant=sandefjord,
            by=None,
            facts={**facts, "title": title},
            programme=[TALK],
            hosts=[],
            measures=[],
            source_key="campaign-2014/sarpsborg",
        )
        for title in ("Konferanse", "Noe annet")
    )
    assert first == second
    assert (second.state, second.title, second.programme.count()) == ("held", "Konferanse", 1)
    assert (second.sort_on, second.starts_at) == (dt.date(2014, 10, 1), None)
    assert words(first) == ["Møteplass recorded “Konferanse” as held."]
    assert list(Event.objects.of(sandefjord).past()) == [first]
    assert not Event.objects.of(sandefjord).in_calendar().exists()


def test_each_tenant_counts_its_own_calendar_changes(sandefjord, kristiansand):
    for _ in range(3):
        services.schedule_changed(sandefjord.pk)
    services.schedule_changed(kristiansand.pk)
    assert (version(sandefjord), version(kristiansand)) == (3, 1)

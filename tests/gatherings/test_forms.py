"""The event form: bad input is named at its field, and nothing typed is lost."""

import datetime as dt

import pytest
import time_machine
from django.http import QueryDict
from django.utils import translation

from events.gatherings.forms import Entry
from events.gatherings.models import Appearance, Event, EventFormat
from events.gatherings.programme import set_programme
from tests.factories import OSLO, draft, event, measure, organisation, programme

MANAGEMENT = {
    "hosts-TOTAL_FORMS": "1",
    "hosts-INITIAL_FORMS": "0",
    "programme-TOTAL_FORMS": "1",
    "programme-INITIAL_FORMS": "0",
}
TIMES = {"start_date": "2026-12-07", "start_time": "17:00", "end_time": "19:00"}
LEAST = {
    "title": "Dialogmøte",
    "kind": "dialogue",
    "language": "nb",
    "zone": "Europe/Oslo",
    "place_for_public": "1",
    "place_for_invited": "2",
    **MANAGEMENT,
}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 9, 1, 12, tzinfo=OSLO), tick=False):
        yield


def typed(**values):
    data = QueryDict(mutable=True)
    for name, value in {**LEAST, **values}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def entry(sandefjord, kari):
    def fill(of=None, **values):
        return Entry(typed(**values), tenant=sandefjord, by=kari, event=of)

    return fill


def wrong(entry):
    """The fields with errors, by name."""
    assert not entry.is_valid()
    named = {name for form in entry.forms for name in form.errors}
    rows = (row.errors for formset in entry.formsets for row in formset.forms)
    return named | {name for errors in rows for name in errors}


def test_only_a_title_is_needed(entry):
    filled = entry()
    assert filled.is_valid()
    given = filled.given()
    assert (given["facts"]["title"], given["facts"]["starts_at"], given["facts"]["answer_by"]) == (
        "Dialogmøte",
        None,
        None,
    )
    assert (given["hosts"], given["programme"], list(given["measures"])) == ([], [], [])
    assert wrong(entry(title=" \x07 ")) == {"title"}


def test_times_are_read_on_the_clock_of_the_chosen_zone(entry):
    facts = entry(**TIMES, zone="Africa/Nairobi")
    assert facts.is_valid()
    assert facts.given()["facts"]["starts_at"] == dt.datetime(2026, 12, 7, 14, 0, tzinfo=dt.UTC)
    assert facts.given()["facts"]["time_zone"] == "Africa/Nairobi"


def test_a_visit_may_last_several_days(entry):
    filled = entry(**TIMES, end_date="2026-12-09")
    assert filled.is_valid()
    assert filled.given()["facts"]["ends_at"] == dt.datetime(2026, 12, 9, 19, 0, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({**TIMES, "end_time": "16:59"}, {"end_time"}),
        ({**TIMES, "end_time": "17:00"}, {"end_time"}),
        ({**TIMES, "end_date": "2026-12-06"}, {"end_date"}),
        ({"start_date": "2026-12-07"}, {"start_time", "end_time"}),
        ({"start_time": "17:00"}, {"start_date", "end_time"}),
        ({"end_time": "17:00"}, {"start_date", "start_time"}),
        ({**TIMES, "start_date": "i morgen"}, {"start_date"}),
        ({**TIMES, "start_time": "25:00"}, {"start_time"}),
        ({**TIMES, "start_date": "0001-01-01"}, {"start_date"}),
        ({**TIMES, "start_date": "9999-12-31"}, {"start_date"}),
        ({**TIMES, "zone": "Mars/Base"}, {"zone"}),
        ({**TIMES, "zone": ""}, {"zone"}),
        ({**TIMES, "deadline_date": "2026-12-08"}, {"deadline_date"}),
        ({**TIMES, "deadline_date": "2026-12-07", "deadline_time": "17:01"}, {"deadline_date"}),
        ({**TIMES, "deadline_time": "12:00"}, {"deadline_date"}),
        ({"start_date": "2027-03-28", "start_time": "02:30", "end_time": "04:00"}, {"start_time"}),
        ({"start_date": "2027-03-28", "start_time": "01:30", "end_time": "02:30"}, {"end_time"}),
        ({"start_date": "2026-10-25", "start_time": "02:30", "end_time": "04:00"}, {"start_time"}),
        ({"start_date": "2026-10-25", "start_time": "01:30", "end_time": "02:30"}, {"end_time"}),
        ({"title": ""}, {"title"}),
        ({"title": "x" * 201}, {"title"}),
        ({"title": "NUL\x00"}, {"title"}),
        ({"purpose": "NUL\x00"}, {"purpose"}),
        ({"venue": "NUL\x00"}, {"venue"}),
        ({"purpose": "x" * 5001}, {"purpose"}),
        ({"room": "x" * 101}, {"room"}),
        ({"kind": "party"}, {"kind"}),
        ({"capacity": "0"}, {"capacity"}),
        ({"capacity": "-3"}, {"capacity"}),
        ({"capacity": "99999999999999999999"}, {"capacity"}),
        ({"capacity": "mange"}, {"capacity"}),
        ({"contact_email": "kari"}, {"contact_email"}),
        ({"online_url": "javascript:alert(1)"}, {"online_url"}),
        ({"online_url": "ftp://filer.example/"}, {"online_url"}),
        ({"place_for_public": "9"}, {"place_for_public"}),
        ({"measures": ["999999"]}, {"measures"}),
        ({"measures": ["x"]}, {"measures"}),
        ({"measures": ["9" * 30]}, {"measures"}),
        ({"programme-0-id": "9" * 30, "programme-0-title": "x", "programme-0-day": "61"}, {"day"}),
        ({"hosts-0-name": "Finnes ikke"}, {"name"}),
        ({"programme-0-title": "", "programme-0-starts": "17:00"}, {"title"}),
        ({"programme-0-title": "x" * 301}, {"title"}),
        ({"programme-0-title": "x", "programme-0-starts": "sent"}, {"starts"}),
        ({"programme-0-title": "x", "programme-0-position": "0"}, {"position"}),
        ({"programme-0-title": "x", "programme-0-speakers": "y" * 201}, {"speakers"}),
        ({"programme-0-title": "x", "programme-0-speakers": "NUL\x00"}, {"speakers"}),
    ],
)
def test_bad_input_is_named_at_its_field(entry, values, fields):
    assert wrong(entry(**values)) == fields


@pytest.mark.parametrize(
    ("which", "hour"), [("first", 0), ("second", 1)], ids=["before clocks go back", "after"]
)
def test_a_time_that_comes_twice_is_asked_for_and_then_believed(entry, which, hour):
    night = {"start_date": "2026-10-25", "start_time": "02:30", "end_time": "04:00"}
    asked = entry(**night)
    assert wrong(asked) == {"start_time"}
    assert (asked.times.asks_which_start(), asked.times.asks_which_end()) == (True, False)
    filled = entry(**night, start_which=which)
    assert filled.is_valid()
    assert filled.given()["facts"]["starts_at"] == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)


def test_a_time_in_the_doubled_hour_is_shown_again_as_it_was_meant(entry, sandefjord, kari):
    starts = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    row = draft(sandefjord, starts_at=starts, ends_at=starts + dt.timedelta(hours=1), answer_by=None)
    shown = Entry(None, tenant=sandefjord, by=kari, event=row).times
    assert (shown["start_time"].value(), shown["start_which"].value()) == (dt.time(2, 30), "second")
    assert shown.asks_which_start()


def test_an_empty_deadline_becomes_three_days_before_by_the_clock(entry):
    filled = entry(start_date="2026-10-26", start_time="17:00", end_time="19:00")
    assert filled.is_valid()
    assert filled.given()["facts"]["answer_by"] == dt.datetime(2026, 10, 23, 17, 0, tzinfo=OSLO)


def test_the_deadline_of_a_meeting_called_at_short_notice_is_its_start(entry):
    filled = entry(start_date="2026-09-03", start_time="17:00", end_time="19:00")
    assert filled.is_valid()
    assert filled.given()["facts"]["answer_by"] == dt.datetime(2026, 9, 3, 17, 0, tzinfo=OSLO)


def test_a_deadline_without_a_time_lasts_the_day_out(entry):
    filled = entry(**TIMES, deadline_date="2026-12-01")
    assert filled.is_valid()
    assert filled.given()["facts"]["answer_by"] == dt.datetime(2026, 12, 1, 23, 59, tzinfo=OSLO)


def test_control_characters_are_taken_out_of_what_is_kept(entry):
    filled = entry(title="Dialog\x1bmøte\u2028nå", purpose="én\r\n\x07to", venue="Råd\thuset")
    assert filled.is_valid()
    facts = filled.given()["facts"]
    assert (facts["title"], facts["purpose"], facts["venue"]) == ("Dialogmøte nå", "én\nto", "Råd huset")


def test_hosts_are_found_by_name_whatever_the_letter_case(entry, sandefjord, kristiansand):
    ours = organisation(sandefjord, name="Sandefjord kommune")
    organisation(kristiansand, name="Nabokommunen")
    filled = entry(**{"hosts-0-name": "sandefjord KOMMUNE"})
    assert filled.is_valid()
    assert filled.given()["hosts"] == [ours]
    assert wrong(entry(**{"hosts-0-name": "Nabokommunen"})) == {"name"}


def test_measures_of_another_tenant_cannot_be_chosen(entry, sandefjord, kristiansand):
    ours, theirs = measure(sandefjord), measure(kristiansand)
    filled = entry(measures=[str(ours.pk)])
    assert filled.is_valid()
    assert list(filled.given()["measures"]) == [ours]
    assert wrong(entry(measures=[str(theirs.pk)])) == {"measures"}


def test_measures_stand_under_their_focus_area(entry, sandefjord):
    planned = measure(sandefjord)
    ((area, boxes),) = entry().facts.measure_groups()
    assert (area, [str(box.choice_label) for box in boxes]) == (
        "Handlingsplan: 1. Samordning",
        [str(planned)],
    )


def item(number, **values):
    return {f"programme-{number}-{name}": value for name, value in values.items()}


def titles(entry):
    assert entry.is_valid(), [form.errors for form in entry.forms]
    return [given["title"] for given in entry.given()["programme"]]


def test_programme_items_come_in_the_order_of_their_numbers_and_unnumbered_ones_last(entry):
    filled = entry(
        **item(0, title="Sist"),
        **item(1, title="To", position="2"),
        **item(2, title="Én", position="1"),
        **{"programme-TOTAL_FORMS": "4"},
    )
    assert titles(filled) == ["Én", "To", "Sist"]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ({2: "1"}, ["C", "A", "B"]),
        ({0: "2"}, ["B", "A", "C"]),
        ({0: "3"}, ["B", "C", "A"]),
        ({}, ["A", "B", "C"]),
    ],
    ids=["last to first", "first to second", "first to last", "nothing"],
)
def test_an_item_lands_at_the_number_it_is_given(entry, sandefjord, moves, expected):
    row = draft(sandefjord)
    rows = programme(row, "A", "B", "C")
    values = {"programme-TOTAL_FORMS": "4", "programme-INITIAL_FORMS": "3"}
    for n, one in enumerate(rows):
        values |= item(n, id=str(one.pk), title=one.title, day="1", position=moves.get(n, str(n + 1)))
    assert titles(entry(of=row, **values)) == expected


def test_a_removed_item_is_gone_even_when_something_in_it_is_wrong(entry, sandefjord):
    row = draft(sandefjord)
    wrong_one, right_one = programme(row, "A", "B")
    values = item(0, id=str(wrong_one.pk), title="", starts="x", DELETE="on")
    values |= item(1, id=str(right_one.pk), title="B", DELETE="on") | item(2, title="C")
    filled = entry(of=row, **values, **{"programme-TOTAL_FORMS": "3", "programme-INITIAL_FORMS": "2"})
    assert titles(filled) == ["C"]


def test_speakers_are_written_one_a_line_and_keep_the_role_they_had(entry, sandefjord, kari):
    row = draft(sandefjord)
    (one,) = programme(row, "Åpning")
    Appearance.objects.create(
        tenant=sandefjord, item=one, name="Jøran", office="statssekretær", role="opened"
    )
    shown = Entry(None, tenant=sandefjord, by=kari, event=row).programme.forms[0]
    assert shown["speakers"].value() == "Jøran, statssekretær"
    values = item(0, id=str(one.pk), title="Åpning", speakers="Jøran, byråd, Oslo\n\nLaila")
    filled = entry(of=row, **values, **{"programme-INITIAL_FORMS": "1"})
    assert filled.is_valid()
    assert filled.given()["programme"][0]["speakers"] == [
        {"name": "Jøran", "office": "byråd, Oslo", "role": "opened"},
        {"name": "Laila", "office": "", "role": ""},
    ]


def test_an_event_goes_through_its_form_unchanged(entry, sandefjord, kari):
    """What the form shows first, sent back untouched, gives the facts the event has."""
    known = EventFormat.objects.create(tenant=sandefjord, name="Folkemøte")
    row = event(sandefjord, format=known, purpose="Snakke\nsammen", capacity=20, chair="Ordføreren")
    shown = Entry(None, tenant=sandefjord, by=kari, event=row)
    values = {f.html_name: f.value() for form in shown.forms for f in form if f.value() not in (None, False)}
    filled = entry(of=row, **{n: v if isinstance(v, list) else str(v) for n, v in values.items()})
    assert filled.is_valid(), [form.errors for form in filled.forms]
    given = filled.given()
    assert {name: getattr(row, name) for name in given["facts"]} == given["facts"]
    assert given["format_name"] == "Folkemøte"


def test_the_sort_the_level_and_the_papers_of_an_item_are_read_and_silence_opens_nothing(entry, sandefjord):
    def items(**values):
        filled = entry(title="T", **values)
        assert filled.is_valid(), [form.errors for form in filled.forms]
        return filled.given()["programme"]

    said = {"kind": "decision", "level": "internal", "papers": "https://x.example/sak \n"}
    [given] = items(**item(0, title="Lys", **said))
    assert {name: given[name] for name in said} == {**said, "papers": "https://x.example/sak"}
    assert [items(**item(0, level=level)) for level in ("", "participants")] == [[], []]
    row = event(sandefjord)
    set_programme(row, [{"title": "Lys", "level": "restricted"}])
    [given] = items(of=row, **item(0, id=str(row.programme.get().pk), title="Lys"))
    assert given["level"] == "restricted"
    assert wrong(entry(title="T", **item(0, title="Lys", papers="javascript:alert(1)"))) == {"papers"}


@pytest.mark.parametrize("adding", ["hosts", "programme"])
def test_asking_for_another_row_keeps_what_was_typed_and_judges_nothing(entry, adding):
    filled = entry(
        add=adding, title="", start_date="i morgen", **item(0, title="Velkommen", position="x"), capacity="0"
    )
    assert not filled.is_valid()
    assert [form.errors for form in filled.forms] == [{}, {}]
    assert filled.times["start_date"].value() == "i morgen"
    assert filled.programme.forms[0]["title"].value() == "Velkommen"
    assert not any(row.errors for formset in filled.formsets for row in formset.forms)
    assert {formset.prefix: len(formset.forms) for formset in filled.formsets} == {
        "hosts": 1 + (adding == "hosts"),
        "programme": 1 + (adding == "programme"),
    }


@pytest.mark.parametrize("count", ["", "x", "-1", "9" * 5000, "199", "200", "201"])
def test_a_broken_count_of_rows_is_an_error_and_never_a_crash(entry, count):
    entry(**{"programme-TOTAL_FORMS": count}).is_valid()
    more = entry(add="programme", **{"programme-TOTAL_FORMS": count})
    assert 0 < len(more.programme.forms) <= 200


def test_the_same_form_sent_twice_has_one_uid_and_another_text_has_another(entry):
    key = "3f2b8f0e-7d07-4c2f-9d58-0a4b1f8f1a11"
    first, again, other = entry(key=key), entry(key=key), entry(key=key, purpose="Mer")
    assert all(each.is_valid() for each in (first, again, other))
    assert first.uid() == again.uid() != other.uid()


@pytest.mark.parametrize(
    "version", ["", "x", "2026-01-01", "2026-01-01T10:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_broken_version_counts_as_too_old(entry, sandefjord, version):
    row = draft(sandefjord)
    filled = entry(of=row, version=version)
    assert filled.is_valid()
    assert filled.facts.seen_version() < row.changed_at
    assert Event.objects.of(sandefjord).filter(changed_at=filled.facts.seen_version()).count() == 0

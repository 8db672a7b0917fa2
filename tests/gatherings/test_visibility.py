"""Rule 5: one engine says who sees what of an event, and the place has a ladder."""

import datetime as dt
import unicodedata

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.gatherings.models import Appearance, Event, EventHost, PlaceLevel
from events.gatherings.visibility import Audience, line, place, prefetch_for_seen, seen, text
from tests.factories import event, organisation, programme

# The lowest rung of the ladder on which a field may hold anything.
RUNG = {
    "chair": Audience.INVITED,
    "programme": Audience.INVITED,
    "answer_by": Audience.INVITED,
    "contact_name": Audience.INVITED,
    "contact_email": Audience.INVITED,
    "contact_phone": Audience.INVITED,
    "online_url": Audience.ACCEPTED,
}
WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
SECRET_WORDS = st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=8, max_size=12)


@pytest.fixture
def meeting(sandefjord):
    """A meeting with every field filled, so that there is something to hide."""
    row = event(
        sandefjord,
        title="Dialogmøte høsten",
        purpose="Hvordan går det?",
        chair="Ordføreren",
        online_url="https://video.example/rom",
        contact_phone="33 00 00 00",
    )
    host = organisation(sandefjord, name="Sandefjord kommune")
    EventHost.objects.create(tenant=sandefjord, event=row, organisation=host)
    item, _ = programme(row, "Velkommen", "Samtale")
    item.place = "Formannskapssalen"
    item.save()
    Appearance.objects.create(tenant=sandefjord, item=item, name="Kari Nordmann", office="ordfører")
    return row


@pytest.mark.parametrize("audience", list(Audience))
def test_a_field_is_empty_below_its_rung_and_told_from_it_up(meeting, audience):
    shown = seen(meeting, audience)
    told = {name for name in RUNG if getattr(shown, name)}
    assert told == {name for name, rung in RUNG.items() if audience >= rung}


def test_the_public_sees_the_town_and_nothing_narrower(meeting):
    assert seen(meeting, Audience.PUBLIC).place == "Sandefjord"


def test_invitees_see_the_district_until_they_accept(meeting):
    assert seen(meeting, Audience.INVITED).place == "Sentrum, Sandefjord"


@pytest.mark.parametrize("audience", [Audience.ACCEPTED, Audience.ORGANISER])
def test_who_accepts_is_told_the_room(meeting, audience):
    assert seen(meeting, audience).place == "Sandefjord rådhus, Møterom 3, Rådhusgata 1, Sentrum, Sandefjord"


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (PlaceLevel.NOTHING, ""),
        (PlaceLevel.CITY, "Sandefjord"),
        (PlaceLevel.DISTRICT, "Sentrum, Sandefjord"),
        (PlaceLevel.ADDRESS, "Rådhuset, Rådhusgata 1, Sentrum, Sandefjord"),
        (PlaceLevel.ROOM, "Rådhuset, Møterom 3, Rådhusgata 1, Sentrum, Sandefjord"),
    ],
)
def test_each_rung_of_the_place_ladder_adds_to_the_one_below(level, words):
    row = Event(
        venue="Rådhuset", room="Møterom 3", address="Rådhusgata 1", district="Sentrum", city="Sandefjord"
    )
    assert place(row, level) == words


def test_a_name_that_is_both_district_and_town_is_said_once():
    assert place(Event(district="Sandefjord", city="Sandefjord"), PlaceLevel.ROOM) == "Sandefjord"


def test_the_public_is_not_told_the_town_when_nothing_of_the_place_is_told(meeting):
    meeting.place_for_public = PlaceLevel.NOTHING
    shown = seen(meeting, Audience.PUBLIC)
    assert (shown.place, shown.city) == ("", "")


def test_invitees_never_see_less_of_the_place_than_the_public(meeting):
    meeting.place_for_public, meeting.place_for_invited = PlaceLevel.ADDRESS, PlaceLevel.NOTHING
    assert seen(meeting, Audience.INVITED).place == seen(meeting, Audience.PUBLIC).place
    assert seen(meeting, Audience.PUBLIC).place == "Sandefjord rådhus, Rådhusgata 1, Sentrum, Sandefjord"


def test_the_place_of_a_programme_item_is_told_to_those_who_accept(meeting):
    assert [item.place for item in seen(meeting, Audience.INVITED).programme] == ["", ""]
    assert [item.place for item in seen(meeting, Audience.ACCEPTED).programme] == ["Formannskapssalen", ""]


def test_speakers_come_with_their_office(meeting):
    assert seen(meeting, Audience.INVITED).programme[0].speakers == ("Kari Nordmann, ordfører",)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(SECRET_WORDS, min_size=5, max_size=5, unique=True),
    levels=st.tuples(st.sampled_from(PlaceLevel.values), st.sampled_from(PlaceLevel.values)),
    hidden=st.lists(SECRET_WORDS, min_size=4, max_size=4, unique=True),
)
def test_no_audience_sees_a_field_above_its_rung(meeting, places, levels, hidden):
    fields = ("city", "district", "address", "venue", "room")
    needs = (PlaceLevel.CITY, PlaceLevel.DISTRICT, PlaceLevel.ADDRESS, PlaceLevel.ADDRESS, PlaceLevel.ROOM)
    for name, words in zip(fields, places, strict=True):
        setattr(meeting, name, f"<{words}>")
    meeting.place_for_public, meeting.place_for_invited = levels
    meeting.online_url, meeting.chair, meeting.contact_name, meeting.contact_phone = (f"x{h}" for h in hidden)
    level = {
        Audience.PUBLIC: levels[0],
        Audience.INVITED: max(levels),
        Audience.ACCEPTED: PlaceLevel.ROOM,
        Audience.CO_HOST: PlaceLevel.ROOM,
        Audience.ORGANISER: PlaceLevel.ROOM,
    }
    earlier = None
    for audience in Audience:
        shown = seen(meeting, audience)
        everything = repr(shown)
        told = {name for name, words in zip(fields, places, strict=True) if f"<{words}>" in everything}
        assert told == {name for name, need in zip(fields, needs, strict=True) if level[audience] >= need}
        for name, rung in RUNG.items():
            assert bool(getattr(shown, name)) == (audience >= rung)
        if earlier is not None:  # a ladder: nothing that a lower audience sees is taken from a higher one
            assert set(earlier.place.split(", ")) - {""} <= set(shown.place.split(", "))
            assert all(not getattr(earlier, n) or getattr(shown, n) for n in earlier.__dataclass_fields__)
        earlier = shown


@settings(deadline=None, max_examples=100)
@given(WORDS)
def test_text_comes_out_without_control_characters(words):
    assert not [c for c in line(words) if unicodedata.category(c) == "Cc" or c in "\u2028\u2029"]
    assert not [c for c in text(words) if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def test_cleaning_keeps_letters_of_every_script_and_line_ends_of_a_purpose():
    assert line(" Møte\r\nBcc: x\x00 – دعوة 🕊 ") == "Møte Bcc: x – دعوة 🕊"
    assert text("én\r\nto\x0b\x00\u2028tre") == "én\nto\ntre"


def test_a_cancelled_event_says_so(sandefjord):
    row = event(sandefjord, state=Event.State.CANCELLED)
    assert seen(row, Audience.PUBLIC).cancelled is True


def test_a_vague_date_is_words_and_never_a_moment(sandefjord):
    row = event(
        sandefjord,
        state=Event.State.HELD,
        starts_at=None,
        ends_at=None,
        answer_by=None,
        vague_from=dt.date(2014, 10, 1),
        vague_precision="month",
    )
    with translation.override("nb"):
        shown = seen(row, Audience.PUBLIC)
    assert (shown.vague_words, shown.starts_at, shown.starts_local) == ("oktober 2014", None, None)


def test_times_are_shown_on_the_events_own_clock(sandefjord):
    starts = dt.datetime(2026, 7, 1, 15, 0, tzinfo=dt.UTC)
    row = event(
        sandefjord,
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=1),
        time_zone="Africa/Nairobi",
        answer_by=None,
    )
    shown = seen(row, Audience.PUBLIC)
    assert shown.starts_local
    assert shown.ends_local
    assert (shown.starts_local.hour, shown.ends_local.hour) == (18, 19)


def test_events_are_seen_in_four_queries_however_many(sandefjord, django_assert_num_queries):
    for _ in range(3):
        row = event(sandefjord)
        EventHost.objects.create(tenant=sandefjord, event=row, organisation=organisation(sandefjord))
        programme(row, "Velkommen", "Samtale")
    with django_assert_num_queries(4):
        shown = [
            seen(row, Audience.ORGANISER)
            for row in prefetch_for_seen(Event.objects.of(sandefjord).upcoming())
        ]
    assert [len(one.programme) for one in shown] == [2, 2, 2]

"""The pages of a series as Kari (coordinator), Leif (reader) and Nils (of another municipality) meet them."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.gatherings.series import services as repeating
from events.gatherings.series.models import Series
from tests.factories import draft, event
from tests.queries import queries_of
from tests.series.stage import FIRST, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("january")]
WEEKLY = {"frequency": "weekly", "interval": "1", "until": "", "count": "3"}


@pytest.fixture
def first(sandefjord):
    ends = FIRST + dt.timedelta(hours=2)
    return draft(sandefjord, title="Samarbeidsforum", starts_at=FIRST, ends_at=ends, answer_by=None)


@pytest.fixture
def sign_in(client):
    def as_(who, language="en"):
        who.language = language
        who.save()
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


def address(name, pk):
    return reverse(name, kwargs={"tenant": "sandefjord", "pk": pk})


def text(response):
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def test_the_dates_are_shown_before_anything_is_made(sign_in, kari, first):
    client = sign_in(kari)
    words = text(client.get(address("event-repeat", first.pk), WEEKLY))
    assert "Every week on Tuesday, 3 times" in words
    assert "Tuesday 9 March 2027" in words
    assert "Tuesday 23 March 2027" in words
    assert "Make the series of 3 meetings" in words
    assert (Series.objects.of(first.tenant).count(), Event.objects.of(first.tenant).count()) == (0, 1)


def test_one_post_makes_them_and_leads_to_the_series(sign_in, kari, first):
    client = sign_in(kari)
    answer = client.post(address("event-repeat", first.pk), WEEKLY)
    series = Series.objects.of(first.tenant).get()
    assert answer.headers["Location"] == address("series-detail", series.pk)
    again = client.post(address("event-repeat", first.pk), WEEKLY)
    assert again.headers["Location"] == answer.headers["Location"]
    assert series.occurrences.count() == 3


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"count": "", "until": ""}, "until", "Write when the series ends"),
        ({"count": "3", "until": "2027-05-01"}, "count", "not both"),
        ({"count": "500"}, "count", "less than or equal to 200"),
        ({"count": "", "until": "2099-01-01"}, "until", "more than 200"),
        ({"count": "", "until": "2027-01-01"}, "until", "before the first"),
        ({"count": "", "until": "2027-03-12"}, "until", "only one meeting"),
        ({"count": "x"}, "count", "whole number"),
        ({"interval": "0"}, "interval", "greater than or equal to 1"),
        ({"interval": ""}, "interval", "Write a number"),
        ({"frequency": ""}, "frequency", "Choose how often"),
        ({"frequency": "monthly_last"}, "frequency", "Select a valid choice"),
        ({"frequency": "daily"}, "frequency", "Select a valid choice"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_input_is_told_beside_the_field_and_kept(sign_in, kari, first, typed, field, words, method):
    client = sign_in(kari)
    response = getattr(client, method)(address("event-repeat", first.pk), {**WEEKLY, **typed})
    form = response.context["form"]
    assert words in " ".join(form.errors[field])
    assert "Please correct this first" in text(response)
    for name, value in typed.items():
        assert form[name].value() == value
    assert Series.objects.of(first.tenant).count() == 0


def test_a_time_that_one_day_does_not_have_is_told_with_that_day(sign_in, kari, sandefjord):
    night = FIRST.replace(day=14, hour=2, minute=30)
    one = draft(sandefjord, starts_at=night, ends_at=night + dt.timedelta(hours=1), answer_by=None)
    response = sign_in(kari).get(address("event-repeat", one.pk), WEEKLY)
    assert "28 March 2027" in " ".join(response.context["form"].errors["frequency"])


def test_only_a_draft_with_a_time_can_be_repeated(sign_in, kari, sandefjord):
    client = sign_in(kari)
    published = event(sandefjord)
    bare = draft(sandefjord, starts_at=None, ends_at=None, answer_by=None)
    for one, words in ((published, "Only a draft"), (bare, "needs a date")):
        for method in (client.get, client.post):
            assert words in text(method(address("event-repeat", one.pk), WEEKLY))
    assert Series.objects.of(sandefjord).count() == 0


def test_the_page_of_the_series_tells_what_became_of_each(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    gatherings.publish(rows[0], by=kari)
    gatherings.cancel(rows[1], by=kari, reason="")
    Event.objects.of(first.tenant).filter(pk=rows[2].pk).update(
        starts_at=rows[2].starts_at + dt.timedelta(days=1), ends_at=rows[2].ends_at + dt.timedelta(days=1)
    )
    words = text(sign_in(kari).get(address("series-detail", series.pk)))
    assert "Series: every week on Tuesday, 3 times" in words
    assert (
        "Wednesday 24 March 2027, 17:00–19:00 Moved; by the rule it would be on 23 March 2027, 17:00" in words
    )
    assert [words.lower().count(state) for state in ("published", "cancelled", "leave out")] == [1, 1, 1]


def test_one_whose_time_was_taken_out_is_still_named(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    second = series.occurrences.order_by("recurrence_at")[1]
    series.occurrences.filter(pk=second.pk).update(starts_at=None, ends_at=None, sort_on=None)
    client = sign_in(kari)
    words = text(client.get(address("series-detail", series.pk)))
    assert "Not decided Moved; by the rule it would be on 16 March 2027" in words
    assert "Not decided" in text(client.get(address("series-publish", series.pk)))
    assert "Next: 16 March 2027" in text(client.get(address("event-detail", first.pk)))


def test_a_reader_sees_the_series_and_is_offered_nothing(sign_in, leif, kari, first):
    series = made(first, by=kari, count=3)
    words = text(sign_in(leif).get(address("series-detail", series.pk)))
    assert "Samarbeidsforum" in words
    assert [offer for offer in ("Publish", "Leave out", "Let the series go on") if offer in words] == []


def test_three_meetings_take_as_many_queries_as_one(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    client = sign_in(kari)
    client.get(address("series-detail", series.pk))
    three = queries_of(client, address("series-detail", series.pk))
    series.occurrences.exclude(pk=first.pk).delete()
    assert queries_of(client, address("series-detail", series.pk)) == three <= 4


def test_the_page_of_a_meeting_tells_of_its_series_and_neighbours(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    client = sign_in(kari)
    words = text(client.get(address("event-detail", rows[1].pk)))
    assert "Number 2 of 3 in the series Samarbeidsforum ." in words
    assert "Previous: 9 March 2027 Next: 23 March 2027" in words
    assert "in the series" not in text(client.get(address("event-detail", draft(first.tenant).pk)))
    gatherings.cancel(rows[0], by=kari, reason="")
    assert "Number 1 of 2" in text(client.get(address("event-detail", rows[1].pk)))


def test_all_drafts_are_published_by_one_button_after_a_page_that_asks(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    rows = list(series.occurrences.order_by("recurrence_at"))
    Event.objects.of(first.tenant).filter(pk=rows[1].pk).update(venue="")
    client = sign_in(kari)
    assert "Publish 3 meetings" in text(client.get(address("series-publish", series.pk)))
    assert {row.state for row in series.occurrences.all()} == {"draft"}
    response = client.post(address("series-publish", series.pk), follow=True)
    body = response.content.decode()
    assert "2 meetings are published." in body
    assert "16 March 2027: Set the place" in body


def test_a_longer_end_is_shown_and_then_made(sign_in, kari, first):
    series = made(first, by=kari, count=3)
    client = sign_in(kari)
    later = {"until": "", "count": "5"}
    words = text(client.get(address("series-extend", series.pk), later))
    assert "Tuesday 6 April 2027" in words
    assert "Tuesday 23 March 2027" not in words
    assert series.occurrences.count() == 3
    client.post(address("series-extend", series.pk), later)
    assert series.occurrences.count() == 5
    refused = client.post(address("series-extend", series.pk), {"until": "", "count": "4"})
    assert "already longer" in text(refused)
    shown = text(client.get(address("series-extend", series.pk), {"until": "", "count": "4"}))
    assert "adds no meeting" in shown


def _sent(client, one, **changed):
    """The form of `one` as the page hands it out, with `changed`."""
    entry = client.get(address("event-edit-all", one.pk)).context["entry"]
    typed = {}
    for form in (*entry.forms, entry.hosts.management_form, entry.programme.management_form):
        for field in form:
            value = field.value()
            if value not in (None, False, "", []):
                typed[field.html_name] = getattr(value, "isoformat", lambda value=value: value)()
    for name in ("start_time", "end_time"):
        typed[name] = str(typed[name])[:5]
    counts = {f"{part}-{name}_FORMS": "0" for part in ("hosts", "programme") for name in ("TOTAL", "INITIAL")}
    return {**typed, **counts, **changed}


def test_this_one_and_the_later_ones_are_changed_together(sign_in, kari, first):
    series = made(first, by=kari, count=4)
    repeating.publish_all(series, by=kari)
    rows = list(series.occurrences.order_by("recurrence_at"))
    Event.objects.of(first.tenant).filter(pk=rows[2].pk).update(title="Årsmøte")
    client = sign_in(kari)
    page = text(client.get(address("event-edit-all", rows[1].pk)))
    assert "You change this meeting and 1 later one of the series" in page
    sent = _sent(client, rows[1], title="Forum", start_time="18:00", end_time="19:30")
    response = client.post(address("event-edit-all", rows[1].pk), sent, follow=True)
    assert "2 meetings are changed." in response.content.decode()
    after = list(series.occurrences.order_by("recurrence_at"))
    assert [f"{one.title} {one.starts_local:%H:%M}" for one in after] == [
        "Samarbeidsforum 17:00",
        "Forum 18:00",
        "Årsmøte 17:00",
        "Forum 18:00",
    ]


def test_what_one_of_them_refuses_is_told_and_what_was_typed_stays(sign_in, kari, first):
    series = made(first, by=kari, count=2)
    second = series.occurrences.order_by("recurrence_at").last()
    Event.objects.of(first.tenant).filter(pk=second.pk).update(seats_taken=9)
    client = sign_in(kari)
    response = client.post(
        address("event-edit-all", first.pk), _sent(client, first, capacity="5", title="Nytt")
    )
    assert "16 March 2027" in text(response)
    assert response.context["entry"].facts["title"].value() == "Nytt"
    assert {one.title for one in series.occurrences.all()} == {"Samarbeidsforum"}


def test_a_neighbour_finds_none_of_it(sign_in, nils, kari, first, kristiansand):
    series = made(first, by=kari, count=3)
    client = sign_in(nils)
    pages = {"event-repeat": first.pk, "event-edit-all": first.pk}
    pages |= dict.fromkeys(("series-detail", "series-extend", "series-publish"), series.pk)
    for name, pk in pages.items():
        for tenant in ("sandefjord", "kristiansand"):
            path = reverse(name, kwargs={"tenant": tenant, "pk": pk})
            assert (name, client.get(path).status_code) == (name, 404)

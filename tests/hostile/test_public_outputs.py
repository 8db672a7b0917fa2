"""Random events, and every address that the public reads: nothing is in it but what the public sees of a listed one."""

import datetime as dt
import re
from itertools import count

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from events.dates import Precision
from events.gatherings import locking
from events.gatherings.models import Appearance, Event, EventHost, PlaceLevel
from events.gatherings.schedule import schedule_changed
from events.gatherings.visibility import Audience, seen
from tests import factories

# Each text field holds a word that occurs nowhere else, so that whatever is told can be traced to its field.
TEXTS = ("title", "purpose", "venue", "room", "address", "district", "city", "chair", "contact_name")
WORD = re.compile(r"\bzq[0-9]+[a-z]+\b")
TENANT = "sandefjord"
LISTS = [
    f"/calendar/public/{TENANT}.{form}{query}" for form in ("json", "atom", "ics") for query in ("", "?all")
]
LISTS += ["/", f"/embed/{TENANT}/?limit=50"]
numbers = count(1)

kinds_of_event = st.fixed_dictionaries(
    {
        "state": st.sampled_from(Event.State.values),
        "is_public": st.booleans(),
        "locked": st.booleans(),
        "was_published": st.booleans(),
        "days": st.integers(-600, 600),
        "vague": st.booleans(),
        "place_for_public": st.sampled_from(PlaceLevel.values),
        "place_for_invited": st.sampled_from(PlaceLevel.values),
    }
)


def make(at, like):
    """An event with a word of its own in every field, and a guest, a host, a programme with a speaker."""

    def word(name):
        return f"zq{next(numbers)}{name.replace('_', '')}"

    held = like["state"] == Event.State.HELD
    starts = timezone.now() + dt.timedelta(days=like["days"])
    facts = {name: word(name) for name in TEXTS} | {name: like[name] for name in ("state", "is_public")}
    facts |= {"place_for_public": like["place_for_public"], "place_for_invited": like["place_for_invited"]}
    facts |= {"contact_email": f"{word('mail')}@x.example", "online_url": f"https://x.example/{word('link')}"}
    facts |= {"contact_phone": word("phone"), "cancel_reason": word("reason"), "ex_officio": word("office")}
    facts |= {"answer_by": None, "starts_at": starts, "ends_at": starts + dt.timedelta(hours=2)}
    if held and like["vague"]:
        facts |= {"starts_at": None, "ends_at": None}
        facts |= {"vague_from": starts.date(), "vague_precision": Precision.MONTH}
    if like["state"] == Event.State.CANCELLED and not like["was_published"]:
        facts["published_at"] = None
    elif like["state"] == Event.State.CANCELLED:
        facts["published_at"] = timezone.now()
    row = factories.event(at, locked_at=timezone.now() if like["locked"] else None, **facts)
    host = factories.organisation(at, name=word("host"))
    EventHost.objects.create(tenant=at, event=row, organisation=host)
    (item,) = factories.programme(row, word("item"))
    Appearance.objects.create(tenant=at, item=item, name=word("speaker"), office=word("title"))
    guest = factories.contact(at, name=word("guest"), email=f"{word('gmail')}@x.example")
    factories.invitation(row, contact=guest, reply="accepted", replied_at=timezone.now())
    return row


def told_of(row):
    """The words that the public may read of it."""
    if not row.is_public or row.locked_at or row.state == Event.State.DRAFT:
        return set()
    if row.state == Event.State.CANCELLED and row.published_at is None:
        return set()
    return set(WORD.findall(repr(seen(row, Audience.PUBLIC))))


def read(path):
    response = Client().get(path)
    assert response.status_code in (200, 404, 410), path
    return set(WORD.findall(response.content.replace(b"\r\n ", b"").decode()))


def nothing(paths):
    return {path: set() for path in paths}


def pages_of(row):
    return (f"/events/{row.uid}/", f"/events/{row.uid}.ics")


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(kinds_of_event, min_size=1, max_size=5))
def test_no_public_output_holds_more_than_the_public_sees_of_listed_events(likes):
    with transaction.atomic():
        at = factories.tenant(TENANT)
        rows = [make(at, like) for like in likes]
        schedule_changed(at.pk)
        allowed = set().union(*(told_of(row) for row in rows))
        assert {path: read(path) - allowed for path in LISTS} == nothing(LISTS)
        for row in rows:
            assert [read(path) - told_of(row) for path in pages_of(row)] == [set(), set()]
        transaction.set_rollback(True)


@pytest.fixture
def listed(sandefjord):
    like = {"state": Event.State.PUBLISHED, "is_public": True, "locked": False, "days": 20, "vague": False}
    row = make(sandefjord, like | {"place_for_public": 1, "place_for_invited": 2, "was_published": True})
    schedule_changed(sandefjord.pk)
    return row


def test_the_kill_switch_takes_an_event_out_of_every_public_output_at_the_next_request(listed):
    paths = [*LISTS, *pages_of(listed)]
    told = {path: read(path) for path in paths}
    assert all(listed.title in words for words in told.values()), "nothing to take away"
    locking.lock(listed, by=None)
    assert {path: read(path) for path in paths} == nothing(paths)
    locking.unlock(listed, by=None)
    assert {path: read(path) for path in paths} == told


@pytest.mark.parametrize("hidden", ["is_public", "draft"])
def test_what_is_no_longer_listed_is_gone_too(listed, hidden):
    paths = [*LISTS, *pages_of(listed)]
    for path in paths:
        read(path)
    change = {"is_public": False} if hidden == "is_public" else {"state": Event.State.DRAFT}
    Event.objects.of(listed.tenant).filter(pk=listed.pk).update(**change)
    schedule_changed(listed.tenant_id)
    assert {path: read(path) for path in paths} == nothing(paths)

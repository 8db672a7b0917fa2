"""The square code on the invitee's own page: for who comes in person, in the last week, and it finds their line."""

import datetime as dt
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from events.calendar.sharing import qr
from events.gatherings.models import Event
from invites.answers.door import codes
from invites.invitations.models import Invitation
from tests.door.conftest import HOUR

ONLINE = "https://video.example/forum"
DAY = dt.timedelta(days=1)


def page(client, row):
    return client.get(f"/rsvp/{row.token}/").content.decode()


def shows(client, row):
    return 'src="data:image/svg+xml' in page(client, row)


def move(row, starts, **facts):
    rows = Event.objects.of(row.tenant).filter(pk=row.event_id)
    rows.update(starts_at=starts, ends_at=starts + 2 * HOUR, **facts)


def say(row, **facts):
    Invitation.objects.of(row.tenant).filter(pk=row.pk).update(**facts)


def test_who_comes_sees_the_code_that_the_door_looks_for(client, settings, amina):
    settings.BASE_URL = "https://moteplass.example"
    found = re.search(r'<img src="(data:image/svg[^"]+)"', page(client, amina))
    assert found is not None
    expected = qr(f"https://moteplass.example/door/show/{codes.code_of(amina)}/")
    assert found.group(1).replace("&#x27;", "'") == expected


@pytest.mark.parametrize(
    "standing",
    [
        {"reply": "tentative"},
        {"reply": "declined"},
        {"reply": "", "replied_at": None},
        {"reply": "accepted", "mode": "online"},
    ],
    ids=lambda facts: "-".join(str(value) for value in facts.values()),
)
def test_who_does_not_come_in_person_sees_none(client, amina, standing):
    say(amina, **standing)
    assert not shows(client, amina)


def test_it_is_shown_from_seven_days_before_until_the_end(client, amina):
    now = timezone.now()
    seen = {}
    for name, starts in {
        "earlier": now + 7 * DAY + HOUR,
        "a week before": now + 7 * DAY - HOUR,
        "meanwhile": now - HOUR,
        "after": now - 3 * HOUR,
    }.items():
        move(amina, starts)
        seen[name] = shows(client, amina)
    assert seen == {"earlier": False, "a week before": True, "meanwhile": True, "after": False}


def test_a_meeting_that_is_only_online_or_cancelled_has_no_door(client, amina):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(online_url=ONLINE)
    assert shows(client, amina)
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(venue="", room="", address="")
    assert not shows(client, amina)
    move(amina, timezone.now() + HOUR, venue="Rådhuset", state="cancelled", cancelled_at=timezone.now())
    assert not shows(client, amina)


def test_the_page_with_the_code_weighs_at_most_30_kB(client, amina):
    # As a browser asks for it over TLS, nothing in its cache.
    body = client.get(f"/rsvp/{amina.token}/").content
    paths = [finders.find(name.decode()) for name in re.findall(rb'(?:href|src)="/static/([^"]+)"', body)]
    if not all(paths):
        pytest.skip("the npm packages are absent")
    files = [brotli.compress(Path(str(path)).read_bytes()) for path in paths]
    assert len(files) >= 3
    assert len(brotli.compress(body)) + sum(len(each) for each in files) <= 30_000

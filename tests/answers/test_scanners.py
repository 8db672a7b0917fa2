"""Mail scanners, link previews and proxies open every link of a mail: nothing of it may answer, or change anything."""

import re
from email import message_from_bytes
from email.message import Message
from html import unescape
from itertools import cycle, islice
from urllib.parse import urlsplit

import pytest
from django.db import connection
from icalendar import Calendar

from invites.invitations.models import Invitation
from invites.invitations.services import invite
from invites.post import outbox
from tests.factories import contact, event, programme

LINK = re.compile(r"https?://[^\s<>\"')\]]+")
SCANNERS = [
    {},
    {"User-Agent": "Mozilla/5.0 (compatible; Microsoft Defender for Office 365; SafeLinks)", "Accept": "*/*"},
    {"User-Agent": "GoogleImageProxy", "Accept": "text/html", "Purpose": "prefetch"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0", "Range": "bytes=0-4095"},
    {
        "User-Agent": "Mozilla/5.0 Chrome/126",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Purpose": "prefetch;prerender",
    },
    {"User-Agent": "Mozilla/5.0 Barracuda Link Protection", "Referer": "https://linkprotect.example/"},
]


def rows() -> dict[str, list[tuple]]:
    """All rows of all tables of the two lower floors."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("invites_", "events_")):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def texts(mail: Message) -> list[str]:
    """What a program reads in a mail: its texts, and the properties of its calendar, unfolded."""
    found = []
    for part in mail.walk():
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes):
            continue
        if part.get_content_type() in ("text/calendar", "application/ics"):
            found += [str(value) for _name, value in Calendar.from_ical(body).property_items()]
        elif part.get_content_maintype() == "text":
            found.append(unescape(body.decode("utf-8")))
    return found


def links(settings) -> list[str]:
    """Every http link of every mail in the folder, without the host."""
    found = []
    for path in sorted(settings.MAIL_DIR.rglob("*.eml")):
        for text in texts(message_from_bytes(path.read_bytes())):
            found += LINK.findall(text)
    parts = [urlsplit(link.rstrip(".,;")) for link in found if link.startswith(settings.BASE_URL)]
    return sorted({f"{part.path}?{part.query}" if part.query else part.path for part in parts})


@pytest.mark.django_db(transaction=True)
def test_1000_gets_and_heads_over_all_links_of_50_mails_change_nothing(
    client, sandefjord, kari, settings, monkeypatch
):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)
    meeting = event(sandefjord, online_url="https://video.example/x", capacity=3, is_public=True)
    programme(meeting, "Velkommen")
    invite(meeting, by=kari, contacts=[contact(sandefjord) for _ in range(50)])
    outbox.deliver()
    assert len(list(settings.MAIL_DIR.rglob("*.eml"))) == 50
    addresses = links(settings)
    assert sum("answer=accepted" in address for address in addresses) == 50

    before, asked = rows(), 0
    assert len(before["invites_invitation"]) == 50
    visits = islice(cycle(addresses), max(500, len(addresses)))
    for address, headers in zip(visits, cycle(SCANNERS), strict=False):
        for method in (client.get, client.head):
            assert method(address, headers=headers).status_code < 400, address
            asked += 1

    assert asked >= 1000
    assert rows() == before
    assert not Invitation.objects.of(sandefjord).exclude(reply="").exists()

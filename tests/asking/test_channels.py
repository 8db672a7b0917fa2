"""A need and a sensitive answer stay where they were told: no row, mail, feed, export, log or page lets them out."""

import logging

import pytest
from django.core.management import call_command
from django.db import connection

from events.calendar.models import Feed
from events.tokens import digest, new_token
from invites.answers.needs.models import Need
from invites.post import folder, outbox
from minutes.records import services as records
from tests.asking.conftest import CANARY, fresh, say
from tests.factories import contact, invitation, question


@pytest.fixture
def told(meeting, amina, settings):
    """Amina has told a need and answered a special question; both hold the canary. Their mails are sent."""
    settings.MAIL_TRANSPORT = "file"
    special = question(meeting, label="Helse?", sensitivity="special")
    personal = question(meeting, label="Alder?", sensitivity="personal")
    keys = {f"q_{special.pk}": CANARY, f"q_{personal.pk}": CANARY}
    say(amina, need_kinds=["diet"], need_diet=CANARY, need_interpreter=CANARY, **keys)
    outbox.deliver()
    return special


def dump() -> dict[str, str]:
    """All rows of all tables, as a thief of the database reads them."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = repr(cursor.fetchall())
    return found


def test_a_dump_of_the_database_tells_no_need_no_kind_and_no_sensitive_answer(told, meeting):
    tables = dump()
    assert "Amina Noor" in tables["events_contact"]
    assert [table for table, rows in tables.items() if CANARY in rows] == []
    assert "diet" not in tables["invites_need"]
    assert "interpreter" not in tables["invites_need"]


def test_a_dump_would_show_an_answer_that_is_kept_open(told, meeting, amina):
    """So that the test above is known to look in the right place."""
    ordinary = question(meeting)
    say(amina, **{f"q_{ordinary.pk}": CANARY})
    assert [table for table, rows in dump().items() if CANARY in rows] == ["invites_questionanswer"]


def test_whether_one_need_or_six_were_told_does_not_show(meeting):
    one, six = (invitation(meeting, contact=contact(meeting.tenant)) for _n in range(2))
    say(one, need_kinds=["prayer"])
    say(six, need_kinds=["diet", "access", "hearing", "interpreter", "prayer", "other"])
    lengths = {len(need.sealed) for need in Need.objects.of(meeting.tenant)}
    assert len(lengths) == 1


def addresses(meeting, amina, token) -> list[str]:
    here = f"/t/sandefjord/events/{meeting.pk}"
    return [
        f"/t/sandefjord/invitations/{amina.pk}/",  # her history
        *(f"{here}/{part}" for part in ("", "invitations/", "invitations/export.csv", "call/", "questions/")),
        f"{here}/questions/results/",
        f"{here}/needs/people/",
        "/t/sandefjord/",
        "/t/sandefjord/events/?q=" + CANARY,
        "/t/sandefjord/directory/",
        "/t/sandefjord/audit/",
        f"/rsvp/{amina.token}/",
        f"/rsvp/{amina.token}/event.ics",
        f"/calendar/{token}.ics",
        "/calendar/public/sandefjord.ics",
        f"/events/{meeting.uid}/",
        "/mailbox/",
    ]


def test_no_page_export_calendar_or_feed_lets_it_out(
    told, meeting, amina, at_desk, kari, sandefjord, settings
):
    settings.DEMO = True
    secret = new_token()
    membership = kari.memberships.get()
    Feed.objects.create(tenant=sandefjord, membership=membership, name="Alt", token_hash=digest(secret))
    desk, opened = at_desk(kari), 0
    for address in addresses(meeting, amina, secret):
        response = desk.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        opened += response.status_code == 200
        assert CANARY.encode() not in body.replace(f"?q={CANARY}".encode(), b"").replace(
            f'value="{CANARY}"'.encode(), b""
        ), address
    assert opened > 12


def test_no_mail_lets_it_out(told, meeting, kari):
    mails = [folder.mail(name) for name in folder.names()]
    assert mails, "the receipt at least"
    for mail in mails:
        for part in mail.walk():
            body = part.get_payload(decode=True) or b""
            assert CANARY.encode() not in body
        assert CANARY not in str(mail)


def test_no_log_lets_it_out(told, meeting, amina, at_desk, kari, caplog):
    caplog.set_level(logging.DEBUG)
    at_desk(kari).post(f"/t/sandefjord/events/{meeting.pk}/needs/people/")
    at_desk(kari).post(f"/t/sandefjord/questions/{told.pk}/answers/")
    say(amina, need_diet=CANARY)
    call_command("rotate_keys")
    assert CANARY not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def test_minutes_prefilled_with_who_came_know_no_need(told, meeting, mina, at_desk):
    type(meeting).objects.of(meeting.tenant).filter(pk=meeting.pk).update(
        starts_at=meeting.starts_at - (meeting.starts_at - meeting.created_at) * 2,
        ends_at=meeting.created_at,
        answer_by=None,
    )
    begun = type(meeting).objects.of(meeting.tenant).get(pk=meeting.pk)
    records.open_minutes(begun, by=mina)
    page = at_desk(mina).get(f"/t/sandefjord/events/{meeting.pk}/minutes/edit/").content.decode()
    assert "Amina Noor" in page
    assert CANARY not in page


def test_her_own_page_gives_a_stranger_with_the_link_no_need(told, amina, client):
    page = client.get(f"/rsvp/{amina.token}/").content.decode()
    assert CANARY not in page
    assert fresh(amina).told_more

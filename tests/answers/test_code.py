"""The page where the code of a letter is typed."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invites.answers import limits
from invites.invitations.lettering import codes
from invites.invitations.models import Invitation
from invites.invitations.services import withdraw
from tests.factories import event, invitation

pytestmark = pytest.mark.django_db
PAGE = "/svar/"
WRONG = "2222-2222"


@pytest.fixture
def lettered(sandefjord):
    row = invitation(event(sandefjord), channel="letter")
    codes.seal(row)
    row.save()
    return row


def typed(client, code, **headers):
    return client.post(PAGE, {"code": code}, **headers)


def test_the_page_asks_for_one_code_and_needs_neither_script_nor_cookie(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "<script" not in page.content.decode()
    assert not page.cookies
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("language", "words"), [("nb", "Koden fra brevet"), ("en", "Code from the letter")])
def test_the_page_is_there_in_both_languages(client, language, words):
    page = client.get(PAGE, {"lang": language})
    assert words in page.content.decode()
    assert page["Content-Language"] == language


def test_a_right_code_leads_to_the_invitation_and_answers_nothing(client, lettered):
    answer = typed(client, codes.code_of(lettered))
    assert (answer.status_code, answer.url) == (302, f"/rsvp/{lettered.token}/")
    assert not answer.cookies
    assert client.get(answer.url).status_code == 200
    lettered.refresh_from_db()
    assert lettered.reply == ""


def test_a_right_code_is_taken_without_hyphen_in_small_letters(client, lettered):
    code = codes.code_of(lettered).replace("-", " ").lower()
    assert typed(client, f" {code}").status_code == 302


def test_the_language_chosen_here_is_kept(client, lettered):
    answer = client.post(f"{PAGE}?lang=en", {"code": codes.code_of(lettered)})
    assert answer.url == f"/rsvp/{lettered.token}/?lang=en"
    answer = client.post(f"{PAGE}?lang=xx", {"code": codes.code_of(lettered)})
    assert answer.url == f"/rsvp/{lettered.token}/"


def test_it_asks_for_no_csrf_token(lettered):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    assert typed(strict, codes.code_of(lettered)).status_code == 302


def test_wrong_expired_and_revoked_codes_get_the_same_answer_byte_for_byte(client, sandefjord, kari):
    rows = [invitation(event(sandefjord)) for _ in range(4)]
    for row in rows:
        codes.seal(row)
        row.save()
    mine = Invitation.objects.of(sandefjord)
    mine.filter(pk=rows[0].pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    withdraw(rows[1], by=kari)
    rows[2].event.state, rows[2].event.published_at = "draft", None
    rows[2].event.save()
    ended = timezone.now() - dt.timedelta(days=40)
    rows[3].event.starts_at, rows[3].event.ends_at = ended - dt.timedelta(hours=1), ended
    rows[3].event.answer_by = None
    rows[3].event.save()
    asked = [WRONG, "", "x", "\x00", "é" * 8, "x" * 5000, *map(codes.code_of, rows)]
    answers = [typed(client, code, REMOTE_ADDR=f"10.0.0.{n}") for n, code in enumerate(asked)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "Denne koden virker ikke" in answers[0].content.decode()


def test_every_try_asks_the_database_the_same(client, lettered):
    def asked(code):
        with CaptureQueriesContext(connection) as caught:
            typed(client, code)
        return len(caught)

    assert [asked(code) for code in (WRONG, "", "nonsense", codes.code_of(lettered))] == [1] * 4


def test_a_code_whose_link_cannot_be_written_any_more_is_a_wrong_one(client, lettered):
    Invitation.objects.of(lettered.tenant_id).filter(pk=lettered.pk).update(token_hash="0" * 64)
    assert typed(client, codes.code_of(lettered)).status_code == 404


def test_after_too_many_wrong_tries_an_address_has_to_wait(client, lettered):
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        tries = [typed(client, WRONG).status_code for _ in range(limits.FROM_ONE_ADDRESS + 1)]
        assert tries == [404] * limits.FROM_ONE_ADDRESS + [429]
        refused = typed(client, codes.code_of(lettered))
        assert (refused.status_code, refused["Retry-After"]) == (429, str(limits.WINDOW - 60))
        assert "Vent 4 minutter" in refused.content.decode()
        assert client.get(PAGE).status_code == 200
        assert typed(client, WRONG, REMOTE_ADDR="10.1.1.1").status_code == 404
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 5, 1, tzinfo=dt.UTC), tick=False):
        assert typed(client, codes.code_of(lettered)).status_code == 302


def test_right_codes_are_not_counted(client, lettered):
    for _ in range(limits.FROM_ONE_ADDRESS + 2):
        assert typed(client, codes.code_of(lettered)).status_code == 302


def test_tries_from_many_addresses_are_counted_together(client, monkeypatch):
    monkeypatch.setattr(limits, "FROM_EVERYBODY", 5)
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        tries = [typed(client, WRONG, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(7)]
    assert tries == [404] * 5 + [429] * 2


def test_one_address_alone_shuts_nobody_else_out(client, monkeypatch):
    monkeypatch.setattr(limits, "FROM_EVERYBODY", limits.FROM_ONE_ADDRESS + 2)
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        for _ in range(limits.FROM_ONE_ADDRESS + 9):
            typed(client, WRONG, REMOTE_ADDR="10.0.0.1")
        assert typed(client, WRONG, REMOTE_ADDR="10.0.0.2").status_code == 404


def test_a_whole_network_of_ipv6_counts_as_one(client):
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        for n in range(limits.FROM_ONE_ADDRESS):
            typed(client, WRONG, REMOTE_ADDR=f"2001:db8::{n + 1:x}")
        assert typed(client, WRONG, REMOTE_ADDR="2001:db8::ffff").status_code == 429
        assert typed(client, WRONG, REMOTE_ADDR="2001:db8:0:1::1").status_code == 404


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 404)])
def test_behind_a_proxy_the_clients_own_address_counts(client, settings, proxies, last):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        tries = [
            typed(client, WRONG, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
            for n in range(limits.FROM_ONE_ADDRESS + 1)
        ]
    assert tries[-1] == last


def test_an_address_nobody_can_read_is_counted_too(client):
    with time_machine.travel(dt.datetime(2026, 12, 1, 12, 1, tzinfo=dt.UTC), tick=False):
        tries = [
            typed(client, WRONG, REMOTE_ADDR="nonsense").status_code
            for _ in range(limits.FROM_ONE_ADDRESS + 1)
        ]
    assert tries[-1] == 429

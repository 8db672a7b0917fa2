"""Error pages: plain, in the reader's language, and telling nothing."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import event, invitation

LANGUAGES = [("nb", "Siden finnes ikke"), ("en", "Page not found")]


@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_a_page_that_is_not_there_says_so(client, db, language, words):
    response = client.get("/no/such/page/", headers={"accept-language": language})
    assert (response.status_code, f">{words}</h1>" in response.content.decode()) == (404, True)


def test_wrong_expired_and_revoked_links_get_one_and_the_same_page(client, sandefjord):
    meeting = event(sandefjord)
    works = invitation(meeting)
    expired = invitation(meeting, expires_at=timezone.now() - dt.timedelta(days=1))
    revoked = invitation(meeting, revoked_at=timezone.now())
    assert client.get(f"/rsvp/{works.token}/").status_code == 200
    answers = [client.get(f"/rsvp/{token}/") for token in ("a" * 32, expired.token, revoked.token)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1
    headers = [{k: v for k, v in answer.headers.items() if k != "Date"} for answer in answers]
    assert headers[1:] == headers[:-1]


@pytest.mark.parametrize("address", ["/rsvp/{}/", "/calendar/{}.ics", "/rsvp/{}/no/such/page/"])
def test_a_secret_link_that_fails_does_not_repeat_its_token(client, db, address):
    response = client.get(address.format("b" * 32))
    assert (response.status_code, "b" * 32 in response.content.decode()) == (404, False)


def test_a_page_the_role_does_not_include_says_who_can_help(at_desk, leif):
    leif.language = "en"
    leif.save()
    response = at_desk(leif).get("/t/sandefjord/staff/")
    assert (
        response.status_code,
        "An administrator can give you another role" in response.content.decode(),
    ) == (
        403,
        True,
    )


def test_another_tenants_page_does_not_exist(at_desk, nils, sandefjord):
    assert at_desk(nils).get("/t/sandefjord/").status_code == 404


def test_a_form_without_its_token_is_explained(db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "x"}, headers={"accept-language": "en"})
    assert (response.status_code, "Nothing was saved." in response.content.decode()) == (403, True)


def test_an_error_of_ours_is_told_in_both_languages_and_without_details(client, db, monkeypatch):
    def break_down(_page):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("config.front.notices", break_down)
    client.raise_request_exception = False
    response = client.get("/")
    page = response.content.decode()
    assert (response.status_code, "Noe gikk galt" in page, "Something went wrong" in page) == (
        500,
        True,
        True,
    )
    assert "secret reason" not in page
    assert re.findall(r"{[{%]", page) == []

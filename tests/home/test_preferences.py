"""Language, light and dark: chosen by one POST, without JavaScript, and kept."""

import pytest

from events.tenancy.models import User


def language_of(response):
    return response.content.decode().partition('<html lang="')[2].partition('"')[0]


def scheme_of(response):
    return response.content.decode().partition('data-color-scheme="')[2].partition('"')[0]


def test_the_page_speaks_the_language_the_browser_asks_for(client, db):
    spoken = [
        language_of(client.get("/about/", headers={"accept-language": code})) for code in ("nb", "en", "fi")
    ]
    assert spoken == ["nb", "en", "nb"]


def test_the_language_is_kept_in_a_cookie_when_signed_out(client, db):
    response = client.post("/preferences/language/", {"language": "en", "next": "/about/"})
    assert (response.status_code, response["Location"]) == (302, "/about/")
    assert language_of(client.get("/about/", headers={"accept-language": "nb"})) == "en"


def test_the_language_is_kept_on_the_user_when_signed_in(at_desk, kari):
    client = at_desk(kari)
    assert language_of(client.get("/t/sandefjord/")) == "nb"
    client.post("/preferences/language/", {"language": "en", "next": "/t/sandefjord/"})
    client.cookies.pop("django_language")
    assert User.objects.get(pk=kari.pk).language == "en"
    spoken = [language_of(client.get(page)) for page in ("/t/sandefjord/", "/about/", "/accounts/2fa/")]
    assert spoken == ["en", "en", "en"]


@pytest.mark.parametrize("language", ["", "xx", "../nb"])
def test_an_unknown_language_changes_nothing(at_desk, kari, language):
    response = at_desk(kari).post("/preferences/language/", {"language": language})
    assert (response.status_code, dict(response.cookies), User.objects.get(pk=kari.pk).language) == (
        302,
        {},
        "",
    )


def test_light_or_dark_is_kept_in_a_cookie(client, db):
    before = scheme_of(client.get("/about/"))
    client.post("/preferences/colours/", {"scheme": "dark"})
    after = scheme_of(client.get("/about/"))
    client.post("/preferences/colours/", {"scheme": "<script>"})
    assert (before, after, scheme_of(client.get("/about/"))) == ("auto", "dark", "dark")


def test_a_forged_cookie_for_the_colours_is_ignored(client, db):
    client.cookies["scheme"] = "hotpink"
    assert scheme_of(client.get("/about/")) == "auto"


@pytest.mark.parametrize("page", ["/preferences/language/", "/preferences/colours/"])
def test_nobody_is_led_to_another_site(client, db, page):
    there = [
        client.post(page, {"next": url})["Location"]
        for url in ("https://evil.example/", "//evil.example", "")
    ]
    assert there == ["/", "/", "/"]


@pytest.mark.parametrize("page", ["/preferences/language/", "/preferences/colours/"])
def test_opening_the_address_changes_nothing(client, db, page):
    response = client.get(page, {"language": "en", "scheme": "dark"})
    assert (response.status_code, dict(response.cookies)) == (405, {})

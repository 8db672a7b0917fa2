"""Security headers on real responses, and what may be kept by whom."""

import pytest
from django.urls import reverse

from tests.factories import event

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


@pytest.fixture
def addresses(sandefjord):
    """One address of each sort: public, account, health, error."""
    shown = event(sandefjord, is_public=True)
    return [
        "/",
        "/about/",
        f"/events/{shown.uid}/",
        "/accounts/login/",
        "/healthz",
        "/readyz",
        "/no/such/page/",
        "/rsvp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
    ]


def policy(response):
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts if name}


def test_every_answer_has_the_strict_policy(client, addresses):
    assert {address: policy(client.get(address)) for address in addresses} == dict.fromkeys(addresses, POLICY)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_every_answer_has_the_other_headers(client, addresses, header, value):
    assert {address: client.get(address).get(header) for address in addresses} == dict.fromkeys(
        addresses, value
    )


def test_no_page_may_use_camera_microphone_or_place(client, addresses):
    for address in addresses:
        allowed = client.get(address)["Permissions-Policy"]
        assert [
            part for part in ("camera=()", "microphone=()", "geolocation=()") if part not in allowed
        ] == []


def test_public_pages_may_be_kept_for_a_minute_and_set_no_cookie(client, sandefjord):
    shown = event(sandefjord, is_public=True)
    for address in ("/", "/about/", f"/events/{shown.uid}/"):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"], dict(response.cookies)) == (
            200,
            "public, no-cache",
            {},
        )
        assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))


def test_public_pages_of_somebody_signed_in_are_private(at_desk, kari, sandefjord):
    shown = event(sandefjord, is_public=True)
    for address in ("/about/", f"/events/{shown.uid}/"):
        assert at_desk(kari).get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_request_login_code",
        "account_signup",
        "account_reset_password",
    ],
)
def test_sign_in_pages_are_never_kept(client, db, name):
    kept = client.get(reverse(name))["Cache-Control"]
    assert {"no-store", "private"} <= set(kept.split(", "))


def test_account_pages_of_somebody_signed_in_are_never_kept(at_desk, kari):
    for name in ("mfa_index", "account_change_password", "account_email"):
        assert "no-store" in at_desk(kari).get(reverse(name))["Cache-Control"].split(", ")


def test_an_answer_that_says_nothing_is_private(client, db):
    assert client.get("/no/such/page/")["Cache-Control"] == "private, no-store"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(at_desk, kari, client):
    sent = at_desk(kari).get(f"/t/{kari.memberships.across_tenants('test').get().tenant.slug}/").cookies
    sent |= client.post("/preferences/colours/", {"scheme": "dark"}).cookies
    sent |= client.post("/preferences/language/", {"language": "en"}).cookies
    assert {name: (bool(c["httponly"]), c["samesite"]) for name, c in sent.items()} == {
        "session": (True, "Lax"),
        "csrf": (True, "Lax"),
        "scheme": (True, "Lax"),
        "django_language": (True, "Lax"),
    }

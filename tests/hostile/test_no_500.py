"""No page breaks, whatever is sent to it: bytes no database keeps, numbers that fit no column, days no clock has."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from minutes.records import services as records
from tests import factories
from tests.house.routes import OPEN, SIGNED_IN, STAFF, TOKEN, look_up
from tests.house.stage import Stage, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HUGE = "9" * 30
ODD = (
    "\x00",
    "Kari\x00Nordmann",
    HUGE,
    "-1",
    "9" * 5000,
    "9223372036854775808",
    "x" * 10_000,
    "\u202eevil\u2066",
    "²",
    "٣",
    "0001-01-01",
    "9999-12-31",
    "23:59",
    "not a choice",
    '=1+1"<script>{{ 7|add:7 }}#{1}$',
    "Mars/Olympus_Mons",
    "../../etc/passwd",
)
PARAMETERS = ("page", "q", "kind", "organisation", "sort", "answer", "mail", "call", "state", "lang", "next")
PARAMETERS += ("contacts", "shown", "contact", "when", "all", "add", "draft", "show", "month", "year", "from")
PARAMETERS += ("invitation", "what", "instead", "by", "group", "tag", "type", "role", "tell", "order", "code")
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>")
VALUE = re.compile(r"\bvalue=\"([^\"]*)\"")
WAITING = ("minutes-approve", "minutes-send-back", "event-hold", "minutes-submit")
COUNTS = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")


@pytest.fixture
def stage(db) -> Stage:
    """As for the route tests, with minutes that can be written and somebody left to invite."""
    stage = build()
    writing = factories.event(stage.ours, state="held")
    factories.programme(writing, "Velkommen")
    factories.invitation(writing)
    records.open_minutes(writing, by=stage.people["minute_taker"])
    factories.contact(stage.ours)
    stage.rows["begun"], stage.rows["waiting"] = writing, stage.rows["begun"]
    return stage


def row_of(name: str, row: str) -> str:
    return "waiting" if row == "begun" and name in WAITING else row


def client_of(stage: Stage, person: str = "administrator") -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(stage.people[person], backend=BACKEND)
    return client


def status(client: Client, method: str, address: str, data: Any = None) -> int:
    """The answer's status, with everything the request changed undone."""
    with transaction.atomic():
        if method == "POST":
            found = client.post(address, data or {}).status_code
        else:
            found = client.get(address, data or {}).status_code
        transaction.set_rollback(True)
    return found


def addresses(stage: Stage) -> dict[str, tuple[str, str]]:
    """name -> (address, who asks) of every route."""
    found = {}
    for name, route in STAFF.items():
        rows = {key: look_up(stage.rows, row_of(name, row)) for key, row in route.arguments.items()}
        rows = {key: getattr(row, "pk", row) for key, row in rows.items()}
        owner = route.owner or "administrator"
        found[name] = (reverse(name, kwargs={"tenant": stage.ours.slug, **rows}), owner)
    for name, page in {**OPEN, **TOKEN}.items():
        found[name] = (reverse(name, kwargs=page.filled(stage.rows)), "")
    return found | {name: (reverse(name), "administrator") for name in SIGNED_IN}


ROUTES = [*STAFF, *OPEN, *TOKEN, *SIGNED_IN]


def broken(client: Client, asked: list[tuple[str, str, Any]]) -> list[tuple[str, str, str, int]]:
    found = []
    for method, address, data in asked:
        with zeal_ignore():  # it would count over all the requests of the test
            answered = status(client, method, address, data)
        if answered >= 500:
            found.append((method, address, repr(data)[:200], answered))
    return found


@pytest.mark.parametrize("name", ROUTES)
def test_no_parameter_breaks_a_page(name, stage):
    address, person = addresses(stage)[name]
    client = client_of(stage, person)
    odds = ODD[:2] if "pdf" in name else ODD
    asked: list[tuple[str, str, Any]] = [("GET", address, dict.fromkeys(PARAMETERS, odd)) for odd in odds]
    asked += [("GET", f"{address}?q=%ff%fe&page=%00&%00=1", None)]
    assert broken(client, asked) == []


@pytest.mark.parametrize("name", [name for name in STAFF if STAFF[name].arguments] + ["minutes-version"])
def test_no_number_in_an_address_breaks_a_page(name, stage):
    address, person = addresses(stage)[name]
    client = client_of(stage, person)
    asked = [
        (method, re.sub(r"/\d+/", f"/{odd}/", address), None)
        for odd in (HUGE, "9223372036854775808", "0", "9" * 4400)
        for method in ("GET", "POST")
    ]
    asked += [("GET", re.sub(r"/\d+/$", f"/{HUGE}/", address), None)]
    assert broken(client, asked) == []


@pytest.mark.parametrize("name", [*OPEN, *TOKEN])
def test_no_odd_word_in_an_open_address_breaks_a_page(name, stage):
    address, person = addresses(stage)[name]
    client = client_of(stage, person)
    words = sorted({str(value) for value in _gaps(name, stage)}, key=len, reverse=True)
    odd = (
        "%00",
        "%ff%fe",
        "a%00b",
        "%0d%0aX-Evil:1",
        "..%2f..%2fetc",
        "x" * 5000,
        "%F0%9F%92%A9",
        "%ed%a0%80",
    )
    asked = [("GET", address.replace(word, each), None) for word in words for each in odd]
    asked += [("GET", f"/t/{each}/", None) for each in odd]
    assert broken(client, asked) == []


def _gaps(name: str, stage: Stage) -> list[Any]:
    route = OPEN.get(name) or TOKEN[name]
    return list(route.filled(stage.rows).values())


def fields_of(client: Client, address: str) -> dict[str, str]:
    """The fields of the page's forms and what they hold."""
    page = client.get(address)
    html = page.content.decode(errors="replace") if page.status_code == 200 else ""
    found: dict[str, str] = {}
    for match in FIELD.finditer(html):
        value = VALUE.search(match.group(0))
        found[unescape(match.group(1))] = unescape(value.group(1)) if value else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


@pytest.mark.parametrize("name", ROUTES)
def test_no_field_breaks_a_form(name, stage):
    address, person = addresses(stage)[name]
    client = client_of(stage, person)
    fields = fields_of(client, address) or dict.fromkeys(
        ("contacts", "nonce", "name", "email", "language", "next"), ""
    )
    kept = {field: value for field, value in fields.items() if field.endswith(COUNTS)}
    asked: list[tuple[str, str, Any]] = [
        ("POST", address, {**dict.fromkeys(fields, odd), **kept}) for odd in ODD
    ]
    asked.append(("POST", address, dict.fromkeys(fields, HUGE)))  # the counts of rows too
    # One row of a formset stands for all.
    alike = {re.sub(r"-\d+-", "-0-", field): field for field in fields if field not in kept}
    asked += [
        ("POST", address, {**fields, field: odd}) for field in alike.values() for odd in ("\x00", "9" * 5000)
    ]
    assert broken(client, asked) == []

"""Every route, asked with every method by every kind of person of two tenants. A route without an entry fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.routes import OPEN, SIGNED_IN, STAFF, TOKEN
from tests.house.stage import ROLES, Stage, build

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def patterns() -> Iterator[URLPattern]:
    def walk(found: list[Any]) -> Iterator[URLPattern]:
        for pattern in found:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif not pattern.lookup_str.startswith(("allauth.", "django.")):
                yield pattern

    yield from walk(get_resolver().url_patterns)


@pytest.fixture
def stage(db) -> Stage:
    return build()


def ask(stage: Stage, person: str, method: str, address: str) -> int:
    """The status, with everything the request changed undone."""
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if person != "anonymous":
            client.force_login(stage.people[person], backend=BACKEND)
        status = client.generic(method, address).status_code
        transaction.set_rollback(True)
    return status


def address_of(name: str, stage: Stage, tenant: str) -> str:
    arguments = {
        key: getattr(stage.rows[row], "pk", stage.rows[row]) for key, row in STAFF[name].arguments.items()
    }
    return reverse(name, kwargs={"tenant": tenant, **arguments})


def expected(name: str, role: str, method: str) -> set[int]:
    route = STAFF[name]
    if role not in route.roles:
        return {403}
    if not route.allows(method):
        return {405}
    return {404} if route.owner not in ("", role) else {200, 302, 303, 400, 409, 422}


def test_every_route_has_a_name_and_an_entry():
    names = sorted(str(pattern.name) for pattern in patterns())
    assert names == sorted({*STAFF, *OPEN, *TOKEN, *SIGNED_IN})


@pytest.mark.parametrize("name", STAFF)
def test_a_staff_page_opens_for_its_roles_and_for_nobody_else(name, stage):
    address = address_of(name, stage, "sandefjord")
    for method in METHODS:
        assert (method, "anonymous", ask(stage, "anonymous", method, address)) == (method, "anonymous", 302)
        for outsider in ("stranger", "nobody"):
            assert (method, outsider, ask(stage, outsider, method, address)) == (method, outsider, 404)
        for role in ROLES:
            answered = ask(stage, role, method, address)
            assert (method, role, answered in expected(name, role, method)) == (method, role, True), answered


@pytest.mark.parametrize("name", [name for name in STAFF if STAFF[name].arguments and STAFF[name].of_rows])
def test_another_tenants_row_is_not_found_under_ones_own_address(name, stage):
    address = address_of(name, stage, "kristiansand")
    for method in METHODS:
        answered = ask(stage, "stranger", method, address)
        assert (method, answered) == (method, 404 if STAFF[name].allows(method) else 405)


@pytest.mark.parametrize("name", TOKEN)
def test_a_secret_page_opens_with_its_secret_only(name, stage):
    route = TOKEN[name]
    right = reverse(name, kwargs=route.filled(stage.rows))
    wrong = reverse(name, kwargs={**route.filled(stage.rows), route.secret: "a" * 32})
    for method in METHODS:
        allowed = method in route.methods
        for person in ("anonymous", "administrator", "stranger"):
            assert ask(stage, person, method, right) in ({200, 302, 400} if allowed else {405}), (
                method,
                person,
            )
            refused = {route.refused} if allowed else {route.refused, 405}
            assert ask(stage, person, method, wrong) in refused, (method, person)


@pytest.mark.parametrize("name", OPEN)
def test_an_open_page_is_the_same_for_everybody(name, stage):
    route = OPEN[name]
    address = reverse(name, kwargs=route.filled(stage.rows))
    for method in METHODS:
        for person in ("anonymous", "reader", "stranger"):
            assert ask(stage, person, method, address) in route.expected(method), (method, person)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_personal_page_asks_for_sign_in(name, stage):
    assert ask(stage, "anonymous", "GET", reverse(name)) == 302
    assert ask(stage, "reader", "GET", reverse(name)) in {200, 302}

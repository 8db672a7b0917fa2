"""Chromium, a live server, and `meet`, which brings a visitor to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import CHROMIUM
from tests.stories.browser import AXE, FLAGS, PHONE, WIDE, Visitor


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser a file. Sync Playwright keeps an event loop in this thread, so Django must allow that meanwhile."""
    from playwright.sync_api import sync_playwright

    if not AXE.exists():
        pytest.fail("axe-core is absent: run make setup-dev, or npm ci")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def meet(chromium, live_server, settings) -> Iterator[Callable[..., Visitor]]:
    """`meet(language="en", phone=True, script=False, dark=True)` is a new person at a browser of their own."""
    settings.BASE_URL = live_server.url
    met: list[Visitor] = []

    def new(*, language: str = "nb", phone: bool = False, script: bool = True, dark: bool = False) -> Visitor:
        visitor = Visitor(
            chromium,
            live_server.url,
            language=language,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            viewport={"width": PHONE, "height": 740} if phone else {"width": WIDE, "height": 900},
        )
        met.append(visitor)
        return visitor

    yield new
    for visitor in met:
        visitor.context.close()
    for context in chromium.contexts:
        context.close()
    complaints = [complaint for visitor in met for complaint in visitor.wrong]
    assert complaints == []


@pytest.fixture
def at_work(meet: Callable[..., Visitor], client: Any) -> Callable[..., Visitor]:
    """`at_work(kari)` is Kari at her desk, signed in; how she signs in is told by other stories."""

    def sit(user: Any, **how: Any) -> Visitor:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        visitor = meet(**how)
        cookie = client.cookies["session"].value
        visitor.context.add_cookies([{"name": "session", "value": cookie, "url": visitor.base_url}])
        return visitor

    return sit

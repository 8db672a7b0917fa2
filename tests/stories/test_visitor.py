"""The visitor complains of each thing it is there to complain of, with scripts and without."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GOOD = "<title>Side</title><main><h1>Side</h1><p>Tekst</p>{}</main>"
FAULTS = {
    "image-alt": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "color-contrast": "<p style='color: #bbb'>Grå på hvitt</p>",
    "target-size": "<p>" + "<button style='font-size: 8px; padding: 0'>a</button>" * 2 + "</p>",
    "too wide": "<div style='width: 500px'>Bred</div>",
    "another host": "<img alt='' src='http://elsewhere.example/pixel.gif'>",
}


def show(visitor, body: str, *, language: str = "nb"):
    page = f"<!doctype html><html lang={language}><meta charset=utf-8>{body}"
    visitor.page.route(
        "**/side/", lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8")
    )
    return visitor.go("/side/")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(meet, fault, script):
    visitor = meet(script=script)
    show(visitor, GOOD.format(""))
    visitor.page.unroute_all()
    with pytest.raises(AssertionError, match=fault):
        show(visitor, GOOD.format(FAULTS[fault]))
    visitor.wrong.clear()


def test_an_error_on_the_console_is_found(meet):
    visitor = meet()
    with pytest.raises(AssertionError, match="console: oj"):
        show(visitor, GOOD.format("<script>console.error('oj')</script>"))
    visitor.wrong.clear()


def test_a_page_in_another_language_is_found(meet):
    with pytest.raises(AssertionError, match="wrong language"):
        show(meet(), GOOD.format(""), language="en")


def test_focus_that_does_not_show_is_found(meet):
    visitor = meet()
    show(visitor, GOOD.format("<button style='outline: none; min-height: 40px'>Send</button>"))
    with pytest.raises(AssertionError, match="focus does not show"):
        visitor.tab_to(visitor.button("Send"))

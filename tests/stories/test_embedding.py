"""The list inside a municipality's own web site, in a real browser: who may show it, how it looks, where it leads."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from events.calendar.embedding import services
from tests import factories
from tests.stories.browser import AXE, NARROWEST, RULES, TOO_WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Åpent dialogmøte om trygghet i nærmiljøet vårt"
PARENT = """<!doctype html><html lang="nb"><head><title>Kommunen</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">{head}</head>
<body><iframe src="{address}" title="Kommende møter" width="{width}" height="600"></iframe></body></html>"""


@contextmanager
def site(page: str) -> Iterator[str]:
    """Another origin on this machine, whose every address answers `page`; gives its host and port."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def parent(live_server) -> Iterator[Any]:
    """`parent()` starts a web site that shows the list."""
    with ExitStack() as stack:
        address = f"{live_server.url}/embed/sandefjord/"

        def start(head: str = "", width: int = NARROWEST) -> str:
            return stack.enter_context(site(PARENT.format(address=address, head=head, width=width)))

        yield start


@pytest.fixture
def visit(chromium, settings, live_server) -> Iterator[Any]:
    """`visit(host)` opens the site and returns its page, what the browser said, and the frame inside."""
    settings.BASE_URL = live_server.url
    contexts: list[Any] = []

    def go(host: str, **look: Any) -> tuple[Any, list[str], Any]:
        context = chromium.new_context(locale="nb-NO", reduced_motion="reduce", **look)
        contexts.append(context)
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://{host}/", wait_until="networkidle")
        return page, said, page.frames[1]

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def listed(sandefjord):
    return factories.event(sandefjord, title=TITLE, is_public=True)


def background(frame: Any) -> int:
    colour = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(int(part) for part in colour.strip("rgb()").split(",")[:3])


def test_a_listed_site_shows_the_list_and_another_is_refused(visit, parent, sandefjord, kari, listed):
    ours, theirs = parent(), parent()
    row = services.add(tenant=sandefjord, by=kari, host=ours)
    page, said, frame = visit(ours)
    assert (TITLE in frame.locator("main").inner_text(), said) == (True, [])
    assert page.context.cookies() == []
    _page, said, refused = visit(theirs)
    assert (refused.url.startswith("chrome-error:"), TITLE in refused.content()) == (True, False)
    assert any("frame-ancestors" in each for each in said)
    services.remove(row, by=kari)
    page.reload(wait_until="networkidle")
    assert page.frames[1].url.startswith("chrome-error:")


def test_no_other_page_is_framed_by_a_listed_site(visit, live_server, sandefjord, kari, listed):
    for path in (f"/events/{listed.uid}/", "/", "/accounts/login/"):
        with site(PARENT.format(address=live_server.url + path, head="", width=NARROWEST)) as host:
            services.add(tenant=sandefjord, by=kari, host=host)
            _page, _said, refused = visit(host)
            assert refused.url.startswith("chrome-error:")


def test_inside_the_frame_axe_finds_nothing_and_320_pixels_are_enough(
    visit, parent, sandefjord, kari, listed
):
    factories.event(sandefjord, title="Medmenneskelighetsforebyggingsarbeidskonferanse", is_public=True)
    host = parent()
    services.add(tenant=sandefjord, by=kari, host=host)
    for scheme in ("light", "dark"):
        _page, _said, frame = visit(host, color_scheme=scheme)
        frame.evaluate(AXE.read_text(encoding="utf-8"))
        assert frame.evaluate("rules => axe.run(document, rules)", RULES)["violations"] == []
        assert (frame.evaluate("innerWidth"), frame.evaluate(TOO_WIDE)) == (NARROWEST, [])
        assert (background(frame) > 200) == (scheme == "light")


def test_colours_are_the_readers_unless_the_address_says_which(meet, sandefjord, listed):
    for dark in (False, True):
        reader = meet(dark=dark)
        for scheme in ("", "light", "dark"):
            reader.go(f"/embed/sandefjord/?scheme={scheme}")
            assert (background(reader.page) > 200) == (scheme == "light" or (not dark and not scheme))


def test_a_link_leads_the_whole_window_to_the_meeting_by_keyboard_too(
    visit, parent, sandefjord, kari, listed
):
    host = parent()
    services.add(tenant=sandefjord, by=kari, host=host)
    page, _said, frame = visit(host)
    page.keyboard.press("Tab")
    if frame.evaluate("document.activeElement === document.body"):  # the frame itself is a stop of its own
        page.keyboard.press("Tab")
    assert frame.evaluate("document.activeElement.textContent") == TITLE
    assert frame.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/events/{listed.uid}/")


def test_a_script_of_another_site_reads_the_json(visit, parent, live_server, listed):
    page, _said, _frame = visit(parent())
    read = """async address => (await (await fetch(address)).json()).events.map(each => each.title)"""
    assert page.evaluate(read, f"{live_server.url}/calendar/public/sandefjord.json") == [TITLE]


def test_the_list_by_itself_in_norwegian_english_and_arabic(meet, sandefjord, listed):
    reader = meet()
    reader.go("/embed/sandefjord/").reads(TITLE, "Sandefjord")
    reader.language = "en"
    reader.go("/embed/sandefjord/?lang=en").reads("Coming meetings")
    reader.language = "ar"
    reader.go("/embed/sandefjord/?lang=ar").reads("Coming meetings")


def test_the_data_block_of_public_pages_breaks_no_policy(meet, sandefjord):
    row = factories.event(sandefjord, title="</script><script>alert(1)</script>", is_public=True)
    reader = meet()  # whatever the console says ends the story
    reader.page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
    )
    for path in ("/", f"/events/{row.uid}/"):
        reader.go(path).reads(row.title)
        read = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).name"
        assert reader.page.evaluate(read) == row.title
        assert reader.page.locator("script").count() == 1


def test_staff_let_a_site_show_the_list_and_end_it(at_work, sandefjord, kari, listed):
    desk = at_work(kari)
    desk.go("/t/sandefjord/embed/").reads("No web site may show the list yet", TITLE)
    desk.fill("Host of the web site", "*.no").press("Add the web site")
    assert "stjerne" in desk.error_at("Host of the web site")
    assert desk.typed("Host of the web site") == "*.no"
    desk.fill("Host of the web site", "https://www.sandefjord.kommune.no/").press("Add the web site")
    desk.reads("www.sandefjord.kommune.no")
    desk.press(desk.say("Remove %(host)s", host="www.sandefjord.kommune.no"))
    desk.reads("No web site may show the list yet")
    phone = at_work(kari, phone=True, dark=True)
    phone.go("/t/sandefjord/embed/").reads(TITLE)

"""A person at a browser: goes, reads, fills in, presses. Every page they meet is checked as it loads.

What is said to a `Visitor` is English, as in the code; the visitor looks for it in their own language.
"""

import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "resultTypes": ["violations"],
    "iframes": False,  # a framed page is visited by itself
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
WIDE, PHONE, NARROWEST = 1280, 360, 320
# Chromium's own dialling-out is off, and no name but the live server's is known to it.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class Visitor:
    """One person in one browser context. Use `meet` in tests; it makes them."""

    def __init__(self, browser: Browser, base_url: str, *, language: str, **context: Any) -> None:
        self.base_url, self.language = base_url, language
        self.script = context.get("java_script_enabled", True)
        self.context: BrowserContext = browser.new_context(
            base_url=base_url, locale=LOCALES[language], reduced_motion="reduce", **context
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []  # what the browser complained of since the last look
        self.pages_checked = 0
        self._twin: Page | None = None if self.script else _twin(browser, context)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failure)
        self.status = 200  # of the page last loaded

    # --- What the browser says by itself ------------------------------------------------------------------------
    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url:
            return  # the page itself answered with an error status, which `_arrived` judges
        self.wrong.append(f"console: {message.text} ({message.location['url']})")

    def _on_failure(self, request: Request) -> None:
        # An aborted one the browser gave up itself, as when one leaves the page.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {request.url}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.wrong.append(f"asked another host: {request.url}")

    # --- Going ----------------------------------------------------------------------------------------------------
    def go(self, address: str, *, status: int = 200) -> "Visitor":
        """To a path, or to a whole address as it stands in a mail."""
        return self._arrived(self.page.goto(address), status)

    def press(self, words: str, *, within: Locator | None = None, status: int = 200) -> "Visitor":
        """A button that leads to a page."""
        with self.page.expect_navigation() as led:
            self._one(self.button(words, within)).click()
        return self._arrived(led.value, status)

    def press_twice(self, words: str) -> "Visitor":
        """A double click, as an impatient person does; the second click may meet the page that is leaving."""
        with self.page.expect_navigation():
            self._one(self.button(words)).dblclick(no_wait_after=True)
        self.page.wait_for_load_state("networkidle")
        # The browser gives up the first of the two requests by itself; the server has had both.
        self.wrong = [each for each in self.wrong if not each.startswith("failed: ")]
        return self._arrived(None, 200)

    def follow(self, words: str, *, within: Locator | None = None, status: int = 200) -> "Visitor":
        """A link."""
        with self.page.expect_navigation() as led:
            self._one(self.link(words, within)).click()
        return self._arrived(led.value, status)

    def jump(self, words: str, *, to: str) -> "Visitor":
        """The error summary's link that says `words`; it must put the keyboard into the field it is about."""
        self._one(self.page.locator(".ds-error-summary a", has_text=self.say(words))).click()
        goal = self._one(self.field(to)).element_handle()
        assert self.page.evaluate("goal => document.activeElement === goal", goal), (
            f"“{words}” does not lead to {to}"
        )
        return self

    def download(self, words: str) -> bytes:
        """What lies behind a link that gives a file."""
        with self.page.expect_download() as coming:
            self._one(self.link(words)).click()
        self.wrong = [each for each in self.wrong if each != f"failed: {coming.value.url}"]
        return Path(coming.value.path()).read_bytes()

    def open(self, words: str) -> "Visitor":
        """A part of the page that is folded away, or a menu."""
        summary = self.page.locator("summary", has_text=re.compile(re.escape(self.say(words))))
        self._one(summary).click()
        summary.locator("xpath=following-sibling::*[1]").wait_for(state="visible")
        return self.look()

    # --- Filling in -----------------------------------------------------------------------------------------------
    def fill(self, label: str, text: str, *, within: Locator | None = None) -> "Visitor":
        self._one(self.field(label, within)).fill(text)
        return self

    def tick(self, label: str, *, within: Locator | None = None) -> "Visitor":
        """A check box or a radio button; its own label may lie over it and take the click."""
        self._one(self.field(label, within)).check(force=True)
        return self

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> "Visitor":
        self._one(self.field(label, within)).select_option(label=capfirst(self.say(option)))
        return self

    # --- Finding ----------------------------------------------------------------------------------------------------
    def say(self, words: str, plural: str = "", **gaps: Any) -> str:
        """In the visitor's language, a number `n` among the gaps; names, which no catalogue knows, stay as they are."""
        with translation.override(self.language):
            if plural:
                return translation.ngettext(words, plural, gaps["n"]) % gaps
            said = translation.gettext(words)
            return said % gaps if gaps else said

    def button(self, words: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=self.say(words), exact=True)

    def link(self, words: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("link", name=self.say(words), exact=True)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """By its whole label; the mark of an optional field may follow."""
        small = self.say(
            label[:1].lower() + label[1:]
        )  # labels of model fields are written small, shown with a capital
        names = "|".join(re.escape(name) for name in (self.say(label), small, small[:1].upper() + small[1:]))
        name = re.compile(rf"^\s*({names})\s*({re.escape(self.say('(optional)'))})?\s*$")
        return (within or self.page).get_by_label(name)

    def typed(self, label: str) -> str:
        """What stands in a field."""
        return self._one(self.field(label)).input_value()

    def group(self, legend: str, number: int = 0, **gaps: Any) -> Locator:
        """A group of fields, by its legend and, where there are several, its number."""
        name = self.say(legend, **gaps) + (f" {number}" if number else "")
        return self._one(self.page.get_by_role("group", name=name, exact=True))

    def table(self, caption: str) -> Locator:
        """A table, by how its caption begins."""
        name = re.compile(f"^{re.escape(self.say(caption))}")
        return self._one(self.page.get_by_role("table", name=name))

    def row(self, *texts: str, within: Locator | None = None) -> Locator:
        """The table row that holds all of these."""
        found = (within or self.page).get_by_role("row")
        for text in texts:
            found = found.filter(has_text=self.say(text))
        return self._one(found)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """What the page says, menus and all."""
        return " ".join(self.page.locator("body").inner_text().split())

    def reads(self, *texts: str) -> "Visitor":
        here = self.text
        missing = [text for text in texts if " ".join(self.say(text).split()) not in here]
        assert not missing, f"not on {self.page.url}: {missing}\n{here}"
        return self

    def never_reads(self, *texts: str) -> "Visitor":
        source = self.page.content()
        there = [text for text in texts if text in source]
        assert not there, f"on {self.page.url}: {there}"
        return self

    def error_at(self, label: str) -> str:
        """The error beside a field, which the field itself must name."""
        field = self._one(self.field(label))
        assert field.get_attribute("aria-invalid") == "true", f"{label} is not marked as wrong"
        described = (field.get_attribute("aria-describedby") or "").split()
        errors = [f"#{id}" for id in described if id.endswith("_error")]
        assert errors, f"{label} names no error"
        return " ".join(self.page.locator(errors[0]).inner_text().split())

    def _one(self, found: Locator) -> Locator:
        assert found.count() == 1, f"{found.count()} of {found} on {self.page.url}:\n{self.text}"
        return found

    # --- The keyboard -----------------------------------------------------------------------------------------------
    def tab_to(self, target: Locator, *, most: int = 200) -> "Visitor":
        """By Tab alone. Whatever has focus on the way must show it."""
        goal = self._one(target).element_handle()
        for _stop in range(most):
            self.page.keyboard.press("Tab")
            shown = self.page.evaluate(FOCUS_SHOWN)
            assert shown["visible"], f"focus does not show on {shown['what']} at {self.page.url}"
            if self.page.evaluate("goal => document.activeElement === goal", goal):
                return self
        raise AssertionError(f"Tab does not reach {target} on {self.page.url}")

    def type(self, text: str) -> "Visitor":
        self.page.keyboard.type(text)
        return self

    def enter(self, *, status: int = 200) -> "Visitor":
        with self.page.expect_navigation() as led:
            self.page.keyboard.press("Enter")
        return self._arrived(led.value, status)

    # --- Looking ------------------------------------------------------------------------------------------------------
    def _arrived(self, response: Response | None, status: int) -> "Visitor":
        self.page.wait_for_load_state("load")
        self.status = response.status if response else status
        assert self.status == status, f"{self.page.url} answered {self.status}:\n{self.text[:2000]}"
        return self.look()

    def look(self) -> "Visitor":
        """Judges the page as it stands: axe, the narrowest width, the language, the browser's complaints."""
        self.pages_checked += 1
        where = self.page.url
        assert self.page.locator("html").get_attribute("lang") == self.language, f"wrong language at {where}"
        found = [*self._violations(), *self._too_wide(), *self.wrong]
        assert not found, "\n".join([f"at {where}:", *found])
        return self

    def _violations(self) -> list[str]:
        page = self.page
        if self._twin is not None:  # axe needs scripts: the same page, in a browser that has them
            source = page.content()
            self._twin.unroute_all()
            self._twin.route(page.url, lambda route: route.fulfill(body=source, content_type=HTML))
            self._twin.goto(page.url)
            page = self._twin
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run(document, rules)", RULES)
        return [_in_words(violation) for violation in found["violations"]]

    def _too_wide(self) -> list[str]:
        before = self.page.viewport_size or {"width": WIDE, "height": 800}
        self.page.set_viewport_size({"width": NARROWEST, "height": before["height"]})
        wide: list[str] = self.page.evaluate(TOO_WIDE)
        self.page.set_viewport_size(before)
        return wide


HTML = "text/html; charset=utf-8"
LOCALES = {"nb": "nb-NO", "en": "en-GB"}
FOCUS_SHOWN = """() => {
  const it = document.activeElement;
  const shows = element => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  // Inside a date or time field the browser itself marks the part that has focus.
  const marked = element => element.matches('input[type=date], input[type=time]');
  const appeared = element => element.matches('.ds-skip-link') && element.getBoundingClientRect().height > 24;
  const what = `${it.tagName} ${it.id || it.textContent.trim().slice(0, 40)}`;
  return {what, visible: it === document.body || shows(it) || shows(it.parentElement) || appeared(it) || marked(it)};
}"""
# Names what sticks out when the page scrolls sideways; a scroll region of its own may be as wide as it likes.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.body.querySelectorAll('*')].filter(
    each => each.getBoundingClientRect().right > root.clientWidth + 0.5 && !each.closest('.scroll'));
  const words = each => `too wide at ${root.clientWidth} px: ${each.outerHTML.slice(0, 160)}`;
  return out.slice(0, 5).map(words).concat(`the page is ${root.scrollWidth} px wide`);
}"""


def _in_words(violation: dict[str, Any]) -> str:
    nodes = [f"{node['html'][:200]} – {node.get('failureSummary', '')}" for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: " + " | ".join(nodes)


def _twin(browser: Browser, context: dict[str, Any]) -> Page:
    return browser.new_context(**context | {"java_script_enabled": True}, reduced_motion="reduce").new_page()

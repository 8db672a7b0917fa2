"""Makes the README's pictures again: starts the demo in a folder of its own and walks through it in Chromium.

`make screenshots`. Needs Chromium. Writes docs/screenshots/*.png; what the demo wrote is thrown away.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
# The phone is held twice as high as it is, so that page and form stand in one picture.
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 1560}
START_SECONDS = 120  # of the demo, with an empty folder
MOST_BYTES = 160_000
LIST = """Navn;Rolle;Organisasjon;E-post;Telefon
Kari Åsen;leder;Sandefjord kor;kari@kor.example;33 11 22 33
Jon Bye;trener;Idrettslaget Bølgen;jon@bolgen.example;
Amina Warsame;leder;Somalisk familieforening;leder@familieforening.example;400 00 777
"""
COORDINATOR, SECRETARY = "coordinator@sandefjord.example", "minutes@sandefjord.example"


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo that runs as long as the block does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, folder = f"http://127.0.0.1:{port}", tempfile.mkdtemp(prefix="moteplass-pictures-")
    env = os.environ | {"PORT": str(port), "VAR_DIR": folder, "BASE_URL": address}
    child = subprocess.Popen([sys.executable, str(ROOT / "tools" / "demo.py")], cwd=ROOT, env=env)
    try:
        wait_for(f"{address}/healthz", child)
        yield address
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own, on this machine)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("the demo did not start")


def arrive(browser: Browser, address: str, *, phone: bool = False, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=address,
        locale="nb-NO",
        viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # a dict of the right keys
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    return context.new_page()


def signed_in(browser: Browser, address: str, account: str) -> Page:
    page = arrive(browser, address)
    page.goto("/accounts/login/")
    page.locator(f'button[value="{account}"]').click()
    return page


def picture(page: Page, name: str) -> None:
    """What the window shows."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    print(f"  {path.relative_to(ROOT)} {size // 1000} kB", flush=True)
    if size > MOST_BYTES:
        raise SystemExit(f"{path.name} is larger than {MOST_BYTES // 1000} kB")


def look_at(page: Page, selector: str) -> None:
    """Scrolls so that the element stands a little below the top."""
    page.wait_for_load_state("networkidle")
    page.locator(selector).first.evaluate(
        "it => window.scrollTo(0, it.getBoundingClientRect().top + scrollY - 24)"
    )


# --- The chain, picture by picture ---------------------------------------------------------------------------------
def front(browser: Browser, address: str) -> None:
    page = arrive(browser, address)
    page.goto("/")
    picture(page, "01-front-page")


def plan_a_meeting(page: Page) -> None:
    page.goto("/t/sandefjord/")
    picture(page, "02-overview")
    page.goto("/t/sandefjord/events/new/")
    page.fill("[name=title]", "Dialogmøte om trygghet i sentrum")
    page.fill("[name=format_name]", "Utvidet dialogforum")
    page.fill("[name=purpose]", "Bli enige om hvordan kommune, politi og trossamfunn møtes fast.")
    year = time.localtime().tm_year + 1
    for name, value in {"start_date": f"{year}-03-11", "start_time": "17:00", "end_time": "19:00"}.items():
        page.fill(f"[name={name}]", value)
    for name, value in {"venue": "Sandefjord rådhus", "room": "Møterom 3", "city": "Sandefjord"}.items():
        page.fill(f"[name={name}]", value)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "03-new-meeting")
    page.locator("main form button[type=submit]:not(.ds-sr-only)").last.click()
    page.goto(page.url + "publish/")
    page.locator("main form button[type=submit]").click()


def invite(page: Page) -> None:
    page.goto(page.url + "invite/")
    page.select_option("[name=kind]", "faith")
    page.locator("button[value=search]").click()
    page.check("#choose-all")
    page.locator("button[value=preview]").click()
    page.wait_for_load_state("networkidle")
    look_at(page, "main form h2")
    picture(page, "04-mail-before-sending")


def answer(browser: Browser, address: str) -> None:
    page = arrive(browser, address)
    page.goto("/mailbox/?q=fyret@ungdom.example")
    page.locator("main a[href*='/mailbox/2']").first.click()
    frame = page.frame_locator("iframe")
    link = frame.locator("a[href*='answer=accepted']").first.get_attribute("href") or ""
    phone = arrive(browser, address, phone=True, script=False)
    phone.goto(link)
    picture(phone, "05-invitee-on-the-phone")
    phone.locator("form#answer button[type=submit]").click()
    phone.wait_for_load_state("load")
    picture(phone, "06-answered")


def coming(page: Page) -> str:
    """Opens the demo's coming meeting; returns its address."""
    page.goto("/t/sandefjord/events/")
    page.locator("main table a").first.click()
    return page.url


def see_answers(page: Page) -> None:
    event = coming(page)
    page.goto(f"{event}invitations/")
    picture(page, "07-who-comes")
    page.goto(f"{event}invitations/?q=prest")
    page.locator("main table.stacks tbody a").first.click()
    look_at(page, "main .facts")
    picture(page, "13-one-invitee")
    page.goto(f"{event}waves/")
    picture(page, "12-waves")


def tell_of_a_change(page: Page) -> None:
    page.goto(f"{coming(page)}edit/")
    page.fill("[name=start_time]", "18:00")
    page.fill("[name=end_time]", "20:00")
    page.locator("main form button[type=submit]:not(.ds-sr-only)").last.click()
    page.wait_for_load_state("networkidle")
    picture(page, "14-telling-of-a-change")


def import_contacts(page: Page) -> None:
    page.goto("/t/sandefjord/directory/imports/new/")
    file = {"name": "Frivillige.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]  # a dict of the right keys
    for _step in ("columns", "preview"):
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    picture(page, "11-import")


def minutes(page: Page) -> None:
    page.goto(f"{coming(page)}minutes/")
    page.locator("form[action$='/minutes/open/'] button").click()
    look_at(page, "#attendance")
    picture(page, "08-minutes")


def proof(page: Page) -> None:
    page.goto("/t/sandefjord/plans/")
    page.locator("main ul a").first.click()
    look_at(page, "#area-1")
    picture(page, "09-plan")
    page.locator("main tr", has_text="3. ").first.locator("a").first.click()
    look_at(page, "main ol.plain")
    picture(page, "10-what-moved-the-measure")


def tour(browser: Browser, address: str) -> Iterator[Callable[[], None]]:
    yield lambda: front(browser, address)
    coordinator = signed_in(browser, address, COORDINATOR)
    yield lambda: plan_a_meeting(coordinator)
    yield lambda: invite(coordinator)
    yield lambda: answer(browser, address)
    yield lambda: see_answers(coordinator)
    yield lambda: tell_of_a_change(coordinator)
    yield lambda: import_contacts(coordinator)
    yield lambda: minutes(signed_in(browser, address, SECRETARY))
    yield lambda: proof(coordinator)


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("make screenshots: Chromium is absent; on Debian: apt install chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for leg in tour(browser, address):
            leg()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

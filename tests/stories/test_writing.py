"""The minute-taker writes in the meeting: it saves by itself, outlives a lost connection, and keys add rows."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error

from minutes.records import services
from minutes.records.models import Outcome
from tests.actions.scene import decided, met
from tests.factories import organisation
from tests.records.scene import address, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('moteplass:minutes:')).length"


def shot(visitor, name):
    if not SHOTS:
        return
    for width in (1280, 360):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


def _until(page, holds):
    """Playwright's own waiting is `eval`, which our policy forbids whenever it has to look twice."""
    for _turn in range(100):
        with suppress(Error):  # the page is being left just now
            if page.evaluate(holds):
                return
        page.wait_for_timeout(100)
    pytest.fail(f"never held: {holds}")


def texts(at):
    return sorted(row.text for row in Outcome.objects.of(at).filter(kind="decision"))


def test_it_saves_by_itself_and_the_keys_add_a_decision(at_work, kari, sandefjord):
    minutes = opened(sandefjord, kari)
    visitor = at_work(kari)
    visitor.go(address("minutes-edit", minutes))
    page = visitor.page
    page.get_by_role("textbox", name="Vedtak", exact=True).fill("Nytt lys i parken")
    page.get_by_text("Lagret kl.").wait_for(timeout=15_000)
    assert (texts(sandefjord), page.evaluate(KEPT)) == (["Nytt lys i parken"], 0)
    page.keyboard.press("Control+Alt+d")
    page.wait_for_url("**/edit/")
    _until(page, "document.activeElement.name === 'decisions-1-text'")
    page.keyboard.type("Natteravner")
    page.keyboard.press("Control+s")
    visitor.reads("Lagret.")
    assert texts(sandefjord) == ["Natteravner", "Nytt lys i parken"]
    shot(visitor, "minutes-edit")


def test_a_lost_connection_loses_nothing(at_work, kari, sandefjord):
    minutes = opened(sandefjord, kari)
    visitor = at_work(kari)
    visitor.go(address("minutes-edit", minutes))
    page = visitor.page
    visitor.context.route("**/autosave/", lambda route: route.abort())
    page.get_by_role("textbox", name="Vedtak", exact=True).fill("Skrevet uten nett")
    page.get_by_text("Ikke lagret: ingen forbindelse").wait_for(timeout=15_000)
    assert (texts(sandefjord), page.evaluate(KEPT)) == ([], 1)
    visitor.wrong.clear()  # the browser itself complains of the connection
    visitor.go(address("minutes-edit", minutes)).reads("På denne maskinen ligger tekst som ikke ble lagret")
    shot(visitor, "minutes-kept")
    page.get_by_role("button", name="Hent den inn").click()
    visitor.reads("Lagret.")
    _until(page, f"{KEPT} === 0")
    assert texts(sandefjord) == ["Skrevet uten nett"]


def test_what_was_kept_is_gone_when_the_writer_signs_out(at_work, kari, sandefjord):
    minutes = opened(sandefjord, kari)
    visitor = at_work(kari)
    visitor.go(address("minutes-edit", minutes))
    page = visitor.page
    visitor.context.route("**/autosave/", lambda route: route.abort())
    page.get_by_role("textbox", name="Vedtak", exact=True).fill("Hemmelig")
    page.get_by_text("Ikke lagret: ingen forbindelse").wait_for(timeout=15_000)
    visitor.wrong.clear()
    visitor.go("/t/sandefjord/")
    assert page.evaluate(KEPT) == 1
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="Logg ut").click()
    _until(page, f"{KEPT} === 0")


def test_action_points_on_screen_and_by_keyboard(at_work, kari, sandefjord):
    council = organisation(sandefjord, name="Politirådet", kind="municipal")
    action = decided(sandefjord, kari, meeting=met(sandefjord, hosts=[council], days_ago=40))
    later = met(sandefjord, hosts=[council], days_ago=1)
    services.open_minutes(later, by=kari)
    visitor = at_work(kari)
    visitor.go(address("event-detail", later)).reads("Saker til oppfølging", "Ringe skolene")
    shot(visitor, "agenda-follow-up")
    visitor.go("/t/sandefjord/actions/").reads("Ringe skolene")
    shot(visitor, "actions-list")
    visitor.follow("Ringe skolene").reads("Hva som skjedde")
    shot(visitor, "actions-detail")
    visitor.press("Det er gjort").reads("Utført")
    action.refresh_from_db()
    assert action.status == "done"


def test_the_owner_answers_on_a_phone_without_scripts(meet, kari, sandefjord):
    from django.utils import timezone

    from minutes.records.actions import reminding
    from minutes.records.actions.models import ActionItem
    from tests.actions.scene import DAY, amina, on, today

    amina(sandefjord)
    decided(sandefjord, kari, due=on(today() + 5 * DAY))
    reminding.tick(timezone.now())
    action = ActionItem.objects.of(sandefjord).get()
    visitor = meet(phone=True, script=False)
    visitor.go(f"/action/{action.token}/").reads("Oppgaven din", "Ringe skolene")
    shot(visitor, "action-answer")
    visitor.tick("Det er gjort").fill("Noen ord om saken", "Ringte i går")
    visitor.press("Send svaret").reads("ser hva du svarte")
    action.refresh_from_db()
    assert action.status == "done"

"""Those who receive at the door, on a phone whose network comes and goes, and the organiser who gives them the link."""

import datetime as dt
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.gatherings.locking import lock
from events.gatherings.models import Event
from invites.answers.door import codes, services
from invites.answers.door.lines import door_list
from invites.answers.door.models import STAYS, Arrival, DoorLink
from tests.factories import contact, event, invitation, organisation
from tests.stories.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = dt.timedelta(hours=1)
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself
TOLD = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
# The addresses and the text of all that the phone keeps, wherever a page can keep anything.
KEPT = """async () => {
  const bases = (await indexedDB.databases()).map(each => each.name);
  const found = [JSON.stringify({...localStorage, ...sessionStorage}), ...bases];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const each of await cache.keys())
      found.push(each.url, each.url.includes('/static/') ? '' : await (await cache.match(each))?.text());
  }
  return found.join('\\n');
}"""
OFFLINE = re.compile(r"^failed: |net::ERR_INTERNET_DISCONNECTED")
NOT_SHOWN = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.fixture
def tonight(sandefjord):
    starts = timezone.now() + HOUR
    return event(
        sandefjord,
        title="Samarbeidsforum om trygghet",
        starts_at=starts,
        ends_at=starts + 2 * HOUR,
        answer_by=None,
        contact_phone="33 41 60 00",
    )


@pytest.fixture
def amina(tonight):
    mosque = organisation(tonight.tenant, name="Sentrum moské", kind="faith")
    return coming(tonight, name="Amina Noor", email="amina@moske.example", organisation=mosque)


@pytest.fixture
def bjarne(tonight):
    return coming(tonight, name="Bjarne Betjent", organisation=None)


@pytest.fixture
def address(tonight):
    _row, token = services.make_link(tonight, by=None, name="Resepsjonen")
    return f"/door/{token}/"


@pytest.fixture
def phone(meet):
    """Whoever receives, with a phone and no account."""
    return watched(meet(phone=True))


def coming(to, **facts):
    return invitation(
        to, contact=contact(to.tenant, **facts), reply="accepted", replied_at=timezone.now(), party=1
    )


def watched(visitor: Visitor) -> Visitor:
    """A breach of the content security policy becomes a complaint of the browser, which fails the story."""
    visitor.page.add_init_script(TOLD)
    return visitor


@contextmanager
def without_network(visitor: Visitor) -> Iterator[None]:
    """Only what the missing network itself makes the browser say is forgiven."""
    assert visitor.wrong == []
    visitor.context.set_offline(True)
    yield
    visitor.context.set_offline(False)
    forgive(visitor, OFFLINE)


def forgive(visitor: Visitor, what: re.Pattern[str]) -> Visitor:
    visitor.page.wait_for_timeout(100)  # for what the browser is still about to say
    visitor.wrong = [each for each in visitor.wrong if not what.search(each)]
    return visitor


def looked_at_offline(visitor: Visitor) -> Visitor:
    return forgive(visitor, OFFLINE).look()


def kept(visitor: Visitor) -> str:
    return str(visitor.page.evaluate(KEPT))


def until(visitor: Visitor, holds: Callable[[], bool], what: str) -> None:
    for _look in range(100):
        if holds():
            return
        visitor.page.wait_for_timeout(50)
    raise AssertionError(f"in 5 seconds: {what}\n{kept(visitor)}")


def open_list(visitor: Visitor, address: str) -> Visitor:
    """Opens the list and waits until the phone has kept it."""
    visitor.go(address)
    visitor.page.evaluate("navigator.serviceWorker.ready")
    until(visitor, lambda: "/door.js" in kept(visitor) and address in kept(visitor), "the list is kept")
    return visitor


def line(visitor: Visitor, name: str):
    return visitor.page.locator(".door-line", has_text=name)


def tick(visitor: Visitor, words: str, name: str) -> None:
    visitor.button(f"{visitor.say(words)} {name}").click()


def settled(visitor: Visitor, words: str, name: str) -> None:
    expect(visitor.button(f"{visitor.say(words)} {name}")).to_be_visible()


def sums(visitor: Visitor, expected: int, came: int, more: int = 0) -> None:
    said = [
        visitor.say("%(n)d expected", "%(n)d expected", n=expected),
        visitor.say("%(n)d of them has come", "%(n)d of them have come", n=came),
    ]
    if more:
        said.append(visitor.say("%(n)d more came", "%(n)d more came", n=more))
    expect(visitor.page.locator("#summary")).to_have_text(", ".join(said))


def waits(visitor: Visitor, number: int) -> None:
    expect(visitor.page.locator("#network")).to_contain_text(f"{visitor.say('Waiting to be sent:')} {number}")


def sent(visitor: Visitor) -> None:
    expect(visitor.page.locator("#network")).to_have_text("")


def change(row, **facts):
    Event.objects.of(row.tenant).filter(pk=row.pk).update(**facts)


def there(at) -> list[str]:
    """Who is there, by the server; each of them once."""
    listed = door_list(at)
    return sorted(one.name for one in (*listed.lines, *listed.walk_ins) if one.arrived)


def shot(visitor: Visitor, name: str) -> None:
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("dark", "language"), [(False, "nb"), (True, "nb"), (False, "en")])
def test_the_organiser_gives_a_link_and_who_receives_checks_in_undoes_and_adds(
    at_work, meet, kari, tonight, amina, bjarne, dark, language
):
    type(kari).objects.update(language=language)
    type(tonight.tenant).objects.update(language=language)
    desk = at_work(kari, dark=dark, language=language)
    desk.go(f"/t/sandefjord/events/{tonight.pk}/door/").press("Make a link")
    assert desk.error_at("Who is it for?") == desk.say("Write whom the link is for.")
    desk.fill("Who is it for?", "Resepsjonen").press("Make a link").reads("Resepsjonen", "Links that work")
    shot(desk, f"door-desk-{language}-{dark}")
    address = desk.page.locator("code").inner_text()

    phone = watched(meet(phone=True, dark=dark, language=language))
    open_list(phone, address).reads("Samarbeidsforum om trygghet", "Amina Noor", "Sentrum moské")
    shot(phone, f"door-list-{language}-{dark}")
    tick(phone, "Here", "Amina Noor")
    settled(phone, "Undo", "Amina Noor")
    sums(phone, 2, 1)
    tick(phone, "Here", "Bjarne Betjent")
    sums(phone, 2, 2)
    phone.page.wait_for_timeout(700)  # a second press at once is no undoing
    tick(phone, "Undo", "Bjarne Betjent")
    sums(phone, 2, 1)
    phone.fill("Name", "Ida Innom").fill("Organisation", "Naboen")
    phone.button("Add who came").click()
    sums(phone, 2, 1, 1)
    assert line(phone, "Ida Innom").count() == 1
    assert phone.typed("Name") == ""
    shot(phone, f"door-ticked-{language}-{dark}")
    sent(phone)
    phone.look()
    assert there(tonight) == ["Amina Noor", "Ida Innom"]
    desk.go(f"/t/sandefjord/events/{tonight.pk}/door/").reads("Ida Innom, Naboen")
    if SHOTS:
        phone.page.set_viewport_size({"width": 1280, "height": 900})
        shot(phone, f"door-ticked-{language}-{dark}")
        desk.page.set_viewport_size({"width": 360, "height": 740})
        shot(desk.go(f"/t/sandefjord/events/{tonight.pk}/door/"), f"door-desk-again-{language}-{dark}")


def test_a_second_press_at_once_takes_nothing_back(phone, tonight, amina, address):
    open_list(phone, address)
    phone.button(f"{phone.say('Here')} Amina Noor").dblclick()
    sums(phone, 1, 1)
    sent(phone)
    assert there(tonight) == ["Amina Noor"]


def test_without_a_network_the_page_opens_and_what_is_ticked_arrives_once(
    phone, tonight, amina, bjarne, address
):
    open_list(phone, address)
    with without_network(phone):
        phone.page.reload()
        looked_at_offline(phone).reads(
            "Amina Noor", "No network. Go on: what you tick is kept on this phone and sent later."
        )
        tick(phone, "Here", "Amina Noor")
        phone.fill("Name", "Ida Innom").button("Add who came").click()
        phone.fill("Name", "Odd Også").button("Add who came").click()
        waits(phone, 3)
        shot(phone, "door-offline")
        phone.page.reload()  # what waits outlives the page
        looked_at_offline(phone).reads("Ida Innom", "Odd Også")
        waits(phone, 3)
        settled(phone, "Undo", "Amina Noor")
        tick(phone, "Undo", "Odd Også")
        settled(phone, "Here", "Odd Også")
        assert there(tonight) == []
    sums(phone, 2, 1, 1)
    sent(phone)
    phone.look()
    assert there(tonight) == ["Amina Noor", "Ida Innom"]
    assert "/?" not in kept(phone), "a tick that was sent still waits"


def test_a_tick_whose_answer_was_lost_is_sent_again_and_counts_once(phone, tonight, amina, address):
    posts: list[str] = []

    def lose_the_first(route):
        posts.append(route.request.post_data)
        if len(posts) > 1:
            return route.continue_()
        route.fetch()  # the server takes it in, and the phone never hears of it
        return route.abort("internetdisconnected")

    open_list(phone, address)
    phone.page.route("**/walk-in/", lose_the_first)
    phone.fill("Name", "Ida Innom").button("Add who came").click()
    waits(phone, 1)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    sums(phone, 1, 0, 1)
    sent(phone)
    forgive(phone, OFFLINE)
    assert len(posts) == 2
    assert posts[0] == posts[1]
    assert Arrival.objects.of(tonight.tenant).count() == 1


def test_a_server_that_is_away_is_no_lost_tick(phone, tonight, amina, address):
    open_list(phone, address)
    phone.page.route("**/tick/", lambda route: route.fulfill(status=503))
    with phone.page.expect_response("**/tick/"):
        tick(phone, "Here", "Amina Noor")
    waits(phone, 1)
    phone.page.unroute_all()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    sent(phone)
    forgive(phone, re.compile("503|^failed: "))
    assert there(tonight) == ["Amina Noor"]


@pytest.mark.parametrize("minutes", [-50, 50])
def test_a_phone_whose_clock_is_wrong_can_undo_what_another_phone_ticked(
    phone, tonight, amina, address, minutes
):
    phone.page.clock.install(time=timezone.now() + dt.timedelta(minutes=minutes))
    # The server's clock reaches the phone in whole seconds, so the other phone ticked a little earlier.
    services.tick(tonight, key=f"{amina.pk}-0", here=True, at=timezone.now() - dt.timedelta(minutes=1))
    open_list(phone, address)
    tick(phone, "Undo", "Amina Noor")
    sums(phone, 1, 0)
    assert there(tonight) == []


@pytest.mark.parametrize("how", ["locked", "revoked", "over"])
def test_a_closed_link_says_so_and_the_phone_forgets_all_it_kept(phone, tonight, amina, kari, address, how):
    open_list(phone, address)
    assert "Amina Noor" in kept(phone)
    with without_network(phone):
        tick(phone, "Here", "Amina Noor")
        phone.fill("Name", "Ida Innom").button("Add who came").click()
        waits(phone, 2)
        close(tonight, kari, how)
    phone.page.get_by_role("heading", name=phone.say("Closed"), exact=True).wait_for()
    forgive(phone, re.compile("410"))
    phone.go(address, status=410).reads("Closed").never_reads("Amina", "Ida", tonight.title)
    assert not re.search("Amina|Ida|/door/[a-z2-7]{32}", kept(phone)), kept(phone)
    phone.go("/door/show/" + codes.code_of(amina) + "/").reads("Show this at the door").never_reads("Amina")
    with without_network(phone), pytest.raises(Exception, match=NOT_SHOWN):
        phone.page.goto(address)
    assert there(tonight) == []


@pytest.mark.parametrize("by_code", [False, True])
def test_a_copy_opened_offline_is_wiped_when_the_phone_next_sees_the_server(
    phone, tonight, amina, kari, address, by_code
):
    open_list(phone, address)
    phone.page.goto("about:blank")  # nothing of the page runs any longer; only the worker can wipe
    forgive(phone, OFFLINE)  # leaving stops what the browser was still fetching a second time
    lock(tonight, by=kari)
    phone.go(f"/door/show/{codes.code_of(amina)}/" if by_code else address, status=410).reads("Closed")
    until(phone, lambda: "Amina" not in kept(phone), "the first list is forgotten")


def test_after_the_end_a_phone_without_a_network_shows_and_keeps_nothing(phone, tonight, amina, address):
    change(
        tonight, ends_at=timezone.now() - STAYS + dt.timedelta(seconds=6), starts_at=timezone.now() - 3 * HOUR
    )
    open_list(phone, address)
    other = phone.context.new_page()
    with without_network(phone):
        phone.page.reload()
        tick(phone, "Here", "Amina Noor")
        time.sleep(6)
        with pytest.raises(Exception, match=NOT_SHOWN):
            other.goto(phone.base_url + address)
        expect(phone.page.get_by_role("heading", name=phone.say("Closed"), exact=True)).to_be_visible(
            timeout=20_000
        )
        phone.never_reads("Amina Noor")
        assert not re.search("Amina|/door/[a-z2-7]{32}", kept(phone))


def test_the_phone_keeps_names_organisations_and_times_and_nothing_else(phone, tonight, amina, address):
    type(amina.contact).objects.of(amina.tenant).update(phone="99 88 77 66", role="imam")
    amina.answers.create(tenant=amina.tenant, reply="accepted", source="web", comment="Har med rullestol")
    open_list(phone, address)
    assert "Amina Noor" in kept(phone)
    for text in (kept(phone), phone.page.content()):
        for hidden in (
            *("amina@moske.example", "99 88 77 66", "imam", "rullestol", "kari@sandefjord.example"),
            *(amina.token, amina.reply_token, codes.code_of(amina), "Rådhusgata"),
        ):
            assert hidden not in text, hidden


def test_a_phone_shows_one_list_and_never_another_in_its_place(phone, tonight, amina, address, sandefjord):
    other = event(sandefjord, title="Et annet møte", starts_at=tonight.starts_at, ends_at=tonight.ends_at)
    coming(other, name="Cato Annensteds")
    _row, token = services.make_link(other, by=None, name="Inngang 2")
    open_list(phone, address)
    open_list(phone, f"/door/{token}/").reads("Cato Annensteds")
    until(phone, lambda: "Amina" not in kept(phone), "the first list is forgotten")
    with without_network(phone):
        phone.page.reload()
        looked_at_offline(phone).reads("Cato Annensteds").never_reads("Amina Noor")
        with pytest.raises(Exception, match=NOT_SHOWN):
            phone.page.goto(address)


def test_a_dead_link_that_is_opened_by_mistake_wipes_no_other_list(phone, tonight, amina, address):
    _row, token = services.make_link(tonight, by=None, name="Gammel")
    services.revoke(DoorLink.objects.of(tonight.tenant).get(name="Gammel"), by=None)
    open_list(phone, address)
    with without_network(phone):
        tick(phone, "Here", "Amina Noor")
        waits(phone, 1)
        phone.page.goto("about:blank")
    phone.go(f"/door/{token}/", status=410)
    phone.page.goto(address)
    sums(phone, 1, 1)
    assert there(tonight) == ["Amina Noor"]


def test_a_square_code_leads_to_the_line_with_a_network_and_without(phone, tonight, amina, bjarne, address):
    open_list(phone, address)
    square = f"/door/show/{codes.code_of(bjarne)}/"
    phone.go(square)
    assert phone.page.url.startswith(phone.base_url + address)
    assert line(phone, "Bjarne Betjent").get_attribute("data-found") is not None
    shot(phone, "door-found")
    with without_network(phone):
        phone.page.goto(square)
        looked_at_offline(phone).reads("Amina Noor", "Bjarne Betjent")
        assert line(phone, "Bjarne Betjent").get_attribute("data-found") is not None
        phone.page.keyboard.press("Enter")  # the keyboard is on the button already
        settled(phone, "Undo", "Bjarne Betjent")
    sums(phone, 2, 1)
    sent(phone)
    assert there(tonight) == ["Bjarne Betjent"]


def test_a_code_that_no_camera_reads_is_typed(meet, phone, tonight, amina, bjarne, address):
    guest = meet(phone=True, script=False)
    letters = guest.go(f"/rsvp/{bjarne.token}/").page.locator("code[dir=ltr]").inner_text()
    shot(guest, "door-guest")
    open_list(phone, address)
    shown = phone.page.locator(".door-line:visible")
    for typed in (
        letters,
        letters.replace(" ", "").upper(),
        f"{phone.base_url}/door/show/{codes.code_of(bjarne)}/",
    ):
        phone.fill("Find a name or a code", typed)
        expect(shown).to_have_count(1)
        expect(shown).to_contain_text("Bjarne Betjent")
        phone.fill("Find a name or a code", "")
        expect(shown).to_have_count(2)
    phone.fill("Find a name or a code", "amin")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Amina Noor")


def test_the_door_is_kept_with_the_keyboard_alone(phone, tonight, amina, bjarne, address):
    open_list(phone, address)
    phone.tab_to(phone.field("Find a name or a code")).type("bjarne")
    phone.tab_to(phone.button(f"{phone.say('Here')} Bjarne Betjent"))
    services.tick(tonight, key=f"{amina.pk}-0", here=True)  # another phone, so that the list is drawn anew
    phone.page.keyboard.press("Enter")
    sums(phone, 2, 2)
    settled(phone, "Undo", "Bjarne Betjent")
    undo = phone.button(f"{phone.say('Undo')} Bjarne Betjent").element_handle()
    assert phone.page.evaluate("it => document.activeElement === it", undo), "the keyboard lost its place"
    phone.page.wait_for_timeout(700)
    phone.page.keyboard.press("Space")
    sums(phone, 2, 1)
    phone.tab_to(phone.field("Name")).type("Ida Innom").page.keyboard.press("Enter")
    sums(phone, 2, 1, 1)
    phone.page.wait_for_timeout(700)
    phone.tab_to(phone.button("Add who came")).enter()
    assert phone.error_at("Name") == phone.say("Write the name.")
    assert there(tonight) == ["Amina Noor", "Ida Innom"]


@pytest.mark.parametrize("dark", [False, True])
def test_the_door_works_without_javascript(meet, tonight, amina, address, dark):
    phone = meet(phone=True, script=False, dark=dark)
    phone.go(address).press(f"{phone.say('Here')} Amina Noor").reads("Amina Noor", "1 av dem er kommet")
    phone.press(f"{phone.say('Undo')} Amina Noor").reads("0 av dem er kommet")
    phone.fill("Name", "Ida Innom").press("Add who came").reads("Ida Innom", "1 kom i tillegg")
    phone.go(f"/door/show/{codes.code_of(amina)}/").press(f"{phone.say('Here')} Amina Noor")
    assert there(tonight) == ["Amina Noor", "Ida Innom"]


def close(meeting, by, how: str) -> None:
    if how == "locked":
        lock(meeting, by=by)
    elif how == "revoked":
        services.revoke(DoorLink.objects.of(meeting.tenant).get(), by=by)
    else:
        change(meeting, starts_at=timezone.now() - 6 * HOUR, ends_at=timezone.now() - STAYS - HOUR)

"""An invitee on a telephone without JavaScript asks what is held about her, corrects it, objects, has it erased."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client

from events.directory.models import Contact
from events.gatherings.models import Event
from invites.invitations.services import invite
from invites.post import outbox
from tests.factories import contact, event, organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def amina(sandefjord, kari):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(
        sandefjord,
        name="Amina Noor",
        role="Imam",
        email="amina@moske.example",
        organisation=mosque,
        language="nb",
    )
    invite(event(sandefjord, title="Samarbeidsforum"), by=kari, contacts=[person])
    return person


def newest(settings, pattern: str) -> str:
    """The first address in the mail box that fits, of mails not read before."""
    outbox.deliver()
    for path in sorted(
        Path(settings.MAIL_DIR).glob("*.eml"), key=lambda each: each.stat().st_mtime_ns, reverse=True
    ):
        text = path.read_text().replace("=\n", "")
        if found := re.search(pattern, text):
            return found[0]
    raise AssertionError(f"no mail holds {pattern}")


def shot(visitor, name: str) -> None:
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_she_sees_corrects_objects_and_is_forgotten(meet, amina, settings):
    visitor = meet(language="nb", phone=True, script=False)
    visitor.go(newest(settings, r"/rsvp/[a-z2-7]{32}/")).follow("What is held about you, and your rights")
    visitor.never_reads("Amina Noor", "Imam", "amina@moske.example")
    shot(visitor, "own-start")
    visitor.press("Send me a link").reads(
        "The link is on its way to the address we have. The newest link is the one that works."
    )

    page = newest(settings, r"/me/[a-z2-7]{32}/")
    visitor.go(page).reads("Amina Noor", "Imam", "Sentrum moské", "Samarbeidsforum")
    shot(visitor, "own-page")
    visitor.follow("Correct it").fill("Role", "Styreleder").fill("E-mail", "ny@moske.example")
    shot(visitor, "own-correct")
    visitor.press("Save").reads(
        "Styreleder",
        "It is corrected. Open the mail that we sent to the new address, and confirm it there.",
    )
    visitor.go(newest(settings, r"/me/address/[a-z2-7]{32}/")).press("Yes, this is my address")
    visitor.go(page).reads("ny@moske.example")
    visitor.follow("Object to being shown or invited").tick("Do not invite me any more")
    shot(visitor, "own-object")
    visitor.press("Save").reads("Your wishes are noted and hold at once.")
    visitor.follow("Have it erased")
    shot(visitor, "own-erase")
    visitor.press("Erase").reads("Tick the box, so that nothing is erased by mistake.")
    visitor.tick("Erase what is held about me. I know that it cannot be undone.").press("Erase").reads(
        "It is erased"
    )
    shot(visitor, "own-erased")
    visitor.go(page, status=404)
    row = Contact.objects.of(amina.tenant).get(pk=amina.pk)
    assert (row.name, row.email) == ("Slettet person", "")


def test_an_organiser_locks_a_meeting_and_its_links_say_closed(meet, amina, kari, settings):
    link = newest(settings, r"/rsvp/[a-z2-7]{32}/")
    visitor = meet(language="nb", phone=True)
    desk = Client()
    desk.force_login(kari, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = configured.SESSION_COOKIE_NAME
    visitor.context.add_cookies([{"name": name, "value": desk.cookies[name].value, "url": visitor.base_url}])
    pk = Event.objects.of(amina.tenant).get().pk
    visitor.go(f"/t/sandefjord/events/{pk}/").follow("Lock this event")
    shot(visitor, "lock")
    visitor.press("Lock this event").reads("This meeting is locked")
    shot(visitor, "locked")

    guest = meet(language="nb", phone=True, script=False)
    guest.go(link, status=410).reads("Closed").never_reads("Samarbeidsforum")
    shot(guest, "closed")
    visitor.follow("Unlock the meeting").press("Unlock the meeting").never_reads("This meeting is locked")
    guest.go(link).reads("Samarbeidsforum")

"""Mails in a real browser: the mailbox of the demo, a mail in light and dark, and the page of mails in trouble."""

import os
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from events.gatherings.models import EventHost
from invites.post import folder, outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation, programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def _demo(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def amina(sandefjord):
    meeting = event(
        sandefjord,
        title="Samarbeidsforum om trygghet",
        purpose="Trygghet i sentrum.\nVi vil høre fra dere.",
        chair="Berit Ordfører",
        contact_phone="33 41 60 00",
    )
    host = organisation(sandefjord, name="Sandefjord politi", kind="police")
    EventHost.objects.create(tenant=sandefjord, event=meeting, organisation=host)
    programme(meeting, "Velkommen", "Samtale", "Veien videre")
    return invitation(meeting, contact=contact(sandefjord, name="Amina Noor", email="amina@moske.example"))


def send(row):
    """Delivers the invitation, with links to where the test's server is; returns the mail's name in the mailbox."""
    outbox.enqueue("invitation", tenant=row.tenant, items=[(row.pk, row.contact.email)])
    assert outbox.deliver() == 1
    return folder.names()[0]


def shot(visitor, name):
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_link_in_a_mail_leads_to_the_invitees_page(meet, amina, script):
    name = send(amina)
    visitor = meet(script=script)
    visitor.go("/mailbox/").fill("Recipient", "amina").press("Search")
    shot(visitor, "mailbox")
    visitor.page.get_by_role("link", name="Samarbeidsforum om trygghet").click()
    visitor.page.wait_for_url(f"**/mailbox/{name}/")
    visitor.look()
    shot(visitor, "mailbox-mail")
    frame = visitor.page.frame_locator("iframe")
    assert frame.get_by_role("heading", level=1).inner_text() == "Samarbeidsforum om trygghet"
    with visitor.page.expect_navigation():
        frame.get_by_role("link", name=visitor.say("Maybe"), exact=True).click()
    assert visitor.page.url == f"{visitor.base_url}/rsvp/{amina.token}/?answer=tentative"


def test_the_meeting_card_answers_too(meet, amina):
    visitor = meet().go(reverse("mailbox-mail", args=[send(amina)]))
    visitor.follow("No")
    assert visitor.page.url == f"{visitor.base_url}/rsvp/{amina.token}/?answer=declined"


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("dark", [True, False])
def test_a_mail_is_readable_in_light_and_dark_on_any_screen(meet, amina, language, phone, dark):
    """axe looks at colours, names and headings; nothing may stand out at 320 px."""
    amina.language = language
    amina.save()
    visitor = meet(language=language, phone=phone, dark=dark, script=False)
    visitor.go(reverse("mailbox-body", args=[send(amina)]))
    shot(visitor, f"mail-{language}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("phone", [True, False])
def test_mails_in_trouble_are_settled_with_two_buttons(meet, amina, kari, phone):
    send(amina)
    second = invitation(amina.event)
    outbox.enqueue("invitation", tenant=second.tenant, items=[(second.pk, second.contact.email)])
    mails = OutgoingMail.objects.of(amina.tenant)
    mails.filter(subject_id=amina.pk).update(state="failed", problem="refused: 550 5.1.1 no such user")
    mails.filter(subject_id=second.pk).update(state="unknown", problem="no answer: time-out")
    visitor = meet(phone=phone)
    desk = Client()
    desk.force_login(kari, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = configured.SESSION_COOKIE_NAME
    visitor.context.add_cookies([{"name": name, "value": desk.cookies[name].value, "url": visitor.base_url}])

    visitor.go("/t/sandefjord/mails/").reads("550 5.1.1 no such user", "Treat as sent")
    shot(visitor, "mail-trouble")
    visitor.press("Treat as sent").reads("The mail now counts as sent.")
    visitor.press("Send again").reads("The mail is on its way again.", "No mail is in trouble")
    shot(visitor, "mail-trouble-none")
    assert sorted(mails.values_list("state", flat=True)) == ["accepted", "queued"]

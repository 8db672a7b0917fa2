"""The meeting moves, those who come are told and answer again; it is cancelled and the mailbox shows it; reminders."""

import datetime as dt
import os
from pathlib import Path

import pytest
from icalendar import Calendar

from events.gatherings.models import Event
from invites.invitations.models import Invitation
from invites.post import folder, outbox
from tests.factories import event
from tests.invitations.telling import invited, of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def _post(settings, monkeypatch):
    settings.DEMO = True
    settings.MAIL_TRANSPORT = "file"
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    row = event(sandefjord, title="Samarbeidsforum om trygghet", contact_phone="33 41 60 00")
    for name, reply in (("Amina Noor", "accepted"), ("Bo Berg", "declined"), ("Cecilie Dahl", "")):
        invited(row, name, reply=reply)
    invited(row, "Lars Brev", mail=False, channel="letter", phone="900 00 001")
    return of(row)


def shot(visitor, name: str) -> None:
    if not SHOTS:
        return
    for width in (1280, 360):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def newest_mails():
    """The mails handed over by now, by recipient; later ones win."""
    outbox.deliver()
    found = {}
    for name in reversed(folder.names()):
        mail = folder.mail(name)
        found[mail["To"].addresses[0].addr_spec] = mail
    return found


def calendar_of(mail):
    (part,) = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    return Calendar.from_ical(part.get_content())


def test_move_tell_answer_again_and_cancel(meet, at_work, kari, meeting):
    day = meeting.starts_local.date() + dt.timedelta(days=7)
    visitor = at_work(kari)
    visitor.go(f"/t/sandefjord/events/{meeting.pk}/edit/").fill("Date", f"{day}")
    visitor.press("Save changes").reads("What is new since those invited were told")
    visitor.reads("Lars Brev", "900 00 001")
    shot(visitor, "tell")
    visitor.page.locator("input[name=who][value=coming]").check()
    visitor.fill("Message", "Salen var opptatt den dagen.")
    assert visitor.field("Ask them to answer again").is_checked()
    visitor.press("See the mail before sending").reads("Amina Noor")
    visitor.page.frame_locator("iframe").get_by_text("Salen var opptatt").first.wait_for()
    shot(visitor, "tell-preview")
    visitor.press(visitor.say("Tell %(n)s invitee", "Tell %(n)s invitees", n=1))

    update = newest_mails()["amina@moske.example"]
    vevent = calendar_of(update).walk("VEVENT")[0]
    assert (vevent["SEQUENCE"], vevent.decoded("DTSTART").date()) == (1, day)
    row = Invitation.objects.of(meeting.tenant).get(contact__name="Amina Noor")
    assert row.reply == ""
    link = f"/rsvp/{row.token}/?answer=accepted"
    assert link in update.get_body(("plain",)).get_content()
    invitee = meet(phone=True, script=False)
    invitee.go(link).press("Send answer").reads("Møterom 3")
    assert Event.objects.of(meeting.tenant).get().seats_taken == 1

    visitor.go(f"/t/sandefjord/events/{meeting.pk}/cancel/").press("Cancel the meeting")
    shot(visitor, "tell-cancelled")
    visitor.press("See the mail before sending")
    visitor.press(visitor.say("Tell %(n)s invitee", "Tell %(n)s invitees", n=2))
    mails = newest_mails()
    for address in ("amina@moske.example", "cecilie@moske.example"):
        calendar = calendar_of(mails[address])
        assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["SEQUENCE"]) == ("CANCEL", 2)
        assert (
            str(calendar.walk("VEVENT")[0]["ORGANIZER"])
            == f"mailto:{mails[address]['From'].addresses[0].addr_spec}"
        )
    visitor.go("/mailbox/").fill("Recipient", "amina").press("Search").reads("Avlyst")
    invitee.go(link).reads("The meeting is cancelled")


def test_reminders_are_planned_and_some_are_asked_by_hand(at_work, kari, meeting):
    visitor = at_work(kari)
    page = f"/t/sandefjord/events/{meeting.pk}/reminders/"
    visitor.go(page).reads("Who would get the next one now", "Cecilie Dahl")
    shot(visitor, "reminders")
    visitor.follow("Change the reminders").fill("Days before the answer deadline", "fem").press(
        "Save the reminders"
    )
    assert "7, 2" in visitor.error_at("Days before the answer deadline")
    shot(visitor, "reminders-edit")
    visitor.fill("Days before the answer deadline", "5").press("Save the reminders").reads(
        "The reminders are saved."
    )
    visitor.follow("Ask those who have not answered").fill("Message", "Vi bestiller mat i morgen.")
    shot(visitor, "chase")
    visitor.press("See the mail before sending")
    visitor.page.frame_locator("iframe").get_by_text("Vi bestiller mat").first.wait_for()
    shot(visitor, "chase-preview")
    visitor.press(visitor.say("Ask %(n)s invitee", "Ask %(n)s invitees", n=1)).reads("Sent by hand")
    assert (
        "Vi bestiller mat i morgen."
        in newest_mails()["cecilie@moske.example"].get_body(("plain",)).get_content()
    )
    visitor.press("Switch the reminders off").reads(
        "The reminders of this meeting are off. Nobody is written to by itself."
    )
    visitor.go(
        f"/t/sandefjord/invitations/{Invitation.objects.of(meeting.tenant).get(contact__name='Bo Berg').pk}/withdraw/"
    )
    shot(visitor, "withdraw")

"""The words of a round: a text of one's own, a note, two languages, a place not to be told, a test, then sent."""

import os
from pathlib import Path

import pytest

from invites.invitations.models import Invitation
from invites.invitations.wording import words_for
from tests import factories
from tests.stories import worker
from tests.stories.browser import PHONE, WIDE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Dialogmøte om trygghet"
PDF = b"%PDF-1.7\nprogram"


@pytest.fixture
def round_(sandefjord, settings, tmp_path, monkeypatch):
    """Two contacts of two languages, and a meeting whose address is told only to those who accept."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "SYNC", False)
    settings.MEDIA_ROOT = tmp_path / "media"
    mosque = factories.organisation(sandefjord, name="Islamsk senter Vestfold", kind="faith")
    parish = factories.organisation(sandefjord, name="Sandefjord sokn", kind="faith")
    factories.contact(sandefjord, name="Ahmed Nur", email="imam@moske.example", organisation=mosque)
    factories.contact(
        sandefjord, name="Liv Berg", email="prest@sokn.example", organisation=parish, language="en"
    )
    return factories.event(sandefjord, title=TITLE)


def shot(visitor: Visitor, name: str) -> None:
    """A picture at both widths, where WORD_SHOTS names a folder."""
    if folder := os.environ.get("WORD_SHOTS"):
        for width in (WIDE, PHONE):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.wait_for_load_state("networkidle")
            visitor.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        visitor.page.set_viewport_size({"width": WIDE, "height": 900})


def test_from_a_text_of_ones_own_to_a_sent_round(at_work, kari, sandefjord, round_):
    desk = at_work(kari)
    when_kari_writes_a_text_with_a_mistake_and_mends_it(desk, sandefjord)
    when_she_ticks_everybody(desk, round_)
    then_both_languages_show_with_their_notes(desk)
    when_a_file_is_added(desk)
    then_an_address_in_the_greeting_stops_the_round(desk, sandefjord)
    when_she_sends_herself_a_test(desk, kari, sandefjord)
    then_the_round_goes_out_with_notes_and_file(desk, sandefjord)


def when_kari_writes_a_text_with_a_mistake_and_mends_it(desk, sandefjord):
    desk.go("/t/sandefjord/mail-texts/").reads("built-in")
    shot(desk, "texts")
    desk.follow(desk.say("invitation").capitalize() + ", " + desk.say("Norwegian Bokmål"))
    desk.fill("Subject", "Velkommen til {title}").fill("Text", "Kjære {navn}\n\nVi ber deg til møte {when}.")
    desk.press("Save the text")
    assert "{navn}" in desk.error_at("Text")
    assert desk.typed("Text").startswith("Kjære {navn}")
    desk.fill("Text", "Kjære {name}\n\nVi ber deg til møte {when}.").press("See an example")
    desk.reads("Kjære Kari Nordmann")
    shot(desk, "text")
    desk.press("Save the text").reads("The text is saved. Mails that are not sent yet get it.")
    assert words_for(sandefjord, "invitation", "nb").own


def when_she_ticks_everybody(desk, event):
    desk.go(f"/t/sandefjord/events/{event.pk}/invite/")
    desk.tick("Ahmed Nur").tick("Liv Berg").press("See the mail before sending")
    desk.reads("Velkommen til " + TITLE)


def then_both_languages_show_with_their_notes(desk):
    desk.fill("Greeting to all", "Vi gleder oss!").fill("Note to this recipient", "Takk for sist, Ahmed.")
    desk.press("Next recipient").reads("Invitation: " + TITLE)
    desk.reads("You have no text of your own in this language, so the built-in one is used.")
    desk.fill("Note to this recipient", "Good to see you, Liv.").press("Keep the notes and show the mail")
    frame = desk.page.frame_locator("iframe")
    frame.get_by_text("Good to see you, Liv.").wait_for()
    assert frame.get_by_text("Takk for sist, Ahmed.").count() == 0
    desk.press("Previous recipient").open("The same as plain text")
    desk.reads("Kjære Ahmed Nur Takk for sist, Ahmed. Vi gleder oss! Vi ber deg til møte")
    shot(desk, "preview")


def when_a_file_is_added(desk):
    desk.follow("Add or remove attachments")
    desk.reads("No attachments yet")
    desk.field("File").set_input_files([{"name": "a.exe", "mimeType": "application/pdf", "buffer": b"MZ"}])
    desk.press("Add the file")
    assert desk.error_at("File") != ""
    desk.field("File").set_input_files([{"name": "Program.pdf", "mimeType": "text/html", "buffer": PDF}])
    desk.press("Add the file").reads("The file is added.", "Program.pdf")
    shot(desk, "attachments")
    assert desk.download("Program.pdf") == PDF
    desk.follow("Back to the mail").reads("Program.pdf")


def then_an_address_in_the_greeting_stops_the_round(desk, sandefjord):
    send = desk.say("Send %(n)s invitation", "Send %(n)s invitations", n=2)
    desk.fill("Greeting to all", "Vi møtes i Rådhusgata 1.").press(send)
    desk.reads("This has to be put right before anything is sent", "Rådhusgata 1")
    desk.page.frame_locator("iframe").get_by_text("Vi møtes i Rådhusgata 1.").wait_for()
    shot(desk, "refused")
    assert desk.button(send).count() == 0
    assert Invitation.objects.of(sandefjord).count() == 0
    desk.fill("Greeting to all", "Vi gleder oss!").press("Keep the notes and show the mail")
    assert desk.button(send).count() == 1


def when_she_sends_herself_a_test(desk, kari, sandefjord):
    desk.press("Send a test to me")
    worker.work()
    [mail] = worker.mails()
    assert mail["To"].addresses[0].addr_spec == kari.email
    assert mail["Subject"] == f"Test: Velkommen til {TITLE}"
    assert [part.get_content_type() for part in mail.walk() if "calendar" in part.get_content_type()] == []
    assert Invitation.objects.of(sandefjord).count() == 0
    reader = desk.context.new_page()
    answer = reader.goto(worker.links(mail)["Ja"])
    assert answer is not None
    assert answer.status == 404
    reader.close()


def then_the_round_goes_out_with_notes_and_file(desk, sandefjord):
    desk.press(desk.say("Send %(n)s invitation", "Send %(n)s invitations", n=2))
    worker.work()
    assert Invitation.objects.of(sandefjord).count() == 2
    [ahmed] = worker.mails(to="imam@moske.example")
    [liv] = worker.mails(to="prest@sokn.example")
    texts = [mail.get_body(("plain",)).get_content().replace("\r\n", "\n") for mail in (ahmed, liv)]
    assert texts[0].startswith("Kjære Ahmed Nur\n\nTakk for sist, Ahmed.\n\nVi gleder oss!\n\nVi ber deg")
    assert texts[1].startswith("Hello Liv Berg,\n\nGood to see you, Liv.\n\nVi gleder oss!\n\nSandefjord")

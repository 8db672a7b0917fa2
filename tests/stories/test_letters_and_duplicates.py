"""Kari cleans the directory and sends letters; an invitee without e-mail answers from the letter."""

import io
import os
import re
from pathlib import Path

import pypdf
import pytest

from events.directory.models import Contact
from invites.invitations.models import Invitation
from tests.factories import contact, event, invitation, organisation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def look(visitor, name):
    if folder := os.environ.get("PICTURES"):
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("phone", [False, True])
def test_kari_merges_two_of_the_same(at_work, kari, sandefjord, phone):
    here = organisation(sandefjord, name="Fjordbyen moské")
    kept = contact(sandefjord, name="Amina Nordmann", email="amina@moskeen.example", organisation=here)
    gone = contact(
        sandefjord,
        name="Nordmann, Amina",
        email="amina@moskeen.example",
        phone="33 41 60 00",
        role="leder",
        organisation=here,
    )
    invitation(event(sandefjord), contact=gone)
    visitor = at_work(kari, phone=phone)
    visitor.go("/t/sandefjord/directory/").follow("Possible duplicates")
    look(visitor, f"dup-list-{phone}")
    name = re.compile(f"^{visitor.say('Compare and merge')}")
    visitor.go(str(visitor.page.get_by_role("link", name=name).get_attribute("href")))
    look(visitor, f"dup-merge-{phone}")
    visitor.reads("Are these the same?", "This cannot be undone.")
    if phone:  # by keyboard alone
        visitor.tab_to(visitor.button("Merge the two")).enter()
    else:
        visitor.tick("2. Nordmann, Amina").press("Merge the two")
    visitor.reads("De to er nå én.", "Merged into this one")
    look(visitor, f"dup-done-{phone}")
    visitor.open("Nordmann, Amina, ").reads("It held:", "33 41 60 00")
    row = Contact.objects.of(sandefjord).get()
    assert (row.pk, row.name, row.phone) == (
        kept.pk,
        "Amina Nordmann" if phone else "Nordmann, Amina",
        "33 41 60 00",
    )


def test_a_letter_from_the_desk_to_the_answer(at_work, meet, kari, sandefjord):
    to = event(sandefjord, title="Trygghet i sentrum")
    contact(sandefjord, name="Bo Brev", email="", channel="letter", address="Storgata 12, 3210 Sandefjord")
    desk = at_work(kari)
    desk.go(f"/t/sandefjord/events/{to.pk}/invitations/").follow("Letters")
    look(desk, "letters-none")
    desk.press("Invite these by letter").reads("1 er invitert.", "Bo Brev")
    look(desk, "letters-list")
    with desk.page.expect_download() as coming:
        desk.button("Last ned 1 brev (PDF)").click()
    (page,) = pypdf.PdfReader(io.BytesIO(Path(coming.value.path()).read_bytes())).pages
    desk.wrong = [each for each in desk.wrong if not each.startswith("failed: ")]
    desk.go(f"/t/sandefjord/events/{to.pk}/letters/").never_reads("Last ned 1 brev (PDF)")

    for language in ("en", "nb"):
        bo = meet(language=language, phone=True, script=False)
        bo.go("/svar/").fill("Code from the letter", "2222 2222").press("Open the invitation", status=404)
        assert "7UN2" in bo.text
        look(bo, f"svar-wrong-{language}")
        assert bo.say(
            "This code does not work. Look at the letter once more, or call the number there."
        ) in bo.error_at("Code from the letter")
    bo.fill("Code from the letter", CODE.search(page.extract_text())[0].lower().replace("-", " "))
    bo.press("Open the invitation").reads("Trygghet i sentrum")
    bo.tick("Yes, I will come").press("Send answer")
    assert Invitation.objects.of(sandefjord).get().reply == "accepted"

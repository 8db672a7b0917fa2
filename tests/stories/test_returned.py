"""An invitation came back: a coordinator corrects the address, settles the others, and the list is empty."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from invites.invitations.models import Invitation
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def _still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def mails(sandefjord):
    """One that came back, three of unknown fate."""
    meeting = event(sandefjord, title="Dialogmøte om trygghet")
    for name in ("Amina Noor", "Bjørn Hansen", "Camilla Li", "David Levi"):
        person = contact(sandefjord, name=name, email=f"{name.split()[0].lower()}@forening.example")
        row = invitation(meeting, contact=person)
        outbox.enqueue("invitation", tenant=sandefjord, items=[(row.pk, person.email)])
    rows = OutgoingMail.objects.of(sandefjord)
    rows.update(state="unknown", settled_at=timezone.now(), problem="no answer: time-out")
    first = rows.get(to_address="amina@forening.example")
    told = {"delivery": "bounced", "delivery_at": timezone.now(), "delivery_detail": "550 5.1.1 no such user"}
    rows.filter(pk=first.pk).update(state="accepted", problem="", **told)
    first.events.create(
        event_id="1", delivery_id=first.delivery_id, what="processed", at=timezone.now(), source="sendgrid"
    )
    first.events.create(
        event_id="2", delivery_id=first.delivery_id, what="bounced", at=timezone.now(), source="sendgrid"
    )
    return rows


def shot(visitor, name):
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("phone", [True, False])
def test_the_list_of_mails_in_trouble_empties(mails, kari, at_work, phone):
    visitor = at_work(kari, phone=phone, script=not phone)
    visitor.go("/t/sandefjord/mails/").reads("550 5.1.1 no such user")
    visitor.page.get_by_text(visitor.say("What the mail service told us")).click()
    shot(visitor, "trouble")
    visitor.follow("Correct the address").reads("Amina Noor", "amina@forening.example")
    shot(visitor, "correct")
    visitor.press("Correct and send again")
    shot(visitor, "correct-error")
    assert visitor.say(
        "This is the address that the mail was sent to. Write the new one, or use “Send again”."
    ) == (visitor.error_at("New e-mail address"))
    visitor.fill("New e-mail address", "amina@moske.example").press("Correct and send again")
    visitor.reads("The address is corrected, and the mail is on its way again.")

    visitor.page.locator("[name=mail]").first.check()
    visitor.press("Treat the chosen as sent")
    visitor.page.locator("[name=all]").check()
    visitor.press("Send the chosen again").reads("No mail is in trouble")
    assert sorted(mails.values_list("state", flat=True)) == ["accepted", "queued", "queued", "queued"]
    assert mails.get(to_address="amina@moske.example").state == "queued"
    people = Invitation.objects.of(kari.memberships.get().tenant_id)
    assert people.filter(contact__email="amina@moske.example").count() == 1

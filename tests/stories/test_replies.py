"""Answers come by mail: Ola's calendar says yes, a stranger's waits, and the coordinator decides."""

import os
from pathlib import Path

import pytest

from invites.post import outbox
from tests.factories import contact, event, invitation
from tests.replies import kit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def _open_hook(monkeypatch, settings):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)
    settings.INBOUND_SECRET, settings.REPLY_DOMAIN = kit.SECRET, kit.DOMAIN


@pytest.fixture
def invited(sandefjord):
    """Ola and Amina, who have the mail."""
    meeting = event(sandefjord, title="Dialogmøte om trygghet")
    rows = []
    for name in ("Ola Nordmann", "Amina Noor"):
        person = contact(sandefjord, name=name, email=f"{name.split()[0].lower()}@forening.example")
        rows.append(invitation(meeting, contact=person))
        kit.sent(rows[-1])
    return rows


def shot(visitor, name):
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("phone", [True, False])
def test_a_strangers_yes_waits_for_the_coordinator(invited, kari, at_work, client, phone):
    ola, amina = invited
    kit.by_hook(client, kit.reply(ola, more=["COMMENT:Jeg kommer litt sent"]))
    kit.by_hook(client, kit.reply(amina, sender="per@annet.example", attendee="per@annet.example"))
    visitor = at_work(kari, phone=phone, script=not phone)
    guests = f"/t/sandefjord/events/{ola.event_id}/invitations/"
    visitor.go(guests).reads("Ola Nordmann", "Jeg kommer litt sent")
    visitor.go("/t/sandefjord/replies/").reads("Amina Noor", "per@annet.example")
    shot(visitor, "replies")
    visitor.press(visitor.say("Count as yes") + ": Amina Noor")
    visitor.reads("No mail waits for you")
    shot(visitor, "replies-none")
    visitor.go(f"/t/sandefjord/invitations/{amina.pk}/")
    shot(visitor, "replies-history")
    amina.refresh_from_db()
    assert amina.reply == "accepted"

"""Kari lets those who come see each other; Amina reads it before answering, and sees the others once she comes."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from events.gatherings.models import Event
from events.gatherings.visibility import Audience
from tests.factories import contact, event, invitation, organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr("invites.post.outbox.wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    row = event(sandefjord, title="Samarbeidsforum om trygghet", place_hours_before=24)
    for name, body in (("Bo Berg", "Sandefjord menighet"), ("Cecilie Dahl", "Ungdomsrådet")):
        person = contact(sandefjord, name=name, organisation=organisation(sandefjord, name=body))
        invitation(row, contact=person, reply="accepted", replied_at=timezone.now())
    return row


def shot(visitor, name: str) -> None:
    if SHOTS:
        for width in (1280, 320):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_the_organiser_opens_the_list_and_an_invitee_knows_before_answering(meet, at_work, kari, meeting):
    desk = at_work(kari)
    desk.go(f"/t/sandefjord/events/{meeting.pk}/")
    desk.follow("Who sees the guests, and when the place is told").reads("Invitations have gone out")
    desk.press("Delegates only").reads(
        "Tick the box to let others see more than those who answered were told."
    )
    shot(desk, "matrix-asked")
    box = "I know that those who answered were told otherwise, and let others see more all the same"
    desk.jump("Tick the box to let others see more than those who answered were told.", to=box)
    desk.tick(box).tick("The police take part").press("Save").reads("chosen now")
    shot(desk, "matrix")
    assert Event.objects.of(meeting.tenant).get(pk=meeting.pk).name_for == Audience.ACCEPTED

    amina = invitation(meeting, contact=contact(meeting.tenant, name="Amina Noor"))
    visitor = meet(phone=True, script=False)
    visitor.go(f"/rsvp/{amina.token}/?answer=accepted")
    visitor.reads("Who sees your answer", "The police take part in this meeting.").never_reads("Bo Berg")
    visitor.press("Send answer").reads("Who comes", "Bo Berg", "Ungdomsrådet").never_reads("Rådhusgata")
    shot(visitor, "invitee")
    visitor.tick("No, I cannot come after all").press("Send answer").never_reads("Bo Berg")

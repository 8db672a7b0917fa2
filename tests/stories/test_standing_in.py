"""Somebody comes instead: named on a telephone without JavaScript, approved at the desk, welcomed by mail."""

import pytest

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.post import outbox
from tests.factories import contact, event, invitation, organisation
from tests.stories.worker import links, mails

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _post(settings, monkeypatch):
    settings.MAIL_TRANSPORT = "file"
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def amina(sandefjord):
    """She has the only seat."""
    meeting = event(sandefjord, title="Samarbeidsforum om trygghet", capacity=1)
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(sandefjord, name="Amina Noor", email="amina@moske.example", organisation=mosque)
    row = invitation(meeting, contact=person)
    answers.answer(row, reply="accepted", comment="", source="web")
    return row


def test_an_invitee_sends_somebody_else_and_the_organiser_approves(meet, at_work, kari, amina):
    phone = meet(phone=True, script=False)
    phone.go(f"/rsvp/{amina.token}/").follow("Send somebody else")
    phone.press("Ask the organiser")
    assert phone.error_at("E-mail")
    phone.fill("Name", "Bo Berg").fill("E-mail", "bo@moske.example").press("Ask the organiser")
    phone.reads("The organiser has your request", "Bo Berg")
    outbox.deliver()
    assert mails(to="bo@moske.example") == []

    desk = at_work(kari)
    desk.go(f"/t/sandefjord/events/{amina.event_id}/")
    desk.follow(desk.say("To decide: %(n)s request", "To decide: %(n)s requests", n=1))
    desk.reads("Amina Noor", "bo@moske.example")
    desk.page.get_by_role("button", name=desk.say("Approve")).click()
    desk.page.wait_for_load_state("load")
    desk.look().reads("Approved. The invitee is told by e-mail.")

    outbox.deliver()
    (welcome,) = mails(to="bo@moske.example")
    assert "Bo Berg" in str(mails(to="amina@moske.example")[-1]["Subject"])
    bo = meet(phone=True, script=False)
    bo.go(links(welcome)[bo.say("See the invitation")]).reads("Møterom 3", "Rådhusgata 1").never_reads(
        "Amina"
    )
    phone.go(f"/rsvp/{amina.token}/").reads("Bo Berg").never_reads("Møterom 3")
    assert Event.objects.of(amina.tenant).get(pk=amina.event_id).seats_taken == 1

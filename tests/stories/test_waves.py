"""A wave is planned and goes out; an organisation names its people on a telephone, and renames one."""

import datetime as dt

import pytest
from django.utils import timezone

from invites.answers.people import Person, named
from invites.invitations.models import Invitation
from invites.invitations.tasks import tick
from invites.invitations.waves.models import Wave
from tests.factories import contact, event, invitation, organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith", email="post@moske.example")
    contact(sandefjord, name="Amina Noor", role="styreleder", organisation=mosque)
    hall = organisation(sandefjord, name="Sandefjord kommune", kind="municipal")
    contact(sandefjord, name="Berit Ordfører", role="ordfører", organisation=hall)
    return event(sandefjord, title="Samarbeidsforum", capacity=20)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_mayor_first_then_an_organisation_that_names_two(at_work, meet, kari, meeting, language):
    kari.language = language
    kari.save()
    desk = at_work(kari, language=language).go(f"/t/sandefjord/events/{meeting.pk}/invite/")

    # The mayor is asked at nine in five days.
    desk.tick("Berit Ordfører").press("See the mail before sending")
    day = timezone.localdate() + 5 * DAY
    desk.tick("At a time of my choice").fill("Date", f"{day:%Y-%m-%d}").fill("Time", "09:00")
    desk.fill("Name of this wave", "Ordføreren")
    desk.press(desk.say("Send %(n)s invitation", "Send %(n)s invitations", n=1))
    desk.reads("Ordføreren", "09:00", "planned")

    # Three days later the mosque, which names up to two people itself.
    desk.follow("Invite").follow("Ask an organisation to name its people itself")
    desk.fill("Name of the organisation", "moské").press("Search").follow("Sentrum moské")
    desk.fill("How many people may it send?", "0").press("Choose the organisation")
    assert desk.error_at("How many people may it send?") == desk.say("Write a number from 1 to 20.")
    desk.fill("How many people may it send?", "2").press("Choose the organisation")
    desk.reads("Sentrum moské").press("See the mail before sending")
    desk.tick(
        desk.say("Some days after %(wave)s", wave=f"{desk.say('wave %(number)s', number=1)} (Ordføreren)")
    )
    desk.fill("Number of days", "3").press(desk.say("Send %(n)s invitation", "Send %(n)s invitations", n=1))
    assert [wave.state for wave in Wave.objects.of(meeting.tenant)] == ["planned", "planned"]

    # Kari does not wait: the mayor is asked now, and the mosque three days from now.
    desk.follow(f"{desk.say('Wave %(number)s', number=1)}: Ordføreren").press("Send this wave now")
    desk.reads("Berit Ordfører")
    Wave.objects.of(meeting.tenant).filter(number=2).update(due_at=timezone.now())
    assert tick() == 1
    asked = Invitation.objects.of(meeting.tenant).get(for_organisation=True)
    assert asked.quota == 2


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_organisation_names_two_on_a_telephone_without_javascript_and_renames_one(
    at_work, meet, kari, meeting, language
):
    dina = contact(meeting.tenant, name="Dina Styre")
    asked = invitation(meeting, contact=dina, for_organisation=True, quota=3, language=language)
    phone = meet(language=language, phone=True, script=False).go(f"/rsvp/{asked.token}/?answer=accepted")

    phone.press("Send answer").reads("Write the name of at least one person who will come.")
    one, two = (phone.group(phone.say("Person %(number)s", number=number)) for number in (1, 2))
    phone.fill("Name", "Dina Styre", within=one).fill("Role", "leder", within=one)
    phone.fill("Name", "Emil", within=two).press("Send answer").reads("Those who come:", "Dina Styre", "Emil")
    assert named(asked) == (Person("Dina Styre", "leder"), Person("Emil"))

    phone.fill("Name", "Fatima", within=two).press("Send answer")
    phone.reads("Fatima").never_reads("Emil")
    assert named(asked) == (Person("Dina Styre", "leder"), Person("Fatima"))

    at_work(kari, phone=True).go(f"/t/sandefjord/events/{meeting.pk}/invitations/").reads(
        "Fatima", "Dina Styre"
    )

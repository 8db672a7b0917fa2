"""The mails about requests and stand-ins: what each says, what none of them ever says."""

import dataclasses

import pytest
from icalendar import Calendar

from events.gatherings.models import Event
from invites.answers.requests.services import grant, refuse
from invites.invitations.models import Invitation
from invites.post.letters import Letter, Withheld, names_of
from invites.post.models import OutgoingMail
from invites.post.recipients import addresses_of, contacts_of
from tests.factories import contact, invitation, programme
from tests.requests.scene import fresh, name, say, stand_in, written


@pytest.fixture
def swapped(amina, automatic, sandefjord, meeting):
    """Bo comes instead of Amina; Gunnar Gjest and Hanne Holm are guests whom nobody may learn of."""
    programme(meeting, "Velkommen")
    for guest in ("Gunnar Gjest", "Hanne Holm"):
        row = invitation(meeting, contact=contact(sandefjord, name=guest, email=f"{guest[:3]}@gjest.example"))
        say(row, "tentative", comment="Hemmelig kommentar")
    say(amina, "accepted", comment="Amina sier noe")
    name(amina, comment="Bare til arrangøren")
    return amina


def letter_of(tenant, kind) -> Letter:
    found = written(tenant, kind)
    assert isinstance(found, Letter), found
    return found


def everything(letter: Letter) -> str:
    return "\n".join([letter.subject, letter.text, letter.html, letter.calendar.decode()])


def vevent(letter: Letter):
    (found,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    return found


def test_the_substitute_reads_who_named_them_the_exact_place_and_how_to_say_no(swapped, sandefjord):
    letter, bo = letter_of(sandefjord, "stand_in"), stand_in(swapped)
    assert (letter.to.email, letter.to.name, letter.language) == ("bo@moske.example", "Bo Berg", "nb")
    for body in (letter.text, letter.html):
        wanted = (
            "Amina Noor, Sentrum moské",
            "Møterom 3",
            "https://video.example/forum",
            "Samarbeidsforum",
            "Velkommen",
        )
        assert [each for each in wanted if each not in body] == []
        assert f"/rsvp/{bo.token}/?answer=declined" in body


def test_the_substitutes_calendar_has_it_accepted_already(swapped, sandefjord):
    letter, bo = letter_of(sandefjord, "stand_in"), stand_in(swapped)
    event = vevent(letter)
    assert letter.method == "REQUEST"
    assert (event["ATTENDEE"].params["PARTSTAT"], str(event["ATTENDEE"])) == (
        "ACCEPTED",
        "mailto:bo@moske.example",
    )
    assert str(event["ORGANIZER"]).startswith(f"mailto:svar-{bo.reply_token}@")
    assert "Møterom 3" in str(event["LOCATION"])


@pytest.mark.parametrize("kind", ["stand_in", "substitute_named"])
def test_no_mail_shows_anything_of_other_guests_or_what_is_for_the_organiser(swapped, sandefjord, kind):
    text = everything(letter_of(sandefjord, kind))
    for secret in ("Gunnar", "Hanne", "gjest.example", "Hemmelig", "Amina sier noe", "Bare til arrangøren"):
        assert secret not in text


def test_the_substitute_never_gets_the_invitees_link_nor_the_invitee_theirs(swapped, sandefjord):
    theirs, mine = fresh(swapped).token, fresh(stand_in(swapped)).token
    assert theirs not in everything(letter_of(sandefjord, "stand_in"))
    assert mine not in everything(letter_of(sandefjord, "substitute_named"))
    assert "bo@moske.example" not in everything(letter_of(sandefjord, "substitute_named"))


def test_the_invitees_receipt_names_the_substitute_and_takes_the_place_back(swapped, sandefjord):
    letter = letter_of(sandefjord, "substitute_named")
    assert letter.subject.startswith("Bo Berg ")
    event = vevent(letter)
    assert event["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    assert "Møterom 3" not in everything(letter)
    assert "video.example" not in everything(letter)


def test_each_reads_their_own_language(amina, kari, sandefjord):
    Invitation.objects.of(sandefjord).update(language="en")
    refuse(name(amina), by=kari, reason="Not this time.")
    letter = letter_of(sandefjord, "request_refused")
    assert (letter.language, letter.subject) == (
        "en",
        "The organiser cannot do what you asked – Samarbeidsforum",
    )
    grant(name(amina, dataclasses.replace(name_of(), language="nb")), by=kari)
    assert letter_of(sandefjord, "stand_in").language == "nb"
    assert letter_of(sandefjord, "substitute_named").language == "en"


def name_of():
    from tests.requests.scene import BO

    return BO


def test_a_request_that_waits_is_confirmed(amina, sandefjord):
    name(amina)
    letter = letter_of(sandefjord, "request_received")
    assert "Bo Berg" in letter.text
    assert "Møterom 3" not in everything(letter)


def test_the_invitee_hears_that_the_substitute_cannot_come(swapped, sandefjord):
    say(stand_in(swapped), "declined")
    letter = letter_of(sandefjord, "substitute_lost")
    assert letter.to.email == "amina@moske.example"
    assert f"/rsvp/{fresh(swapped).token}/" in letter.text
    assert isinstance(written(sandefjord, "stand_in"), Withheld)
    say(stand_in(swapped), "accepted")
    assert isinstance(written(sandefjord, "substitute_lost"), Withheld)


@pytest.mark.parametrize("kind", ["stand_in", "substitute_named"])
def test_nothing_goes_out_about_a_cancelled_meeting(swapped, sandefjord, meeting, kind):
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(
        state="cancelled", cancelled_at=meeting.starts_at
    )
    assert isinstance(written(sandefjord, kind), Withheld)


def test_staff_see_what_each_mail_is_and_whom_it_is_to(swapped, sandefjord):
    mails = list(
        OutgoingMail.objects.of(sandefjord).filter(kind__in=("stand_in", "substitute_named")).order_by("pk")
    )
    bo = stand_in(swapped)
    assert [names_of(mails)[mail.pk].rpartition(": ")[2] for mail in mails] == ["Samarbeidsforum"] * 2
    assert contacts_of(mails) == {mails[0].pk: bo.contact_id, mails[1].pk: swapped.contact_id}
    assert addresses_of(mails) == {mails[0].pk: "bo@moske.example", mails[1].pk: "amina@moske.example"}


def test_at_night_the_stranger_sleeps(amina, automatic, sandefjord):
    import datetime as dt

    import time_machine

    type(sandefjord).objects.filter(pk=sandefjord.pk).update(quiet_from=dt.time(20), quiet_until=dt.time(7))
    night = (amina.event.starts_at - dt.timedelta(days=5)).replace(hour=21, minute=30)
    with time_machine.travel(night, tick=False):
        name(amina)
    (mail,) = OutgoingMail.objects.of(sandefjord).filter(kind="stand_in")
    assert amina.event.local(mail.due_at).time() == dt.time(7)

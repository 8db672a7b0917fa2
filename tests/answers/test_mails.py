"""The receipt: what it says, to whom, in which language, and when it is not sent after all."""

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from events.gatherings.models import Event
from invites.answers.services import answer
from invites.invitations.models import Invitation
from invites.post.letters import Letter, Withheld, composer_of, names_of
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation

pytestmark = pytest.mark.usefixtures("still_post")


def say(row: Invitation, reply: str, comment: str = "") -> None:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    answer(rows.get(pk=row.pk), reply=reply, comment=comment, source="web")


def receipts(tenant) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.of(tenant).filter(kind="receipt").order_by("pk"))


def written(tenant) -> list[Letter | Withheld]:
    mails = receipts(tenant)
    letters = composer_of("receipt")(mails)
    return [letters[mail.pk] for mail in mails]


def only_letter(tenant) -> Letter:
    (letter,) = written(tenant)
    assert isinstance(letter, Letter)
    return letter


def test_a_receipt_says_what_was_answered_and_how_to_change_it(amina, meeting, link):
    meeting.answer_by = dt.datetime(2031, 1, 7, 11, 0, tzinfo=dt.UTC)
    meeting.starts_at = dt.datetime(2031, 1, 8, 16, 0, tzinfo=dt.UTC)
    meeting.ends_at = dt.datetime(2031, 1, 8, 18, 0, tzinfo=dt.UTC)
    meeting.save()
    Invitation.objects.of(amina.tenant).update(language="en")
    say(amina, "accepted", "Gleder meg")

    letter = only_letter(amina.tenant)
    assert (letter.to.email, letter.to.name) == ("amina@moske.example", "Amina Noor")
    assert letter.sender == letter.reply_to
    assert (letter.sender.name, letter.sender.email) == (
        "Sandefjord kommune",
        f"svar-{amina.reply_token}@127.0.0.1",
    )
    assert (letter.language, letter.subject) == ("en", "Your answer: yes – Samarbeidsforum")
    for body in (letter.text, letter.html):
        assert [
            part in body
            for part in (
                "is: yes",
                "Gleder meg",
                "Wednesday 8 January 2031, 17:00–19:00",
                "until Tuesday 7 January 2031 at 12:00",
                f"http://127.0.0.1:8000{link}",
                "kari@sandefjord.example",
                "33 41 60 00",
            )
        ] == [True] * 7


@pytest.mark.parametrize(("reply", "shown"), [("accepted", True), ("tentative", False), ("declined", False)])
def test_the_place_in_a_receipt_is_the_one_the_answer_opens(amina, reply, shown):
    say(amina, reply)
    letter = only_letter(amina.tenant)
    for body in (letter.text, letter.html):
        assert ("Møterom 3" in body, "https://video.example/forum" in body) == (shown, shown)


def test_only_the_receipt_of_the_latest_answer_is_sent(amina):
    say(amina, "accepted")
    say(amina, "declined")

    first, second = written(amina.tenant)
    assert isinstance(first, Withheld)
    assert (first.state, isinstance(second, Letter)) == ("superseded", True)


@pytest.mark.parametrize("off", ["cancelled", "revoked"])
def test_no_receipt_for_what_is_off(amina, off):
    say(amina, "accepted")
    if off == "cancelled":
        Event.objects.of(amina.tenant).update(state="cancelled", cancelled_at=timezone.now())
    else:
        Invitation.objects.of(amina.tenant).update(revoked_at=timezone.now())

    (withheld,) = written(amina.tenant)
    assert isinstance(withheld, Withheld)
    assert withheld.state == "cancelled"


def test_a_comment_cannot_bring_html_into_the_mail(amina):
    say(amina, "accepted", "<b>hei</b>")
    letter = only_letter(amina.tenant)
    assert ("<b>hei" in letter.html, "&lt;b&gt;hei" in letter.html, "<b>hei" in letter.text) == (
        False,
        True,
        True,
    )


def test_a_batch_of_receipts_takes_few_queries(sandefjord, django_assert_max_num_queries):
    meeting = event(sandefjord)
    for _ in range(12):
        say(invitation(meeting, contact=contact(sandefjord, organisation=None)), "declined")
    mails = receipts(sandefjord)
    with django_assert_max_num_queries(5):
        assert len(composer_of("receipt")(mails)) == 12


def test_staff_read_which_mail_it_is(amina):
    say(amina, "accepted")
    (name,) = names_of(receipts(amina.tenant)).values()
    assert "Samarbeidsforum" in name


# --- The calendar part ----------------------------------------------------------------------------------------
def vevent(letter):
    calendar = Calendar.from_ical(letter.calendar)
    (found,) = calendar.walk("VEVENT")
    assert (letter.method, str(calendar["METHOD"])) == ("REQUEST", "REQUEST")
    return found


@pytest.mark.parametrize(
    ("reply", "partstat", "place"),
    [
        ("accepted", "ACCEPTED", "Sandefjord rådhus, Møterom 3, Rådhusgata 1, Sentrum, Sandefjord"),
        ("tentative", "TENTATIVE", "Sentrum, Sandefjord"),
        ("declined", "DECLINED", "Sentrum, Sandefjord"),
    ],
)
def test_a_receipt_brings_answer_and_place_into_the_calendar_and_asks_for_no_reply(
    amina, meeting, reply, partstat, place
):
    say(amina, reply)
    found = vevent(only_letter(amina.tenant))
    attendee = found["ATTENDEE"]
    assert (str(attendee.params["PARTSTAT"]), str(attendee.params["RSVP"])) == (partstat, "FALSE")
    assert (str(attendee), str(found["LOCATION"])) == ("mailto:amina@moske.example", place)
    assert str(found["ORGANIZER"]) == f"mailto:svar-{amina.reply_token}@127.0.0.1"
    assert found["SEQUENCE"] == meeting.sequence


def test_taking_back_a_yes_takes_the_place_out_of_the_calendar_again(amina, time_machine):
    say(amina, "accepted")
    first = only_letter(amina.tenant)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1))
    say(amina, "declined")
    second = written(amina.tenant)[1]
    assert isinstance(second, Letter)
    was, now = vevent(first), vevent(second)
    secrets = ("Rådhusgata", "Møterom", "video.example")
    assert [word in first.calendar.decode() for word in secrets] == [True] * 3
    assert [word in second.calendar.decode() + second.text + second.html for word in secrets] == [False] * 3
    assert (was["UID"], was["SEQUENCE"]) == (now["UID"], now["SEQUENCE"])
    assert now.decoded("DTSTAMP") > was.decoded("DTSTAMP")


def test_a_receipt_is_never_older_than_the_meeting_that_its_reader_has(amina, meeting):
    say(amina, "accepted")
    later = timezone.now() + dt.timedelta(minutes=5)
    Event.objects.of(amina.tenant).update(changed_at=later)
    assert vevent(only_letter(amina.tenant)).decoded("DTSTAMP") == later.replace(microsecond=0)

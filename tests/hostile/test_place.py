"""The exact place stays hidden from those who have not said yes, whatever staff write in notices and letters."""

from contextlib import contextmanager

import pytest
from django.urls import reverse

from events.gatherings.models import Event
from invites.invitations.checks import Refused
from invites.invitations.drafting import services as drafting
from invites.invitations.lettering import services as lettering
from invites.invitations.models import Invitation
from invites.invitations.reminders import services as reminders
from invites.invitations.telling import services as telling
from invites.post.letters import Letter
from invites.post.models import OutgoingMail
from tests import factories
from tests.invitations.telling import composed, invited, later, letter, mails, of, sent, tell

TOLD = "Vi møtes i Kirkegata 3, andre etasje."


@pytest.fixture
def meeting(sandefjord):
    return factories.event(
        sandefjord,
        title="Dialogmøte",
        city="Sandefjord",
        venue="Hemmelighuset",
        address="Kirkegata 3",
        place_for_public=0,
        place_for_invited=1,
    )


@contextmanager
def _refused():
    """The reason names the word for staff, and keeps it out of what a log would show."""
    with pytest.raises(Refused) as refused:
        yield
    assert "Kirkegata" in refused.value.words
    assert "Kirkegata" not in str(refused.value)


def said(found: Letter) -> str:
    return found.subject + found.text + found.html + found.calendar.decode()


def test_no_message_about_a_change_tells_the_place_to_somebody_who_has_not_said_yes(meeting, kari):
    invited(meeting)
    moved = later(meeting)
    with _refused():
        tell(moved, by=kari, message=TOLD)
    assert (mails(meeting.tenant, "update"), of(moved).told_sequence) == ([], 0)


def test_a_message_to_those_alone_who_come_may_tell_the_place(meeting, kari):
    row = invited(meeting, reply="accepted")
    invited(meeting, "Omar Haddad")
    assert tell(later(meeting), who="chosen", chosen=(row.pk,), by=kari, message=TOLD) == 1


def test_who_is_asked_again_counts_as_one_who_has_not_said_yes(meeting, kari):
    invited(meeting, reply="accepted")
    with pytest.raises(Refused):
        tell(later(meeting), by=kari, message=TOLD, asks_again=True)


def test_the_page_says_so_beside_the_message_and_keeps_what_was_typed(meeting, kari, at_desk):
    row, client = invited(meeting), at_desk(kari)
    moved = later(meeting)
    at = {"tenant": "sandefjord", "pk": moved.pk}
    page = client.post(
        reverse("event-tell", kwargs=at), {"sequence": moved.sequence, "who": "all", "message": TOLD}
    )
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["message"])
    assert TOLD in page.content.decode()
    page = client.post(reverse("chase", kwargs=at), {"chosen": [row.pk], "message": TOLD})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["message"])
    assert TOLD in page.content.decode()


def test_no_request_for_an_answer_tells_the_place(meeting, kari):
    row = invited(meeting)
    with _refused():
        reminders.chase(meeting, by=kari, chosen=[row.pk], message=TOLD)
    assert mails(meeting.tenant, "chase") == []


@pytest.mark.parametrize("kind", ["update", "cancellation", "chase"])
def test_own_words_that_tell_the_place_are_found_when_the_mail_is_written(meeting, kari, kind):
    row = invited(meeting)
    revision = later(meeting).sequence if kind == "update" else 0
    if kind == "cancellation":
        Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(
            state="cancelled", cancelled_at=row.invited_at
        )
    mail = sent(row, "claimed", kind=kind, revision=revision)
    assert isinstance(letter(mail), Letter)
    drafting.write_words(
        meeting.tenant,
        by=kari,
        kind=kind,
        language=row.language,
        subject="Nytt",
        body=f"Hei {{name}},\n\n{TOLD}",
    )
    with _refused():
        composed(kind, [mail])


def test_who_is_withdrawn_after_a_yes_is_not_told_the_new_place(meeting, kari):
    row = invited(meeting, reply="accepted")
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(venue="Nyhuset", address="Skolegata 9")
    assert telling.withdraw(Invitation.objects.of(meeting.tenant).get(pk=row.pk), by=kari, tell=True)
    mail = OutgoingMail.objects.of(meeting.tenant).get(kind="cancellation")
    text = said(letter(mail))
    assert [word for word in ("Nyhuset", "Skolegata") if word in text] == []


@pytest.mark.parametrize("facts", [{"purpose": TOLD}, {"title": "Møte i Hemmelighuset"}])
def test_no_letter_on_paper_tells_the_place(meeting, kari, at_desk, facts):
    row = factories.invitation(
        meeting, contact=factories.contact(meeting.tenant, email="", address="Torget 1"), channel="letter"
    )
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(**facts)
    with pytest.raises(Refused):
        lettering.make_letters(of(meeting), by=kari, ids=[row.pk])
    page = at_desk(kari).post(
        reverse("invitation-letters-pdf", kwargs={"tenant": "sandefjord", "pk": meeting.pk}),
        {"invitations": str(row.pk)},
        follow=True,
    )
    assert "application/pdf" not in page["Content-Type"]
    assert [str(message.level_tag) for message in page.context["messages"]] == ["error"]


def test_no_note_in_a_letter_on_paper_tells_the_place(meeting, kari):
    person = factories.contact(meeting.tenant, email="", address="Torget 1")
    row = factories.invitation(meeting, contact=person, channel="letter", note=TOLD)
    with _refused():
        lettering.make_letters(of(meeting), by=kari, ids=[row.pk])

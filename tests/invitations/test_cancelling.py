"""Calling off (issue 3, point 8): CANCEL with the same UID to those who know, and to nobody who was never invited."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.gatherings.revisions import somebody_to_tell
from invites.invitations import imip
from invites.invitations import services as inviting
from invites.invitations.models import Invitation
from invites.invitations.telling import services as telling
from invites.invitations.telling.models import Telling
from invites.post import moves, outbox
from invites.post.letters import Letter, Postponed, Withheld
from invites.post.models import OutgoingMail
from tests.factories import event, tenant
from tests.invitations.telling import (
    STATE,
    deliver,
    fresh,
    invited,
    letter,
    mails,
    of,
    read,
    sent,
    tell,
    told,
)

KIND = "cancellation"


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Dialogmøte om tillit", capacity=5, contact_phone="33 41 60 00")


def cancel(row, by=None, reason="Intern grunn"):
    gatherings.cancel(of(row), by=by, reason=reason)
    return of(row)


def test_a_cancellation_is_a_cancel_with_the_same_uid_and_a_higher_sequence(meeting, sandefjord):
    row = invited(meeting, reply="accepted")
    before = read(letter(mails(sandefjord, "invitation")[0]).calendar)[1]
    now = cancel(meeting)
    assert (now.sequence, somebody_to_tell(now)) == (1, True)
    assert tell(now, "open") == 1
    (mail,) = mails(sandefjord, KIND)
    assert (mail.series, mail.revision, mail.give_up_at) == ("invitation", 1, now.starts_at)
    notice = letter(mail)
    two_hours_before = now.starts_at - dt.timedelta(hours=2)
    assert (notice.give_up_at, notice.useless_from) == (two_hours_before, now.starts_at)
    method, vevent = read(notice.calendar)
    assert (method, notice.method, str(vevent["STATUS"])) == ("CANCEL", "CANCEL", "CANCELLED")
    assert (vevent["UID"], int(vevent["SEQUENCE"])) == (before["UID"], 1)
    assert str(vevent["ATTENDEE"]) == "mailto:amina@moske.example"
    assert str(vevent["ORGANIZER"]) == f"mailto:{notice.sender.email}"
    assert notice.sender == notice.reply_to
    assert notice.sender.email.partition("@")[0] == f"svar-{row.reply_token}"


def test_the_words_of_a_cancellation(meeting, sandefjord):
    row = invited(meeting)
    tell(cancel(meeting), "all", message="Foreleseren er syk.")
    notice = letter(mails(sandefjord, KIND)[0])
    for part in (notice.text, notice.html):
        assert ("Dialogmøte om tillit" in part, "Foreleseren er syk." in part) == (True, True)
        assert ("33 41 60 00" in part, "kari@sandefjord.example" in part) == (True, True)
        assert ("Intern grunn" in part, row.token in part) == (False, False)


def test_a_cancel_is_written_as_it_always_was():
    """One golden file, so that a change of the bytes is seen."""
    from tests.calendar.facts import STAMP, at, golden, meeting

    shown = meeting(at("Europe/Oslo", 2026, 12, 3, 17), title="Dialogmøte; om tillit", sequence=2)
    with translation.override("nb"):
        part = imip.cancellation(shown, stamped_at=STAMP)
    written = part.to(
        organizer=("Sandefjord kommune", "svar-abc@moteplass.example"),
        attendee=("Åse Ødegård", "ase@forening.example"),
        role=part.standing("accepted"),
    )
    golden("cancel_for_one_attendee", written)


# --- Nobody who was never invited -----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["queued", "claimed"])
def test_who_was_not_reached_is_not_told_and_gets_no_invitation(meeting, sandefjord, state):
    row = invited(meeting, state=state)
    assert tell(cancel(meeting), "all") == 0
    assert (mails(sandefjord, KIND), mails(sandefjord, "invitation")[0].state) == ([], STATE.CANCELLED)
    assert row.revoked_at is None


def test_unsent_invitations_are_called_off_also_when_nobody_is_told(meeting, sandefjord):
    invited(meeting, state="queued")
    invited(meeting, "Bo Berg")
    tell(cancel(meeting), "nobody")
    assert sorted(mail.state for mail in mails(sandefjord, "invitation")) == ["accepted", "cancelled"]
    assert mails(sandefjord, KIND) == []


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        ("accepted", Letter),
        ("unknown", Letter),
        ("failed", Withheld),
        ("cancelled", Withheld),
        ("calling", Postponed),
    ],
)
def test_who_was_just_being_written_to_is_told_only_if_the_mail_went_out(meeting, sandefjord, ended, outcome):
    row = invited(meeting, state="calling")
    assert tell(cancel(meeting), "all") == 1
    OutgoingMail.objects.of(sandefjord).filter(kind="invitation", subject_id=row.pk).update(state=ended)
    assert type(letter(mails(sandefjord, KIND)[0])) is outcome


def test_a_bounced_invitation_is_followed_by_no_cancellation(meeting, sandefjord):
    row = invited(meeting, mail=False)
    sent(row, delivery="bounced")
    now = cancel(meeting)
    assert (tell(now, "all"), somebody_to_tell(of(meeting))) == (0, False)


def test_by_default_those_who_said_no_are_left_alone(meeting, sandefjord):
    from invites.invitations.telling.showing import situation

    invited(meeting, "Amina Noor")
    invited(meeting, "Bo Berg", reply="declined")
    now = cancel(meeting)
    assert situation(now).initial()["who"] == "open"
    tell(now, "open")
    assert told(sandefjord, KIND) == ["amina"]


def test_a_cancelled_draft_and_one_without_invitees_wait_for_nothing(sandefjord):
    assert somebody_to_tell(cancel(event(sandefjord, state="draft"))) is False
    assert somebody_to_tell(cancel(event(sandefjord))) is False


def test_after_the_start_nobody_is_told_any_more(meeting, sandefjord):
    invited(meeting)
    now = cancel(meeting)
    tell(now, "all")
    Event.objects.of(sandefjord).filter(pk=now.pk).update(starts_at=timezone.now() - dt.timedelta(minutes=1))
    assert isinstance(letter(mails(sandefjord, KIND)[0]), Withheld)
    with pytest.raises(telling.NotTellable):
        tell(now, "all")


def test_a_cancellation_after_an_update_goes_out_and_the_update_does_not(meeting, sandefjord):
    from tests.invitations.telling import later

    invited(meeting)
    tell(later(meeting))
    tell(cancel(meeting), "all")
    assert mails(sandefjord, "update")[0].state == STATE.CANCELLED
    assert read(letter(mails(sandefjord, KIND)[0]).calendar)[1]["SEQUENCE"] == 2


@pytest.mark.django_db(transaction=True)
def test_cancelled_in_the_middle_of_a_send_only_those_reached_are_told_and_after_it_nobody_is_invited(
    monkeypatch,
):
    """Two workers, a slow transport, real threads on both databases."""
    from tests.post import kit

    arrived, lock = [], threading.Lock()

    def put():
        def slow(sent_letter):
            time.sleep(0.004)
            with lock:
                arrived.append((sent_letter.to.email, sent_letter.method))
            return kit.accepted("id")

        return kit.Scripted(*[slow] * 500)

    monkeypatch.setattr(outbox, "current_transport", put)
    monkeypatch.setattr(outbox, "BATCH", 10)
    meeting = event(tenant())
    rows = [invited(meeting, f"Person{n} X", mail=False) for n in range(60)]
    outbox.enqueue("invitation", tenant=meeting.tenant, items=[(row.pk, row.contact.email) for row in rows])

    def work():
        try:
            deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(0.1)
    tell(cancel(meeting), "all")
    for worker in workers:
        worker.join()
    for _turn in range(5):
        OutgoingMail.objects.of(meeting.tenant).filter(state="queued").update(due_at=timezone.now())
        deliver()
    said: dict[str, list[str]] = {}
    for address, method in arrived:
        said.setdefault(address, []).append(method)
    assert set(map(tuple, said.values())) == {("REQUEST", "CANCEL")}
    assert 0 < len(said) < 60


# --- One invitation -------------------------------------------------------------------------------------------------
def test_who_is_withdrawn_is_told_of_the_invitation_not_of_the_meeting(meeting, sandefjord, kari):
    row = invited(meeting, reply="accepted")
    assert telling.withdraw(fresh(row), by=kari, tell=True) is True
    assert telling.withdraw(fresh(row), by=kari, tell=True) is False
    (mail,) = mails(sandefjord, KIND)
    notice = letter(mail)
    method, vevent = read(notice.calendar)
    assert (method, str(vevent["STATUS"]), int(vevent["SEQUENCE"])) == (
        "CANCEL",
        "CANCELLED",
        meeting.sequence,
    )
    assert vevent.decoded("DTSTAMP") == fresh(row).revoked_at.replace(microsecond=0)
    assert "Invitasjonen er trukket tilbake" in str(vevent["SUMMARY"])
    assert notice.subject.startswith("Invitasjonen er trukket tilbake")
    for part in (notice.subject, notice.text, notice.html, str(vevent["SUMMARY"])):
        assert "avlyst" not in part.lower()
    assert fresh(row).revoked_at is not None
    entry = AuditEntry.objects.of(sandefjord).get(action="invitation.withdrawal_told")
    assert "Amina" not in entry.words()


@pytest.mark.parametrize(("state", "tells"), [("accepted", False), ("queued", True), ("failed", True)])
def test_who_was_not_reached_or_shall_not_be_told_gets_no_mail(meeting, sandefjord, state, tells):
    row = invited(meeting, state=state)
    assert telling.withdraw(fresh(row), by=None, tell=tells) is False
    assert mails(sandefjord, KIND) == []
    assert fresh(row).revoked_at is not None


def test_a_withdrawn_person_is_not_told_when_the_meeting_is_cancelled_later(meeting, sandefjord):
    row = invited(meeting)
    telling.withdraw(fresh(row), by=None, tell=True)
    invited(meeting, "Bo Berg")
    tell(cancel(meeting), "all")
    assert [(mail.to_address, mail.revision) for mail in mails(sandefjord, KIND)] == [
        ("amina@moske.example", 0),
        ("bo@moske.example", 1),
    ]


def test_somebody_invited_anew_after_a_withdrawal_gets_the_invitation(meeting, sandefjord, kari):
    row = invited(meeting)
    telling.withdraw(fresh(row), by=kari, tell=True)
    inviting.invite(of(meeting), by=kari, contacts=[row.contact])
    again = Invitation.objects.of(sandefjord).valid().get(contact=row.contact)
    (mail,) = [mail for mail in mails(sandefjord, "invitation") if mail.subject_id == again.pk]
    assert isinstance(letter(mail), Letter)


def test_what_is_decided_of_a_cancellation_is_kept(meeting, sandefjord, kari):
    invited(meeting)
    tell(cancel(meeting), "all", by=kari)
    assert Telling.objects.of(sandefjord).get().number == 1
    assert AuditEntry.objects.of(sandefjord).filter(action="event.told_cancelled").count() == 1
    assert moves.claim(10, by="worker")[0].kind == KIND

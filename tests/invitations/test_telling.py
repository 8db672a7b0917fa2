"""Telling those invited of a change (issue 3, point 8): a decision of its own, one combined update, the newest wins."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.gatherings.models import Event
from events.gatherings.revisions import PastRevision, somebody_to_tell
from invites.answers import services as answers
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.invitations.telling import people
from invites.invitations.telling import services as telling
from invites.invitations.telling.models import Telling
from invites.post import moves, outbox
from invites.post.letters import Letter, Postponed, Withheld
from invites.post.models import OutgoingMail
from tests.factories import event, tenant
from tests.invitations.telling import (
    STATE,
    change,
    deliver,
    fresh,
    invited,
    later,
    letter,
    mails,
    of,
    read,
    say,
    sent,
    tell,
    told,
)

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Dialogmøte om tillit", capacity=5, contact_phone="33 41 60 00")


# --- Whether anybody is to be told ----------------------------------------------------------------------------------
def test_a_typo_tells_nobody_and_keeps_all_answers(meeting, sandefjord):
    row = invited(meeting, reply="accepted")
    now = change(meeting, title="Dialogmøte om tillit i byen", chair="Berit Ordfører")
    assert (now.sequence, somebody_to_tell(now), fresh(row).reply) == (0, False, "accepted")
    assert PastRevision.objects.of(sandefjord).count() == 0


def test_a_new_time_waits_to_be_told_only_when_somebody_knows_the_old_one(meeting):
    moved = later(meeting)
    assert (moved.has_untold_change, somebody_to_tell(moved)) == (True, False)
    invited(moved, "Nyspurt Person")  # invited after the change: the mail said what holds now
    assert somebody_to_tell(of(moved)) is False
    invited(moved, "Amina Noor", revision=0)
    assert somebody_to_tell(of(moved)) is True


def test_what_has_begun_waits_for_no_notice(sandefjord):
    now = timezone.now()
    row = event(sandefjord, starts_at=now - DAY / 24, ends_at=now + DAY, answer_by=None, sequence=1)
    invited(row, revision=0)
    assert somebody_to_tell(row) is False


def test_dashboard_and_page_find_the_same_untold_events(meeting, sandefjord, kristiansand):
    invited(meeting)
    other = event(kristiansand)
    invited(other)
    later(other)
    assert list(people.untold(sandefjord)) == []
    moved = later(meeting)
    assert list(people.untold(sandefjord)) == [moved]
    tell(moved, "nobody")
    assert list(people.untold(sandefjord)) == []


# --- Whom -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("all", ["amina", "bo", "cecilie", "david"]),
        ("open", ["amina", "bo", "david"]),
        ("coming", ["amina", "bo"]),
        ("chosen", ["cecilie"]),
        ("nobody", []),
    ],
)
def test_those_are_told_whom_the_organiser_chose(meeting, sandefjord, kari, who, names):
    rows = [
        invited(meeting, name, reply=reply)
        for name, reply in (
            ("Amina", "accepted"),
            ("Bo", "tentative"),
            ("Cecilie", "declined"),
            ("David", ""),
        )
    ]
    moved = later(meeting)
    assert tell(moved, who, by=kari, chosen=(rows[2].pk,)) == len(names)
    assert told(sandefjord) == names
    kept = Telling.objects.of(sandefjord).get()
    assert (kept.who, kept.number, kept.sequence, kept.by) == (who, len(names), 1, kari)
    assert (of(moved).has_untold_change, somebody_to_tell(of(moved))) == (False, False)


def test_several_edits_before_telling_are_one_update_from_what_was_told_last(meeting, sandefjord):
    invited(meeting)
    first = later(meeting)
    second = change(first, venue="Folkets hus", room="Storsalen", address="Torget 4")
    assert tell(second) == 1
    (mail,) = mails(sandefjord, "update")
    assert mail.revision == second.sequence == 2
    old, new = meeting.starts_local, second.starts_local
    text = letter(mail).text
    assert (f"{old.day}. " in text, f"{new.day}. " in text) == (True, True)
    assert f"{old:%H:%M}" in text


def test_each_is_told_what_is_new_to_them(meeting, sandefjord):
    invited(meeting, "Amina Noor", reply="accepted")
    moved = later(meeting, 7)
    tell(moved)
    deliver()
    invited(of(moved), "Bo Berg", reply="accepted")
    again = change(of(moved), room="Storsalen")
    assert tell(again) == 2
    deliver_to = {
        mail.to_address: letter(mail).text for mail in mails(sandefjord, "update") if mail.revision == 2
    }
    for text in deliver_to.values():  # both know the new day, so only the room is new
        assert "Møterom 3" in text
        assert f"{meeting.starts_local.day}. " not in text


def test_a_second_click_tells_nobody_more(meeting, sandefjord):
    invited(meeting)
    moved = later(meeting)
    assert [tell(moved), tell(moved), tell(moved, "nobody")] == [1, 0, 0]
    assert (len(mails(sandefjord, "update")), Telling.objects.of(sandefjord).count()) == (1, 1)


def test_nobody_can_be_taken_back(meeting, sandefjord):
    invited(meeting)
    moved = later(meeting)
    assert [tell(moved, "nobody"), tell(moved, "nobody"), tell(moved)] == [0, 0, 1]
    assert Telling.objects.of(sandefjord).get().who == "all"


def test_who_opened_the_page_before_another_change_is_not_obeyed(meeting, sandefjord):
    invited(meeting)
    moved = later(meeting)
    later(moved)
    with pytest.raises(telling.NotTellable):
        tell(moved)
    assert (mails(sandefjord, "update"), of(meeting).told_sequence) == ([], 0)


def test_who_was_invited_after_the_change_is_not_told_of_it(meeting, sandefjord):
    invited(meeting)
    moved = later(meeting)
    invited(moved, "Bo Berg")
    assert tell(moved) == 1
    assert told(sandefjord) == ["amina"]


def test_a_withdrawn_invitation_is_told_of_no_change(meeting, sandefjord):
    row = invited(meeting)
    moved = later(meeting)
    Invitation.objects.of(sandefjord).filter(pk=row.pk).update(revoked_at=timezone.now())
    assert tell(moved) == 0


def test_those_reached_by_letter_or_telephone_or_by_no_mail_are_told_by_hand(meeting):
    invited(meeting, "Amina Noor")
    invited(meeting, "Lars Brev", mail=False, channel="letter")
    invited(meeting, "Tor Telefon", mail=False, channel="phone")
    invited(meeting, "Frida Feil", state="failed")
    bounced = invited(meeting, "Bo Bounce", mail=False)
    sent(bounced, delivery="bounced")
    moved = later(meeting)
    invited(moved, "Ny Brev", mail=False, channel="letter")  # asked after the change
    names = [row.contact.name for row in people.by_hand(moved)]
    assert names == ["Bo Bounce", "Frida Feil", "Lars Brev", "Tor Telefon"]
    assert [row.contact.name for row in people.to_tell(moved)] == ["Amina Noor"]


# --- The mail -------------------------------------------------------------------------------------------------------
def test_the_update_is_a_request_with_the_same_uid_and_a_higher_sequence(meeting, sandefjord):
    row = invited(meeting)
    before = letter(mails(sandefjord, "invitation")[0])
    moved = later(meeting)
    tell(moved)
    update = letter(mails(sandefjord, "update")[0])
    assert isinstance(update, Letter)
    method, event_now = read(update.calendar)
    _method, event_before = read(before.calendar)
    assert (method, update.method) == ("REQUEST", "REQUEST")
    assert event_now["UID"] == event_before["UID"]
    assert event_now["SEQUENCE"] == 1
    assert event_now.decoded("DTSTART") == moved.starts_at
    assert str(event_now["ATTENDEE"]) == "mailto:amina@moske.example"
    address = f"mailto:{update.sender.email}"
    assert (str(event_now["ORGANIZER"]), update.reply_to) == (address, update.sender)
    assert update.sender.email == f"svar-{row.reply_token}@{update.sender.email.partition('@')[2]}"


def test_the_place_is_told_as_far_as_each_may_see(meeting, sandefjord):
    invited(meeting, "Amina Noor", reply="accepted")
    invited(meeting, "Bo Berg")
    moved = change(meeting, venue="Folkets hus", room="Storsalen", address="Torget 4")
    tell(moved)
    letters = {mail.to_address: letter(mail) for mail in mails(sandefjord, "update")}
    yes, silent = letters["amina@moske.example"], letters["bo@moske.example"]
    for part in (yes.text, yes.html, yes.calendar.decode().replace("\r\n ", "")):
        assert "Storsalen" in part
    for part in (silent.text, silent.html, silent.calendar.decode().replace("\r\n ", "")):
        for hidden in ("Storsalen", "Folkets hus", "Torget 4", "Møterom 3", "Rådhusgata"):
            assert hidden not in part


def test_an_answer_that_still_counts_is_kept_in_the_calendar(meeting, sandefjord):
    invited(meeting, "Amina Noor", reply="accepted")
    invited(meeting, "Bo Berg", reply="tentative")
    moved = change(meeting, room="Storsalen")
    tell(moved)
    letters = {mail.to_address: letter(mail) for mail in mails(sandefjord, "update")}
    stands = {to: read(each.calendar)[1]["ATTENDEE"].params["PARTSTAT"] for to, each in letters.items()}
    assert stands == {"amina@moske.example": "ACCEPTED", "bo@moske.example": "TENTATIVE"}
    assert "?answer=accepted" not in letters["amina@moske.example"].text


def test_answer_buttons_come_where_no_answer_stands(meeting, sandefjord):
    row = invited(meeting)
    tell(later(meeting))
    update = letter(mails(sandefjord, "update")[0])
    for part in (update.text, update.html):
        assert f"/rsvp/{row.token}/?answer=accepted" in part


def test_the_organisers_message_reaches_everybody_and_is_text(meeting, sandefjord):
    invited(meeting)
    tell(later(meeting), message="Salen var opptatt.\n<b>Beklager</b>")
    update = letter(mails(sandefjord, "update")[0])
    assert "Salen var opptatt.\n<b>Beklager</b>" in update.text
    assert "&lt;b&gt;Beklager&lt;/b&gt;" in update.html


def test_ten_updates_cost_as_many_queries_as_one(meeting, sandefjord, django_assert_num_queries):
    for n in range(10):
        invited(meeting, f"Person{n} Etternavn")
    tell(later(meeting))
    rows = mails(sandefjord, "update")
    from tests.invitations.telling import composed

    with django_assert_num_queries(8):
        composed("update", rows[:1])
    with django_assert_num_queries(8):
        composed("update", rows)


# --- Asking again ---------------------------------------------------------------------------------------------------
def test_asking_again_takes_answers_back_frees_seats_and_keeps_the_history(meeting, sandefjord):
    yes = invited(meeting, "Amina Noor", reply="accepted")
    no = invited(meeting, "Bo Berg", reply="declined")
    assert of(meeting).seats_taken == 1
    tell(later(meeting), asks_again=True)
    now = of(meeting)
    assert (now.answers_from_sequence, now.seats_taken) == (1, 0)
    assert [(fresh(row).reply, fresh(row).replied_at) for row in (yes, no)] == [("", None)] * 2
    assert [list(row.answers.values_list("reply", "event_sequence")) for row in (yes, no)] == [
        [("accepted", 0)],
        [("declined", 0)],
    ]
    update = letter(mails(sandefjord, "update")[0])
    assert read(update.calendar)[1]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_only_those_told_are_asked_again(meeting):
    yes, no = invited(meeting, "Amina Noor", reply="accepted"), invited(meeting, "Bo Berg", reply="declined")
    tell(later(meeting), "coming", asks_again=True)
    assert [fresh(row).reply for row in (yes, no)] == ["", "declined"]


def test_an_answer_to_the_new_time_given_before_the_mail_stands(meeting):
    row = invited(meeting, reply="tentative")
    moved = later(meeting)
    say(row, "accepted")  # the page shows the new time already
    tell(moved, asks_again=True)
    assert (fresh(row).reply, of(moved).seats_taken) == ("accepted", 1)


def test_without_asking_again_all_answers_stand(meeting):
    row = invited(meeting, reply="accepted")
    tell(later(meeting))
    assert (fresh(row).reply, of(meeting).seats_taken, of(meeting).answers_from_sequence) == (
        "accepted",
        1,
        0,
    )


def test_an_answer_meant_for_the_old_time_is_not_taken(meeting, sandefjord):
    row = invited(meeting)
    tell(later(meeting), asks_again=True)
    with pytest.raises(answers.Moved):
        say(row, "accepted", to_sequence=0)
    assert Answer.objects.of(sandefjord).count() == 0
    assert say(row, "accepted", to_sequence=1).event_sequence == 1


def test_a_page_that_was_open_since_before_says_why_and_keeps_what_was_typed(client, meeting, sandefjord):
    row = invited(meeting)
    link = f"/rsvp/{row.token}/?lang=en"
    assert 'name="sequence" value="0"' in client.get(link).content.decode()
    tell(later(meeting), asks_again=True)
    refused = client.post(link, {"answer": "accepted", "comment": "Gleder meg", "sequence": "0"})
    page = refused.content.decode()
    assert (refused.status_code, "Gleder meg" in page, 'name="sequence" value="1"' in page) == (
        409,
        True,
        True,
    )
    assert "Time or place is new since you opened this page." in page
    assert client.post(link, {"answer": "accepted", "sequence": "1"}).status_code == 302
    assert fresh(row).reply == "accepted"


@pytest.mark.parametrize("nonsense", ["x", "-1", "٣", "1" * 9, ""])
def test_a_sequence_that_is_none_never_hinders_an_answer(client, meeting, nonsense):
    row = invited(meeting)
    response = client.post(f"/rsvp/{row.token}/", {"answer": "accepted", "sequence": nonsense})
    assert (response.status_code, fresh(row).reply) == (302, "accepted")
    assert row.answers.get().event_sequence == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_answers_given_while_the_organiser_asks_again_never_leave_a_seat_or_an_old_yes(monkeypatch, turn):
    """Real threads on both databases: some say yes, some change to no, while the answers are taken back."""
    from tests.answers.test_last_seat import all_at_once

    meeting = event(tenant(), capacity=40)
    rows = [invited(meeting, f"Person{n} X", reply="accepted" if n % 2 else "") for n in range(24)]
    moved, old = later(meeting), [fresh(row) for row in rows]
    for row in old:
        row.event.sequence = 0  # as read by a page that was opened before the change

    def answer(row):
        def job():
            answers.answer(
                row, reply="declined" if row.reply else "accepted", comment="", source="web", to_sequence=0
            )

        return job

    jobs = [answer(row) for row in old]
    jobs.insert(turn * 6, lambda: tell(moved, asks_again=True))
    results = all_at_once(jobs)
    assert set(results) <= {"ok", "Moved"}
    now = of(moved)
    standing = Invitation.objects.of(now.tenant).filter(event=now).exclude(reply="")
    assert (now.seats_taken, standing.count()) == (0, 0)


# --- A running send -------------------------------------------------------------------------------------------------
def test_a_mail_that_a_worker_has_written_but_not_handed_over_is_written_anew(meeting, sandefjord):
    row = invited(meeting, mail=False)
    outbox.enqueue("invitation", tenant=sandefjord, items=[(row.pk, "amina@moske.example")], revision=0)
    held = moves.claim(10, by="worker")
    moved = later(meeting)
    assert tell(moved) == 0  # nobody has got anything yet
    assert [moves.is_mine(mail) for mail in held] == [False]
    (mail,) = mails(sandefjord, "invitation")
    assert mail.state == STATE.QUEUED
    assert read(letter(mail).calendar)[1].decoded("DTSTART") == moved.starts_at


def test_an_update_waits_while_the_older_mail_is_being_handed_over(meeting, sandefjord):
    row = invited(meeting, state="calling")
    moved = later(meeting)
    assert tell(moved) == 1
    (mail,) = mails(sandefjord, "update")
    assert isinstance(letter(mail), Postponed)
    assert deliver() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (STATE.QUEUED, 0)
    OutgoingMail.objects.of(sandefjord).filter(kind="invitation", subject_id=row.pk).update(state="unknown")
    assert isinstance(letter(mail), Letter)


def test_the_newest_update_wins(meeting, sandefjord):
    invited(meeting)
    first = later(meeting)
    tell(first)
    second = later(first)
    tell(second)
    older, newer = mails(sandefjord, "update")
    withheld = letter(older)
    assert isinstance(withheld, Withheld)
    assert withheld.state == STATE.SUPERSEDED
    assert isinstance(letter(newer), Letter)


@pytest.mark.parametrize("why", ["cancelled", "begun", "withdrawn"])
def test_no_update_goes_out_for_what_is_off(meeting, sandefjord, why):
    row = invited(meeting)
    tell(later(meeting))
    (mail,) = mails(sandefjord, "update")
    now = timezone.now()
    rows = Event.objects.of(sandefjord).filter(pk=meeting.pk)
    if why == "cancelled":
        rows.update(state="cancelled", cancelled_at=now)
    elif why == "begun":
        rows.update(starts_at=now - DAY)
    else:
        Invitation.objects.of(sandefjord).filter(pk=row.pk).update(revoked_at=now)
    assert isinstance(letter(mail), Withheld)


@pytest.mark.django_db(transaction=True)
def test_during_a_running_send_nobody_gets_an_old_revision_after_a_new_one(monkeypatch):
    """Two workers and a slow transport send invitations; in the middle the meeting moves and everybody is told."""
    from tests.post import kit

    arrived, lock = [], threading.Lock()

    def put():
        def slow(sent_letter):
            time.sleep(0.004)
            with lock:
                arrived.append((sent_letter.to.email, int(read(sent_letter.calendar)[1]["SEQUENCE"])))
            return kit.accepted("id")

        return kit.Scripted(*[slow] * 500)

    monkeypatch.setattr(outbox, "current_transport", put)
    monkeypatch.setattr(outbox, "BATCH", 10)
    meeting = event(tenant())
    rows = [invited(meeting, f"Person{n} X", mail=False) for n in range(60)]
    items = [(row.pk, row.contact.email) for row in rows]
    outbox.enqueue("invitation", tenant=meeting.tenant, items=items, revision=0)

    def work():
        try:
            deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(0.1)
    tell(later(meeting))
    for worker in workers:
        worker.join()
    for _turn in range(5):
        OutgoingMail.objects.of(meeting.tenant).filter(state="queued").update(due_at=timezone.now())
        deliver()
    latest = {}
    for address, sequence in arrived:
        assert sequence >= latest.get(address, 0), address
        latest[address] = sequence
    assert set(latest) == {row.contact.email for row in rows}
    assert set(latest.values()) == {1}


def test_the_audit_trail_tells_it_without_names(meeting, sandefjord, kari):
    invited(meeting)
    tell(later(meeting), by=kari)
    entry = AuditEntry.objects.of(sandefjord).filter(action="event.told").get()
    with translation.override("en"):
        assert entry.words() == "Kari Koordinator told 1 invitees of the change to “Dialogmøte om tillit”."

"""The kill switch, followed through real mails: what a locked event still shows to anybody without an account."""

import datetime as dt
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from events.audit import AuditEntry
from events.calendar import services as feeds
from events.gatherings import locking
from events.gatherings.models import Event
from events.tenancy.models import Membership
from invites.answers import services as answers
from invites.answers.models import Answer
from invites.invitations.lettering import codes
from invites.invitations.models import Invitation
from invites.invitations.reminders import services as reminders
from invites.invitations.services import NotInvitable, invite
from invites.invitations.waves import sending
from invites.invitations.waves.models import Wave, WaveMember
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, programme

SIGNS = ("Kanarimøte", "Kanarihuset", "Kanariveien", "Kanarirommet", "Kanaribyen", "Kanariformål", "Kari Kanari",
         "kanari@sandefjord.example", "video.kanari.example", "Kanariprogram")  # fmt: skip
State = OutgoingMail.State


@pytest.fixture(autouse=True)
def still_workers(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    row = event(
        sandefjord,
        title="Kanarimøte",
        purpose="Kanariformål",
        venue="Kanarihuset",
        address="Kanariveien 1",
        room="Kanarirommet",
        city="Kanaribyen",
        contact_name="Kari Kanari",
        contact_email="kanari@sandefjord.example",
        online_url="https://video.kanari.example/x",
        is_public=True,
    )
    programme(row, "Kanariprogram")
    return row


@pytest.fixture
def people(sandefjord):
    return [contact(sandefjord, email=f"gjest{n}@moske.example") for n in range(3)]


def mails() -> list[str]:
    """The text and HTML of every mail handed over so far."""
    found = []
    for path in sorted(Path(settings.MAIL_DIR).glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found += [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return [each if isinstance(each, str) else each.decode() for each in found]


def links(kari) -> set[str]:
    """Every address of ours in the mails, and those that no mail holds: files, feeds, the public page."""
    found = {
        link.removeprefix(settings.BASE_URL)
        for text in mails()
        for link in re.findall(re.escape(settings.BASE_URL) + r"/[^\s\"<>]*", text)
    }
    found = {link for link in found if link.startswith("/rsvp/")}
    assert found
    found |= {re.sub(r"\?.*", "", link) + "event.ics" for link in found}
    membership = Membership.objects.across_tenants("a test").get(user=kari)
    _feed, token = feeds.create(membership=membership, name="Kalender", nonce="1")
    meeting = Event.objects.across_tenants("a test").get(title="Kanarimøte")
    return found | {
        f"/calendar/{token}.ics",
        f"/calendar/{token}.ics?all",
        "/calendar/public/sandefjord.ics",
        "/calendar/public/sandefjord.ics?all",
        f"/events/{meeting.uid}/",
        "/",
    }


def shown(addresses: set[str]) -> set[str]:
    """What of the event any of these pages shows to somebody who is not signed in."""
    texts = [Client().get(address).content.decode().replace("\r\n ", "") for address in sorted(addresses)]
    return {sign for sign in SIGNS for text in texts if sign in text}


def test_after_the_lock_no_link_of_a_real_mail_shows_anything_and_unlocking_brings_all_back(
    meeting, people, kari
):
    invite(meeting, by=kari, contacts=people)
    outbox.deliver()
    first = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant").first()
    answers.answer(first, reply="accepted", comment="", source="web")
    outbox.deliver()
    addresses = links(kari)
    assert shown(addresses) == set(SIGNS)

    assert locking.lock(meeting, by=kari)
    assert shown(addresses) == set()
    pages = {
        address: Client().get(address) for address in addresses if address.startswith(("/rsvp", "/events"))
    }
    assert {page.status_code for page in pages.values()} == {410}
    assert len({page.content for page in pages.values()}) == 1
    assert {page["Cache-Control"] for page in pages.values()} == {"private, no-store"}

    assert locking.unlock(meeting, by=kari)
    assert shown(addresses) == set(SIGNS)


def test_a_calendar_that_asks_whether_anything_changed_is_told_so_at_once(client, meeting):
    kept = client.get("/calendar/public/sandefjord.ics")
    assert b"Kanarim" in kept.content
    assert kept["Cache-Control"] == "public, no-cache"
    assert (
        client.get("/calendar/public/sandefjord.ics", headers={"if-none-match": kept["ETag"]}).status_code
        == 304
    )
    locking.lock(meeting, by=None)
    anew = client.get("/calendar/public/sandefjord.ics", headers={"if-none-match": kept["ETag"]})
    assert anew.status_code == 200
    assert b"Kanarim" not in anew.content


def test_no_answer_is_taken_while_it_is_locked_from_nobody(client, meeting, people, kari):
    invite(meeting, by=kari, contacts=people)
    rows = Invitation.objects.of(meeting.tenant).select_related("event", "contact", "tenant")
    row = rows.first()
    locking.lock(meeting, by=kari)
    posted = client.post(f"/rsvp/{row.token}/", {"answer": "accepted", "sequence": 0})
    assert posted.status_code == 410
    for source in ("web", "phone", "calendar"):
        for read in (row, rows.get(pk=row.pk)):  # as it was read before the lock, and after
            with pytest.raises(answers.Closed):
                answers.answer(read, reply="accepted", comment="", source=source, by=kari)
    assert Answer.objects.of(meeting.tenant).count() == 0
    assert Event.objects.of(meeting.tenant).get().seats_taken == 0


def test_the_code_of_a_letter_leads_to_the_same_closed_page(client, meeting, people, kari):
    invite(meeting, by=kari, contacts=people)
    row = Invitation.objects.of(meeting.tenant).first()
    codes.seal(row)
    row.save(update_fields=["code_hash"])
    locking.lock(meeting, by=kari)
    came = client.post("/svar/", {"code": codes.code_of(row)}, follow=True)
    assert (came.status_code, came.content) == (410, client.get(f"/rsvp/{row.token}/").content)


def test_a_dead_link_stays_unknown_so_that_nothing_tells_which_event_is_locked(client, meeting, people, kari):
    invite(meeting, by=kari, contacts=people)
    row = Invitation.objects.of(meeting.tenant).first()
    Invitation.objects.of(meeting.tenant).filter(pk=row.pk).update(revoked_at=timezone.now())
    locking.lock(meeting, by=kari)
    assert client.get(f"/rsvp/{row.token}/").status_code == 404


def test_mails_wait_for_the_unlock_also_those_in_a_workers_hands(meeting, people, kari):
    invite(meeting, by=kari, contacts=people)
    waiting = OutgoingMail.objects.of(meeting.tenant).filter(kind="invitation")
    held = waiting.first()
    waiting.filter(pk=held.pk).update(state=State.CLAIMED, claimed_by="worker", claimed_at=timezone.now())
    locking.lock(meeting, by=kari)
    assert set(waiting.values_list("state", flat=True)) == {State.QUEUED}
    outbox.deliver()
    assert mails() == []
    assert set(waiting.values_list("state", flat=True)) == {State.QUEUED}
    assert waiting.filter(due_at__gt=timezone.now()).count() == 3

    locking.unlock(meeting, by=kari)
    waiting.update(due_at=timezone.now())
    outbox.deliver()
    assert set(waiting.values_list("state", flat=True)) == {State.ACCEPTED}


def test_waves_reminders_and_new_invitations_wait(meeting, people, kari):
    tenant = meeting.tenant
    wave = Wave.objects.create(
        tenant=tenant, event=meeting, number=1, due_at=timezone.now(), created_by=kari, in_quiet_hours=True
    )
    WaveMember.objects.create(tenant=tenant, wave=wave, contact=people[0])
    locking.lock(meeting, by=kari)
    assert sending.send_due() == 0
    with pytest.raises(NotInvitable):
        sending.send_early(wave, by=kari)
    with pytest.raises(NotInvitable):
        invite(meeting, by=kari, contacts=people)
    with pytest.raises(reminders.NotChasable):
        reminders.chase(meeting, by=kari, chosen=[])
    wave.refresh_from_db()
    assert wave.state == Wave.State.PLANNED
    locking.unlock(meeting, by=kari)
    assert sending.send_due() == 1


def test_a_wave_that_is_locked_while_it_is_being_sent_stays_planned(meeting, people, kari, monkeypatch):
    wave = Wave.objects.create(
        tenant=meeting.tenant,
        event=meeting,
        number=1,
        due_at=timezone.now(),
        created_by=kari,
        in_quiet_hours=True,
    )
    WaveMember.objects.create(tenant=meeting.tenant, wave=wave, contact=people[0])
    found = list(Wave.objects.of(meeting.tenant).due().select_related("event__tenant", "created_by"))
    locking.lock(meeting, by=kari)
    assert [sending._send_or_log(each) for each in found] == [0]
    wave.refresh_from_db()
    assert wave.state == Wave.State.PLANNED


def test_locking_is_audited_once_tells_nobody_and_changes_no_date(meeting, kari):
    before = Event.objects.of(meeting.tenant).values("sequence", "time_sequence", "changed_at", "state").get()
    assert [locking.lock(meeting, by=kari), locking.lock(meeting, by=kari)] == [True, False]
    assert (meeting.is_locked, meeting.locked_by) == (True, kari)
    assert [locking.unlock(meeting, by=kari), locking.unlock(meeting, by=kari)] == [True, False]
    after = Event.objects.of(meeting.tenant).values("sequence", "time_sequence", "changed_at", "state").get()
    assert before == after
    written = (
        AuditEntry.objects.of(meeting.tenant).about(meeting).order_by("pk").values_list("action", flat=True)
    )
    assert list(written) == ["event.locked", "event.unlocked"]


def test_staff_lock_and_unlock_with_one_button_each_and_see_a_banner_meanwhile(at_desk, meeting, kari, leif):
    desk, page = at_desk(kari), f"/t/sandefjord/events/{meeting.pk}/"
    assert b"/lock/" in desk.get(page).content
    assert desk.get(page + "lock/").status_code == 200
    assert not Event.objects.of(meeting.tenant).get().is_locked  # asking changes nothing
    desk.post(page + "lock/")
    for address in (page, page + "invitations/", page + "waves/", page + "call/"):
        assert b"/unlock/" in desk.get(address).content
    desk.post(page + "unlock/")
    assert b"/unlock/" not in desk.get(page).content
    assert at_desk(leif).post(page + "lock/").status_code == 403


def test_an_event_over_since_a_week_can_be_locked_too(client, meeting, people, kari):
    invite(meeting, by=kari, contacts=people)
    ago = timezone.now() - dt.timedelta(days=7)
    over = {"starts_at": ago, "ends_at": ago + dt.timedelta(hours=2), "answer_by": None}
    Event.objects.of(meeting.tenant).update(state="held", held_at=ago, **over)
    row = Invitation.objects.of(meeting.tenant).first()
    assert client.get(f"/rsvp/{row.token}/").status_code == 200
    locking.lock(meeting, by=kari)
    assert client.get(f"/rsvp/{row.token}/").status_code == 410

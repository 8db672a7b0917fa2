"""The invitee's page in every state on a telephone without JavaScript, and the organiser's pages around it."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation, programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = dt.timedelta(hours=1)
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def amina(sandefjord):
    meeting = event(
        sandefjord,
        title="Samarbeidsforum om trygghet",
        purpose="Trygghet i sentrum.\nVi vil høre fra dere.",
        chair="Berit Ordfører",
        capacity=3,
        waitlist="offer",
        online_url="https://video.example/forum",
        contact_phone="33 41 60 00",
    )
    programme(meeting, "Velkommen", "Samtale")
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(sandefjord, name="Amina Noor", phone="+47 900 00 001", organisation=mosque)
    return invitation(meeting, contact=person)


def say(row: Invitation, reply: str, comment: str = "") -> None:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    answers.answer(rows.get(pk=row.pk), reply=reply, comment=comment, source="web")


def shot(visitor, name: str) -> None:
    if SHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("language", "dark"), [("nb", False), ("en", True)])
def test_an_invitee_answers_changes_and_is_told_without_javascript(meet, amina, language, dark):
    Invitation.objects.of(amina.tenant).update(language=language)
    link = f"/rsvp/{amina.token}/"
    visitor = meet(language=language, phone=True, script=False, dark=dark)

    visitor.go(f"{link}?answer=accepted").reads("Samarbeidsforum om trygghet", "Who sees your answer")
    visitor.never_reads("Møterom 3", "video.example", "Amina Noor")
    shot(visitor, f"rsvp-{language}-{dark}")
    assert visitor.field("Yes, I will come").is_checked()
    visitor.press("Send answer").reads("Møterom 3", "https://video.example/forum", "Add to calendar")
    shot(visitor, f"rsvp-yes-{language}-{dark}")
    assert visitor.download("Add to calendar").startswith(b"BEGIN:VCALENDAR")

    visitor.follow("I cannot come after all")
    assert visitor.field("No, I cannot come after all").is_checked()
    visitor.fill("Comment", "Er bortreist").press("Send answer")
    visitor.reads("Er bortreist", "Change your answer").never_reads("Møterom 3")
    assert list(amina.answers.values_list("reply", flat=True)) == ["declined", "accepted"]


def test_the_page_tells_when_it_is_too_late_full_or_cancelled(meet, amina):
    link, now = f"/rsvp/{amina.token}/", timezone.now()
    visitor = meet(phone=True, script=False)
    rows = Event.objects.of(amina.tenant).filter(pk=amina.event_id)

    visitor.go(link).press("Send answer").reads("Choose yes, maybe or no.")
    shot(visitor, "rsvp-error")
    for _ in range(3):
        say(invitation(amina.event), "accepted")
    visitor.go(f"{link}?answer=accepted").reads("All seats are taken", "33 41 60 00")
    shot(visitor, "rsvp-full")
    rows.update(answer_by=now - HOUR)
    visitor.go(link).reads("The answer deadline has passed", "kari@sandefjord.example")
    visitor.tick("Yes, I will come").press("Ask the organiser").reads("The organiser has your request")
    shot(visitor, "rsvp-late")
    rows.update(state="cancelled", cancelled_at=now)
    visitor.go(link).reads("The meeting is cancelled")
    shot(visitor, "rsvp-cancelled")
    visitor.go("/rsvp/nosuchlink/", status=404).reads("This link does not work")
    shot(visitor, "rsvp-unknown")


@pytest.mark.parametrize("phone", [False, True])
def test_an_invitee_brings_somebody_joins_online_hesitates_and_cannot_come_after_all(meet, amina, phone):
    rows = Invitation.objects.of(amina.tenant).filter(pk=amina.pk)
    rows.update(quota=3)
    visitor, link = meet(phone=phone, script=False), f"/rsvp/{amina.token}/"

    shot(visitor.go(f"{link}?answer=accepted"), "rsvp-new")
    fold = visitor.say(
        "Who comes with you? (%(n)s person at most)", "Who comes with you? (%(n)s people at most)", n=2
    )
    visitor.open(fold).fill("Name", "Bashir", within=row_of(visitor, 1))
    visitor.press("Send answer").reads("With you:", "Bashir", "Add to calendar")
    shot(visitor, "rsvp-with-bashir")
    visitor.tick("Yes, I will take part online").press("Send answer").reads(
        f"{said(visitor, 'yes')}, {visitor.say('online')}"
    )
    shot(visitor, "rsvp-online")
    visitor.tick("Maybe").press("Send answer").reads(said(visitor, "maybe"))
    shot(visitor, "rsvp-maybe")
    visitor.go(link).tick("Yes, I will come").press("Send answer").follow("I cannot come after all")
    visitor.press("Send answer").reads(said(visitor, "no")).never_reads("Møterom 3")
    assert (rows.get().reply, rows.get().party) == ("declined", 1)


@pytest.mark.parametrize("phone", [False, True])
def test_who_finds_no_seat_reads_what_a_yes_means_and_takes_the_seat_on_offer(meet, amina, phone):
    rows, now = Invitation.objects.of(amina.tenant).filter(pk=amina.pk), timezone.now()
    for _ in range(3):
        say(invitation(amina.event), "accepted")
    visitor, link = meet(phone=phone, script=False), f"/rsvp/{amina.token}/"
    visitor.go(f"{link}?answer=accepted").reads("All seats are taken", "Yes, put me on the waiting list")
    shot(visitor, "rsvp-full-waitlist")
    rows.update(reply="waiting", replied_at=now, waiting_since=now)
    visitor.go(link).reads("You are on the waiting list", "No, take me off the waiting list")
    shot(visitor, "rsvp-waiting")
    rows.update(offered_until=now + 24 * HOUR)
    visitor.go(link).reads("Yes, I take the seat", "No, somebody else can have it")
    shot(visitor, "rsvp-offer")


def said(visitor, reply: str) -> str:
    return visitor.say("Your answer: %(reply)s", reply=visitor.say(reply))


def row_of(visitor, number: int):
    """The fold with the names of those who come along."""
    return visitor.page.locator(f"div:has(> #id_name_{number})")


@pytest.mark.parametrize("phone", [False, True])
def test_the_organisers_pages_of_invitations(meet, amina, kari, phone):
    visitor = meet(phone=phone)
    desk = Client()
    desk.force_login(kari, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = configured.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": desk.cookies[name].value, "url": visitor.base_url}
    visitor.context.add_cookies([cookie])
    tenant, page = amina.tenant, f"/t/sandefjord/events/{amina.event_id}/"

    police = organisation(tenant, name="Sandefjord politi", kind="police")
    for n, reply in enumerate(["accepted", "tentative", "declined", ""]):
        person = contact(tenant, name=f"Invitert {n}", organisation=police, phone="+47 900 00 00" + str(n))
        row = invitation(amina.event, contact=person)
        state = "failed" if n == 3 else "accepted"
        OutgoingMail.objects.create(
            tenant=tenant, kind="invitation", subject_id=row.pk, to_address=person.email, state=state
        )
        if reply:
            say(row, reply, "En kommentar som er litt lang, så den må brytes over flere linjer")
    for n in range(110):
        contact(
            tenant, name=f"Person {n:03}", email="" if n % 9 == 0 else f"p{n}@x.example", organisation=police
        )

    visitor.go(page + "invitations/")
    shot(visitor, "list")
    visitor.go(page + "invitations/?answer=accepted&q=zzz").reads("No invitee fits the search")
    visitor.go(page + "invite/?q=person")
    shot(visitor, "choose")
    visitor.tick("Person 001").press("Next page").tick("Person 050")
    visitor.press("See the mail before sending")
    shot(visitor, "preview")
    visitor.page.frame_locator("iframe").get_by_text("Samarbeidsforum").first.wait_for()
    visitor.press(visitor.say("Send %(n)s invitation", "Send %(n)s invitations", n=2))
    assert Invitation.objects.of(tenant).filter(contact__name__startswith="Person").count() == 2
    shot(visitor, "sent")
    visitor.go(f"/t/sandefjord/invitations/{amina.pk}/answer/")
    shot(visitor, "record")
    visitor.tick("Maybe").tick("By telephone").press("Save the answer")
    visitor.go(f"/t/sandefjord/invitations/{amina.pk}/withdraw/")
    shot(visitor, "withdraw")
    visitor.press("Withdraw the invitation")
    assert Invitation.objects.of(tenant).get(pk=amina.pk).revoked_at is not None
    kari.refresh_from_db()

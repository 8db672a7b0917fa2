"""The own page: who gets in, what it shows, what can be done there."""

import datetime as dt
import json

import pytest
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.directory.models import Contact
from events.gatherings import locking
from events.gatherings.models import Event
from invites.answers.needs import services as needs
from invites.answers.needs.kinds import NeedKind, Told
from invites.answers.needs.models import Need
from invites.answers.own import erasing, holdings, services
from invites.answers.own.models import OwnLink
from invites.answers.questions.values import row as answered
from invites.answers.services import answer
from invites.invitations.choosing import askable, tickable
from invites.invitations.models import Invitation
from invites.invitations.services import invite
from invites.invitations.waves.models import WaveMember
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation, question
from tests.own import scene


@pytest.fixture
def amina(sandefjord):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(
        sandefjord,
        name="Amina Noor",
        role="Imam",
        email="amina@moske.example",
        phone="911 22 333",
        organisation=mosque,
    )
    return invitation(event(sandefjord, title="Samarbeidsforum"), contact=person)


@pytest.fixture
def me(amina):
    """The path of a fresh own page."""
    return f"/me/{link_to(amina.contact).token}/"


def link_to(person: Contact) -> OwnLink:
    return services.send_link(person, language="nb")


def fresh(person: Contact) -> Contact:
    return Contact.objects.of(person.tenant).get(pk=person.pk)


def later(rows, **delta) -> None:
    """As if they had been made a while ago."""
    for row in rows:
        ago = dt.timedelta(**delta)
        rows.filter(pk=row.pk).update(created_at=row.created_at - ago, expires_at=row.expires_at - ago)


def told(row: Invitation) -> None:
    """A need, and a sealed answer to a question that names the meeting's room."""
    needs.keep(row, needs=[Told(NeedKind.DIET, "nøtter")])
    answered(row, question(row.event, label="Hvilken sal?", sensitivity="special"), "Sal 3").save()


def mails(tenant, kind):
    return OutgoingMail.objects.of(tenant).filter(kind=kind)


# --- The way in ------------------------------------------------------------------------------------------------------
def test_a_forwarded_invitation_opens_nothing_personal(client, amina):
    page = client.get(f"/rsvp/{amina.token}/about-me/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "A… N…" in text
    for sign in ("Amina", "amina@", "911 22", "Imam", "Samarbeidsforum"):
        assert sign not in text
    sent = client.post(f"/rsvp/{amina.token}/about-me/", follow=True).content.decode()
    assert OwnLink.objects.of(amina.tenant).get().token not in sent
    for sign in ("Amina", "amina@", "911 22", "Imam", "/me/"):
        assert sign not in sent
    assert client.get(f"/me/{amina.token}/").status_code == 404  # the first key does not fit the second door


def test_the_link_goes_to_the_address_on_file_alone_and_opens_the_page(client, amina, settings):
    client.post(f"/rsvp/{amina.token}/about-me/", {"email": "tyv@else.example"})
    assert list(mails(amina.tenant, "own_link").values_list("to_address", flat=True)) == [
        "amina@moske.example"
    ]
    outbox.deliver()
    (path,) = settings.MAIL_DIR.glob("*.eml")
    token = OwnLink.objects.of(amina.tenant).get().token
    raw = path.read_text()
    assert token in raw.replace("=\n", "")
    assert "Samarbeidsforum" not in raw
    text = client.get(f"/me/{token}/").content.decode()
    assert all(
        sign in text
        for sign in ("Amina Noor", "Imam", "amina@moske.example", "Sentrum moské", "Samarbeidsforum")
    )


def test_asking_changes_nothing_and_a_double_click_sends_one_mail(client, amina):
    address = f"/rsvp/{amina.token}/about-me/"
    client.get(address)
    client.head(address)
    assert not OwnLink.objects.of(amina.tenant).exists()
    for _ in range(3):
        assert client.post(address).status_code == 302
    assert mails(amina.tenant, "own_link").count() == 1


def test_a_second_link_ends_the_first(client, amina, me):
    later(OwnLink.objects.of(amina.tenant), minutes=2)
    second = link_to(amina.contact)
    assert client.get(me).status_code == 404
    assert client.get(f"/me/{second.token}/").status_code == 200


def test_a_link_works_for_a_day(client, amina, me):
    later(OwnLink.objects.of(amina.tenant), hours=23)
    assert client.get(me).status_code == 200
    later(OwnLink.objects.of(amina.tenant), hours=2)
    assert client.get(me).status_code == 404


def test_no_more_than_five_mails_a_day(client, amina):
    address = f"/rsvp/{amina.token}/about-me/"
    for _ in range(5):
        client.post(address)
        later(OwnLink.objects.of(amina.tenant), minutes=2)
    refused = client.post(address)
    assert (refused.status_code, mails(amina.tenant, "own_link").count()) == (429, 5)
    later(OwnLink.objects.of(amina.tenant), hours=24)
    assert client.post(address).status_code == 302


def test_who_was_invited_by_letter_is_told_whom_to_ask(client, sandefjord):
    row = invitation(event(sandefjord), contact=contact(sandefjord, email=""))
    text = client.get(f"/rsvp/{row.token}/about-me/").content.decode()
    assert sandefjord.contact_email in text
    assert "<form" not in text
    assert client.post(f"/rsvp/{row.token}/about-me/").status_code == 409


def test_every_page_is_private_and_a_wrong_link_opens_none(client, amina, me):
    for page in ("", "about-me.json", "correct/", "object/", "erase/"):
        response = client.get(me + page)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert "noindex" in response["X-Robots-Tag"]
        assert client.get(f"/me/{'a' * 32}/{page}").status_code == 404


def test_a_link_of_one_tenant_shows_that_tenant_alone(client, amina, me, kristiansand):
    twin = contact(kristiansand, name="Amina Noor", email="amina@moske.example", phone="900 00 999")
    theirs = invitation(event(kristiansand, title="Nabomøtet"), contact=twin)
    for page in (me, me + "about-me.json"):
        text = client.get(page).content.decode()
        assert "Nabomøtet" not in text
        assert "900 00 999" not in text
    client.post(me + "object/", {"meetings": [str(theirs.pk)], "opted_out": "on"})
    client.post(me + "withdraw/", {"invitation": theirs.pk})
    client.post(me + "erase/", {"sure": "on"})
    theirs.refresh_from_db()
    assert (theirs.unlisted, theirs.revoked_at, fresh(twin).name) == (False, None, "Amina Noor")


# --- Seeing ----------------------------------------------------------------------------------------------------------
def test_the_export_holds_every_sign_that_the_tables_hold(client, her):
    token = OwnLink.objects.of(her.tenant).to_the_page().get().token
    exported = client.get(f"/me/{token}/about-me.json")
    data = json.loads(exported.content)
    text = json.dumps(data, ensure_ascii=False).lower()
    staff_only = {"Kanariprøve"}  # a test that a colleague sent to themselves; gone after a day
    assert {sign for sign in scene.SIGNS + scene.ABOUT_HER if sign.lower() not in text} == staff_only
    assert data["held_by"] == "Sandefjord kommune"
    page = client.get(f"/me/{token}/").content.decode()
    long = {"Kanaribrev", "Kanarisagt", "kanaripost"}  # whole messages are in the file alone
    assert {
        sign for sign in scene.SIGNS + scene.ABOUT_HER if sign.lower() not in page.lower()
    } - long == staff_only


def test_a_walk_in_that_may_be_a_namesake_is_not_shown(client, her):
    token = OwnLink.objects.of(her.tenant).to_the_page().get().token
    data = json.loads(client.get(f"/me/{token}/about-me.json").content)
    walked_in = [row["meeting"] for row in data["arrivals"] if row["name"]]
    assert walked_in == ["Kanaridør"]  # the other says the name, and no organisation


def test_what_no_key_opens_is_said_and_breaks_nothing(client, amina, me, settings):
    settings.FIELD_KEYS = (("a", b"A" * 32),)
    told(amina)
    settings.FIELD_KEYS = (("b", b"B" * 32),)
    with translation.override("nb"):
        assert client.get(me).content.decode().count(str(holdings.CLOSED_FOR_GOOD)) == 2


def test_a_locked_meeting_is_not_named_on_the_own_page_either(client, amina, me):
    told(amina)
    locking.lock(amina.event, by=None)
    for page in (me, me + "about-me.json", me + "object/"):
        text = client.get(page).content.decode()
        assert "Samarbeidsforum" not in text
        assert "Hvilken sal" not in text
    assert client.get(f"/rsvp/{amina.token}/about-me/").status_code == 410


# --- Correcting ------------------------------------------------------------------------------------------------------
def test_the_person_corrects_what_they_know_best_and_the_trail_keeps_no_old_value(client, amina, me):
    said = {
        "name": "Amina Nour",
        "role": "Leder",
        "phone": "922",
        "language": "en",
        "email": "amina@moske.example",
    }
    assert client.post(me + "correct/", said).status_code == 302
    person = fresh(amina.contact)
    assert (person.name, person.role, person.phone, person.language) == ("Amina Nour", "Leder", "922", "en")
    amina.refresh_from_db()
    assert amina.language == "en"
    entry = AuditEntry.objects.of(amina.tenant).get(action="own.corrected")
    assert (entry.facts, entry.actor_name) == ({}, "")
    client.post(me + "correct/", said)
    assert AuditEntry.objects.of(amina.tenant).filter(action="own.corrected").count() == 1


def test_what_was_typed_is_kept_beside_its_error(client, amina, me):
    page = client.post(me + "correct/", {"name": "", "role": "Leder", "language": "xx", "email": "nei"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "ds-error-summary" in text
    assert "Leder" in text
    assert fresh(amina.contact).role == "Imam"


def test_a_new_address_holds_only_when_the_mail_there_was_opened_and_confirmed(client, amina, me):
    said = {
        "name": "Amina Noor",
        "role": "Imam",
        "phone": "911 22 333",
        "language": "nb",
        "email": "ny@moske.example",
    }
    client.post(me + "correct/", said)
    assert fresh(amina.contact).email == "amina@moske.example"
    (mail,) = mails(amina.tenant, "own_address")
    assert mail.to_address == "ny@moske.example"
    link = OwnLink.objects.of(amina.tenant).to_an_address().get()
    confirm = f"/me/address/{link.token}/"
    assert client.get(confirm).status_code == 200
    assert fresh(amina.contact).email == "amina@moske.example"  # opening changes nothing
    assert client.get(f"/me/{link.token}/").status_code == 404  # it is no key to the page
    assert client.post(confirm).status_code == 200
    assert fresh(amina.contact).email == "ny@moske.example"
    assert client.post(confirm).status_code == 404
    assert AuditEntry.objects.of(amina.tenant).filter(action="own.address_changed").count() == 1


def test_an_address_that_is_entered_already_is_told_and_nothing_breaks(client, amina, me):
    contact(amina.tenant, name="Amina Noor", email="ny@moske.example")
    link = services.ask_address(amina.contact, email="ny@moske.example", language="nb")
    assert client.post(f"/me/address/{link.token}/").status_code == 200
    assert fresh(amina.contact).email == "amina@moske.example"


# --- Objecting and taking back ---------------------------------------------------------------------------------------
def test_objecting_marks_the_invitation_and_later_ones_and_can_be_taken_back(client, amina, me, kari):
    client.post(me + "object/", {"meetings": [str(amina.pk)], "in_future": "on"})
    amina.refresh_from_db()
    assert (amina.unlisted, fresh(amina.contact).unlisted) == (True, True)
    later_on = event(amina.tenant)
    invite(later_on, by=kari, contacts=[fresh(amina.contact)])
    assert Invitation.objects.of(amina.tenant).get(event=later_on).unlisted
    client.post(me + "object/", {})
    amina.refresh_from_db()
    assert (amina.unlisted, fresh(amina.contact).unlisted) == (False, False)


def test_who_asked_not_to_be_invited_cannot_be_and_staff_see_why(client, amina, me, kari, at_desk):
    wave = __import__("invites.invitations.waves.models", fromlist=["Wave"]).Wave
    planned = wave.objects.create(
        tenant=amina.tenant, event=event(amina.tenant), number=1, due_at=timezone.now() + dt.timedelta(days=1)
    )
    WaveMember.objects.create(tenant=amina.tenant, wave=planned, contact=amina.contact)
    client.post(me + "object/", {"opted_out": "on"})
    another = event(amina.tenant)
    assert not WaveMember.objects.of(amina.tenant).exists()
    assert invite(another, by=kari, contacts=[fresh(amina.contact)]) == 0
    assert tickable(askable(another)) == []
    desk = at_desk(kari)
    choose = desk.get(f"/t/sandefjord/events/{another.pk}/invite/").content.decode()
    guests = desk.get(f"/t/sandefjord/events/{amina.event_id}/invitations/").content.decode()
    shown = desk.get(f"/t/sandefjord/contacts/{amina.contact_id}/").content.decode()
    assert "Asked not to be invited any more." in choose or "ikke å bli invitert" in choose
    assert "Asked not to be invited any more." in guests or "ikke å bli invitert" in guests
    assert "Not to be invited any more" in shown or "invitert" in shown


def test_an_answer_is_taken_back_once_and_frees_the_seat(client, amina, me):
    row = Invitation.objects.of(amina.tenant).select_related("event", "contact", "tenant").get(pk=amina.pk)
    answer(row, reply="accepted", comment="Gleder meg", source="web")
    for _ in range(2):
        assert client.post(me + "withdraw/", {"invitation": amina.pk}).status_code == 302
    amina.refresh_from_db()
    assert (amina.reply, amina.answers.count()) == ("declined", 2)
    assert Event.objects.of(amina.tenant).get(pk=amina.event_id).seats_taken == 0


@pytest.mark.parametrize("pk", ["", "x", "999999", "9" * 40, "-1", "\u0661"])
def test_taking_back_what_is_not_ones_own_changes_nothing(client, amina, me, pk):
    other = invitation(amina.event, reply="accepted", replied_at=timezone.now())
    for value in (pk, str(other.pk)):
        assert client.post(me + "withdraw/", {"invitation": value}).status_code == 302
    other.refresh_from_db()
    assert other.reply == "accepted"


def test_needs_are_taken_back_also_after_the_deadline_and_while_locked(client, amina, me):
    told(amina)
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(
        answer_by=timezone.now() - dt.timedelta(hours=1), locked_at=timezone.now()
    )
    assert "nøtter" in client.get(me).content.decode()
    assert client.get(me + "needs/").status_code == 405
    for _ in range(2):
        assert client.post(me + "needs/").status_code == 302
    assert not Need.objects.of(amina.tenant).exists()
    text = client.get(me).content.decode()
    assert "nøtter" not in text
    assert "/needs/" not in text  # nothing to remove, no button


def test_taking_needs_back_leaves_those_of_others(client, amina, me):
    other = invitation(amina.event)
    needs.keep(other, needs=[Told(NeedKind.PRAYER)])
    client.post(me + "needs/")
    assert Need.objects.of(amina.tenant).get().invitation_id == other.pk


# --- Erasing ---------------------------------------------------------------------------------------------------------
def test_erasing_asks_first_says_what_stays_and_needs_a_tick(client, amina, me):
    page = client.get(me + "erase/").content.decode()
    assert amina.tenant.contact_email in page
    refused = client.post(me + "erase/", {})
    assert (refused.status_code, fresh(amina.contact).name) == (200, "Amina Noor")
    assert "ds-error-summary" in refused.content.decode()
    done = client.post(me + "erase/", {"sure": "on"})
    assert done.status_code == 200
    assert "Amina" not in done.content.decode()
    assert fresh(amina.contact).erased_at is not None
    assert client.post(me + "erase/", {"sure": "on"}).status_code == 404  # the second of two clicks


def test_staff_see_a_row_without_a_person_and_no_page_breaks(client, amina, kari, at_desk):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(
        starts_at=timezone.now() - dt.timedelta(hours=3), ends_at=timezone.now(), answer_by=None
    )
    erasing.erase(Contact.objects.of(amina.tenant).select_related("tenant").get(pk=amina.contact_id))
    desk, at = at_desk(kari), "/t/sandefjord"
    pages = [f"{at}/events/{amina.event_id}/invitations/", f"{at}/invitations/{amina.pk}/",
             f"{at}/contacts/{amina.contact_id}/", f"{at}/mails/"]  # fmt: skip
    for page in pages:
        text = desk.get(page, follow=True).content.decode()
        assert "Amina" not in text
    assert "Slettet person" in desk.get(pages[0]).content.decode()

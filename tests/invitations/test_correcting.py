"""A corrected address: the same invitation with the same link goes there, once."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from events.audit import AuditEntry
from events.directory import services as directory
from events.directory.merging import services as merging
from events.directory.models import Contact
from invites.answers import services as answers
from invites.answers.models import Answer
from invites.invitations import correcting
from invites.post import calling, moves, outbox, recipients, services
from invites.post.models import OutgoingMail
from tests import factories
from tests.post.kit import STATE, Scripted
from tests.queries import queries_of


@pytest.fixture(autouse=True)
def _still_post(monkeypatch):
    monkeypatch.setattr(outbox, "async_task", lambda function, **options: None)


@pytest.fixture
def invitation(sandefjord):
    ola = factories.contact(sandefjord, name="Ola Nordmann", email="ola@feil.example")
    return factories.invitation(factories.event(sandefjord, title="Dialogmøte"), contact=ola)


def mail_to(invitation, **facts):
    facts = {
        "kind": "invitation",
        "series": "invitation",
        "subject_id": invitation.pk,
        "to_address": invitation.contact.email,
        "state": STATE.ACCEPTED,
        "settled_at": timezone.now(),
        "delivery": "bounced",
        "delivery_detail": "550 5.1.1 no such user",
        **facts,
    }
    return OutgoingMail.objects.create(tenant_id=invitation.tenant_id, **facts)


@pytest.fixture
def bounced(invitation):
    return mail_to(invitation)


def address(mail):
    return reverse("invitation-correct-address", kwargs={"tenant": mail.tenant.slug, "pk": mail.pk})


def trouble(tenant):
    return reverse("mail-trouble", kwargs={"tenant": tenant.slug})


def email_of(invitation):
    return Contact.objects.of(invitation.tenant_id).get(pk=invitation.contact_id).email


def english(kari):
    kari.language = "en"
    kari.save()
    return kari


def test_the_same_invitation_goes_to_the_new_address(bounced, invitation, kari, at_desk, monkeypatch):
    letters, link = [], invitation.token
    desk = at_desk(kari)
    assert address(bounced) in desk.get(trouble(bounced.tenant)).content.decode()
    assert desk.post(address(bounced), {"email": " Ola@Riktig.example "}).url == trouble(bounced.tenant)

    mail = OutgoingMail.objects.of(bounced.tenant).get()
    assert (mail.pk, mail.revision, mail.state) == (bounced.pk, bounced.revision, STATE.QUEUED)
    assert (mail.to_address, mail.delivery) == ("ola@riktig.example", "")
    assert mail.delivery_id != bounced.delivery_id
    assert [row.delivery_id for row in mail.former_deliveries.all()] == [bounced.delivery_id]
    assert email_of(invitation) == "ola@riktig.example"
    actions = AuditEntry.objects.of(bounced.tenant).values_list("action", flat=True)
    assert set(actions) == {"mail.sent_again", "contact.changed"}

    class Kept(Scripted):
        def prepare(self, letter):
            letters.append(letter)
            return super().prepare(letter)

    monkeypatch.setattr(outbox, "current_transport", Kept)
    outbox.deliver()
    assert [letter.to.email for letter in letters] == ["ola@riktig.example"]
    assert f"/rsvp/{link}/" in letters[0].text


def test_of_a_double_click_only_one_acts(bounced, invitation, kari, at_desk):
    desk = at_desk(kari)
    for email in ("ola@riktig.example", "ola@andre.example"):
        assert desk.post(address(bounced), {"email": email}).status_code == 302
    mail = OutgoingMail.objects.of(bounced.tenant).get()
    assert (mail.to_address, email_of(invitation)) == ("ola@riktig.example", "ola@riktig.example")
    assert AuditEntry.objects.of(bounced.tenant).filter(action="mail.sent_again").count() == 1


def test_who_was_overtaken_changes_nothing(bounced, invitation, kari):
    services.send_again(OutgoingMail.objects.of(bounced.tenant).get(), by=kari)
    with pytest.raises(correcting.NotAllowed):
        correcting.correct(bounced, invitation.contact, address="ola@andre.example", by=kari)
    assert email_of(invitation) == "ola@feil.example"


def test_other_mails_that_wait_for_the_old_address_go_to_the_new_one(bounced, invitation, kari):
    colleague = factories.invitation(
        invitation.event, contact=factories.contact(kari.memberships.get().tenant, email="ola@feil.example")
    )
    answer = Answer.objects.create(
        tenant=bounced.tenant, invitation=invitation, reply="accepted", source="web"
    )
    queued = {"state": STATE.QUEUED, "settled_at": None, "delivery": ""}
    newer = mail_to(invitation, revision=1, to_address="Ola@feil.example", **queued)
    receipt = mail_to(invitation, kind="receipt", series="", subject_id=answer.pk, **queued)
    sent = mail_to(invitation, revision=2)
    elsewhere = mail_to(invitation, revision=3, to_address="ola@hjemme.example", **queued)
    theirs = mail_to(colleague, **queued)
    assert correcting.correct(bounced, invitation.contact, address="ola@riktig.example", by=kari) == 2
    to = dict(OutgoingMail.objects.of(bounced.tenant).values_list("pk", "to_address"))
    assert to == {
        bounced.pk: "ola@riktig.example",
        newer.pk: "ola@riktig.example",
        receipt.pk: "ola@riktig.example",
        sent.pk: "ola@feil.example",
        elsewhere.pk: "ola@hjemme.example",
        theirs.pk: "ola@feil.example",
    }


def test_a_mail_that_a_worker_has_written_to_the_old_address_is_taken_out_of_its_hands(
    bounced, invitation, kari
):
    newer = mail_to(invitation, revision=1, state=STATE.QUEUED, settled_at=None, delivery="")
    (held,) = moves.claim(1, by="a-worker", ids=[newer.pk])
    correcting.correct(bounced, invitation.contact, address="ola@riktig.example", by=kari)
    assert calling.begin(held, lane="file") is False
    newer.refresh_from_db()
    assert (newer.state, newer.to_address) == (STATE.QUEUED, "ola@riktig.example")


def _delivered(monkeypatch):
    """The letters that go out now."""
    letters = []

    class Kept(Scripted):
        def prepare(self, letter):
            letters.append(letter)
            return super().prepare(letter)

    monkeypatch.setattr(outbox, "current_transport", Kept)
    outbox.deliver()
    return letters


@pytest.mark.parametrize("kind", ["invitation", "chase", "receipt"])
def test_a_mail_that_waits_goes_to_the_address_that_the_contact_has_by_then(
    invitation, kari, monkeypatch, kind
):
    subject = invitation.pk
    if kind == "receipt":
        subject = answers.answer(invitation, reply="accepted", comment="", source="web").pk
        OutgoingMail.objects.of(invitation.tenant).delete()
    elif kind == "chase":
        mail_to(invitation, delivery="")
    series = "invitation" if kind == "invitation" else ""
    waiting = mail_to(
        invitation, kind=kind, series=series, subject_id=subject, revision=1, state=STATE.QUEUED,
        settled_at=None, delivery="",
    )  # fmt: skip
    directory.change_contact(invitation.contact, by=kari, facts={"email": "ola@riktig.example"})
    assert [letter.to.email for letter in _delivered(monkeypatch)] == ["ola@riktig.example"]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.to_address) == (STATE.ACCEPTED, "ola@riktig.example")


def test_a_mail_that_waits_for_a_merged_contact_goes_to_the_address_that_was_kept(
    invitation, kari, monkeypatch
):
    mail_to(invitation, state=STATE.QUEUED, settled_at=None, delivery="")
    kept = factories.contact(invitation.tenant, name="Ola Nordmann", email="ola@riktig.example")
    merging.merge(kept=kept, gone=invitation.contact, facts={}, by=kari)
    assert [letter.to.email for letter in _delivered(monkeypatch)] == ["ola@riktig.example"]


def test_sending_again_goes_to_the_address_that_was_set_right_in_the_directory(
    bounced, invitation, kari, monkeypatch
):
    directory.change_contact(invitation.contact, by=kari, facts={"email": "ola@riktig.example"})
    services.send_again(bounced, by=kari)
    assert [letter.to.email for letter in _delivered(monkeypatch)] == ["ola@riktig.example"]


def test_a_mail_to_a_contact_whose_address_was_taken_out_waits_for_the_organiser(
    invitation, kari, monkeypatch
):
    waiting = mail_to(invitation, state=STATE.QUEUED, settled_at=None, delivery="")
    directory.change_contact(invitation.contact, by=kari, facts={"email": ""})
    assert _delivered(monkeypatch) == []
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (
        STATE.FAILED,
        "composing: the contact has no address any more",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required."),
        ("ola", "Enter a valid email address."),
        ("ola@riktig.example\r\nBcc: x@y.example", "Enter a valid email address."),
        ("OLA@feil.example", "This is the address that the mail was sent to."),
        ("øla@riktig.example", "email address"),
        ("ola@[127.0.0.1]", "This address has letters that no mail can be sent to."),
        ("ola@tatt.example", "A contact with this name and address exists already."),
    ],
)
def test_an_address_that_will_not_do_is_refused_beside_the_field(
    bounced, invitation, kari, at_desk, typed, said
):
    factories.contact(bounced.tenant, name="Ola Nordmann", email="ola@tatt.example")
    response = at_desk(english(kari)).post(address(bounced), {"email": typed})
    assert response.status_code == 200
    (error,) = response.context["form"].errors["email"]
    assert said in error
    assert 'id="id_email_error"' in response.content.decode()
    assert OutgoingMail.objects.of(bounced.tenant).get().state == STATE.ACCEPTED
    assert email_of(invitation) == "ola@feil.example"


def test_two_who_save_at_once_get_an_error_and_no_half_change(bounced, invitation, kari):
    factories.contact(bounced.tenant, name="Ola Nordmann", email="ola@tatt.example")
    with pytest.raises(correcting.NameTaken):
        correcting.correct(bounced, invitation.contact, address="ola@tatt.example", by=kari)
    assert OutgoingMail.objects.of(bounced.tenant).get().state == STATE.ACCEPTED


def test_the_page_offers_what_the_directory_knows_by_now(bounced, invitation, kari, at_desk):
    Contact.objects.of(bounced.tenant).filter(pk=invitation.contact_id).update(email="ola@riktig.example")
    html = at_desk(english(kari)).get(address(bounced)).content.decode()
    for text in ("Ola Nordmann", "Invitation: Dialogmøte", "ola@feil.example", "550 5.1.1 no such user"):
        assert text in html
    assert 'value="ola@riktig.example"' in html


@pytest.mark.parametrize("state", [STATE.QUEUED, STATE.UNKNOWN, STATE.CANCELLED])
def test_a_mail_that_did_not_come_back_has_no_address_to_correct(invitation, kari, at_desk, state):
    mail = mail_to(invitation, state=state, delivery="")
    assert at_desk(kari).get(address(mail)).url == trouble(mail.tenant)
    assert at_desk(kari).post(address(mail), {"email": "ola@riktig.example"}).url == trouble(mail.tenant)
    assert email_of(invitation) == "ola@feil.example"


def test_a_mail_to_no_contact_is_not_found(sandefjord, kari, at_desk):
    mail = OutgoingMail.objects.create(
        tenant=sandefjord, kind="other", subject_id=1, to_address="a@b.example", state="failed"
    )
    assert at_desk(kari).get(address(mail)).status_code == 404


def test_a_subject_of_another_tenant_is_no_contact_of_ours(invitation, kristiansand, nils, at_desk):
    mail = OutgoingMail.objects.create(
        tenant=kristiansand,
        kind="invitation",
        subject_id=invitation.pk,
        to_address="a@b.example",
        state="failed",
    )
    assert recipients.contacts_of([mail]) == {}
    assert at_desk(nils).get(address(mail)).status_code == 404


def test_a_stranger_finds_nothing(bounced, nils, at_desk):
    assert at_desk(nils).get(address(bounced)).status_code == 404
    elsewhere = reverse("invitation-correct-address", kwargs={"tenant": "kristiansand", "pk": bounced.pk})
    assert at_desk(nils).post(elsewhere, {"email": "x@y.example"}).status_code == 404


def test_three_mails_in_trouble_cost_as_many_queries_as_one(sandefjord, kari, at_desk):
    desk, counts = at_desk(kari), []
    for number in (1, 2):
        for _ in range(number):
            mail = mail_to(factories.invitation(factories.event(sandefjord)), delivery_id=uuid.uuid4())
            mail.events.create(
                event_id=str(mail.pk), delivery_id=mail.delivery_id, what="bounced", at=timezone.now(),
                source="dsn",
            )  # fmt: skip
        counts.append(queries_of(desk, trouble(sandefjord)))
    assert len(desk.get(trouble(sandefjord)).context["entries"]) == 3
    assert counts[0] == counts[1]
    assert counts[1] <= 7

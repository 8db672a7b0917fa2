"""Being forgotten: nothing that tells who it was is left in any table, and what stays is what the page says."""

import io
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.models import Contact
from events.gatherings.models import Event
from invites.answers.door.models import Arrival
from invites.answers.door.services import walk_in
from invites.answers.models import Answer
from invites.answers.own import erasing, holdings
from invites.answers.own.models import Farewell, OwnLink
from invites.answers.requests.models import AnswerRequest
from invites.invitations.models import Invitation
from invites.invitations.services import invite
from invites.post import outbox
from invites.post.models import OutgoingMail
from minutes.approval import services as approval
from minutes.records.models import Minutes
from tests.factories import contact, event
from tests.own import scene

KEPT_FOR_GOOD = {"minutes_attendance", "minutes_minutesversion", "minutes_outcome"}


def test_erasing_leaves_no_sign_of_the_person_in_any_table(her):
    before = scene.found_in(scene.dump(), scene.SIGNS)
    assert set(before) == set(scene.SIGNS), "a sign that is nowhere proves nothing"

    counts = erasing.erase(her)
    outbox.deliver()
    erasing.forget_farewells()

    # The organisation is one of the directory's own rows, and stays; that she belonged to it does not.
    left = scene.found_in(scene.dump(), scene.SIGNS)
    assert {sign: tables for sign, tables in left.items() if sign != "Kanarimoské"} == {}
    assert left["Kanarimoské"] == {"events_organisation"}
    assert Contact.objects.of(her.tenant).get(pk=her.pk).organisation is None
    assert counts["comments"] == 1
    assert counts["people named"] == 2


def test_approved_minutes_alone_keep_the_name(her, kari, mina):
    minutes = Minutes.objects.of(her.tenant).get()
    approval.submit(minutes, by=mina)
    approval.approve(minutes, by=kari)
    erasing.erase(her)
    outbox.deliver()
    erasing.forget_farewells()
    left = scene.found_in(scene.dump(), ("Kanari Noor", "Kanarihandling"))
    assert set().union(*left.values()) == KEPT_FOR_GOOD
    version = minutes.versions.get()
    assert "Kanari Noor" in version.canonical


def test_her_seat_is_free_her_links_are_dead_and_what_was_answered_stays(client, her):
    row = Invitation.objects.of(her.tenant).select_related("event").get(event__title="Åpent møte")
    held = Invitation.objects.of(her.tenant).get(event__title="Forrige møte")
    links = [
        f"/rsvp/{row.token}/",
        f"/rsvp/{held.token}/",
        f"/me/{OwnLink.objects.of(her.tenant).to_the_page().get().token}/",
    ]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert row.event.seats_taken == 2
    erasing.erase(her)
    assert [client.get(link).status_code for link in links] == [404, 404, 404]
    assert Event.objects.of(her.tenant).get(pk=row.event_id).seats_taken == 0
    assert list(Answer.objects.of(her.tenant).values_list("reply", "comment")) == [("accepted", "")]
    held.refresh_from_db()
    assert (held.revoked_at, held.reply) == (None, "accepted")  # a meeting that was keeps its count


def test_nobody_is_to_decide_any_more_about_who_is_erased(her):
    pending = AnswerRequest.objects.of(her.tenant).pending()
    assert set(pending.values_list("name", flat=True)) == {"", "Kanarivikar", "Kanaristedfortreder"}
    erasing.erase(her)
    (left,) = pending  # who comes along with others still waits
    assert left.people[0] == ["Annen", "", ""]
    assert AnswerRequest.objects.of(her.tenant).filter(comment="Er syk", state="withdrawn").exists()


def test_the_door_keeps_its_count_and_a_namesake_of_elsewhere_keeps_the_name(her):
    there = Arrival.objects.of(her.tenant).first().event
    walk_in(there, key=uuid.uuid4(), name="Kanari Noor", organisation="Et annet sted")
    before = Arrival.objects.of(her.tenant).count()
    erasing.erase(her)
    rows = Arrival.objects.of(her.tenant)
    assert rows.count() == before
    assert [row.organisation for row in rows.filter(name="Kanari Noor")] == ["Et annet sted"]


def test_waiting_mails_are_cancelled_and_a_last_one_confirms_it(her, settings):
    waiting = OutgoingMail.objects.of(her.tenant).filter(state="queued")
    assert set(waiting.values_list("kind", flat=True)) >= {"own_link", "own_address"}
    erasing.erase(her)
    assert list(waiting.values_list("kind", "to_address")) == [("erased", "kanari@moske.example")]
    assert erasing.forget_farewells() == 0  # the address is held until then
    assert outbox.deliver() == 1
    assert [erasing.forget_farewells(), erasing.forget_farewells()] == [1, 0]
    assert set(OutgoingMail.objects.of(her.tenant).values_list("to_address", flat=True)) == {""}
    assert not Farewell.objects.of(her.tenant).exists()


def test_a_second_call_does_nothing_and_the_trail_names_nobody(her, kari):
    assert erasing.erase(her, by=kari)
    before = scene.dump()
    assert not erasing.erase(her, by=kari)
    assert scene.dump() == before
    entry = AuditEntry.objects.of(her.tenant).get(action="contact.erased")
    assert (entry.actor_name, entry.facts) == (kari.name, {})


def test_who_was_erased_is_not_invited_again(her, kari):
    erasing.erase(her)
    again = Contact.objects.of(her.tenant).get(pk=her.pk)
    assert not Contact.objects.of(her.tenant).current().filter(pk=her.pk).exists()
    assert invite(event(her.tenant), by=kari, contacts=[again]) == 0


def test_a_stranger_with_the_same_address_elsewhere_is_left_alone(her, kristiansand):
    twin = contact(kristiansand, name="Kanari Noor", email="kanari@moske.example")
    erasing.erase(her)
    twin.refresh_from_db()
    assert (twin.name, twin.email) == ("Kanari Noor", "kanari@moske.example")


def test_the_operators_command_asks_nothing_shows_first_and_erases_at_all_tenants(her, kristiansand):
    contact(kristiansand, name="Kanari Noor", email="KANARI@moske.example")
    said, before = io.StringIO(), scene.dump()
    call_command("erase", "kanari@moske.example", stdout=said)
    assert scene.dump() == before
    assert "sandefjord" in said.getvalue()
    assert "kristiansand" in said.getvalue()
    assert "--yes" in said.getvalue()
    call_command("erase", "kanari@moske.example", "--yes", "--silent", stdout=said)
    signs = tuple(sign for sign in scene.SIGNS if sign != "Kanarimoské")
    assert scene.found_in(scene.dump(), signs) == {}
    assert "Kanari Noor" not in said.getvalue()


def test_what_a_room_cannot_forget_undoes_all_of_it(her, monkeypatch):
    def fails(_contact):
        raise RuntimeError("no")

    monkeypatch.setattr(holdings, "_erasers", [*holdings._erasers, fails])
    before = scene.dump()
    with pytest.raises(RuntimeError):
        erasing.erase(her)
    assert scene.dump() == before


@pytest.mark.django_db(transaction=True)
def test_two_at_once_erase_once(her):
    from concurrent.futures import ThreadPoolExecutor

    def go(_n):
        try:
            return bool(erasing.erase(Contact.objects.of(her.tenant).select_related("tenant").get(pk=her.pk)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(go, range(4))) == [False, False, False, True]
    assert Farewell.objects.of(her.tenant).count() == 1
    assert timezone.now() > Contact.objects.of(her.tenant).get(pk=her.pk).erased_at

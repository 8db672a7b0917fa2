"""One invitee's page, and the list of those to call."""

import pytest
from django.utils import timezone

from invites.invitations.guests.services import note_call
from invites.invitations.models import CallAttempt
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation
from tests.queries import queries_of


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord)


def silent(meeting, name, *, phone="", state="accepted", delivery="", **facts):
    row = invitation(meeting, contact=contact(meeting.tenant, name=name, phone=phone), **facts)
    OutgoingMail.objects.create(
        tenant=meeting.tenant,
        kind="invitation",
        series="invitation",
        subject_id=row.pk,
        to_address="x@x.example",
        state=state,
        delivery=delivery,
    )
    return row


def called(client, meeting):
    response = client.get(f"/t/{meeting.tenant.slug}/events/{meeting.pk}/call/")
    assert response.status_code == 200
    return [(person.name, person.urgent) for person in response.context["people"]]


def test_whose_mail_did_not_arrive_is_called_first_and_who_was_tried_last(at_desk, kari, meeting):
    tried = silent(meeting, "Anne", phone="900 00 001")
    silent(meeting, "Bente", phone="900 00 002")
    silent(meeting, "Cato", delivery="bounced")
    silent(meeting, "Dag", state="failed", phone="900 00 004")
    silent(meeting, "Else")  # got it, has no number: nobody can call her
    silent(meeting, "Finn", phone="900 00 006", reply="declined", replied_at=timezone.now())
    note_call(tried, outcome="not_reached", by=kari)
    assert called(at_desk(kari), meeting) == [
        ("Dag", True),
        ("Cato", True),
        ("Bente", False),
        ("Anne", False),
    ]


def test_an_empty_list_says_so(at_desk, kari, meeting):
    page = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/call/")
    assert "Ingen å ringe" in page.content.decode()


def test_the_call_list_takes_the_same_queries_for_one_and_three(at_desk, kari, meeting):
    client, url = at_desk(kari), f"/t/sandefjord/events/{meeting.pk}/call/"
    silent(meeting, "Anne", phone="900 00 001")
    one = queries_of(client, url)
    silent(meeting, "Bente", phone="900 00 002")
    note_call(silent(meeting, "Cato", phone="900 00 003"), outcome="not_reached", by=kari)
    assert queries_of(client, url) == one <= 4


def test_a_call_is_noted_and_stands_in_the_list(at_desk, kari, meeting):
    row, client = silent(meeting, "Anne", phone="900 00 001"), at_desk(kari)
    response = client.post(
        f"/t/sandefjord/invitations/{row.pk}/called/", {f"{row.pk}-outcome": "will_answer"}
    )
    assert response.headers["Location"] == f"/t/sandefjord/events/{meeting.pk}/call/"
    page = client.get(response.headers["Location"]).content.decode()
    assert "Ringt, svarer senere" in page
    assert CallAttempt.objects.of(meeting.tenant).get().by == kari


def test_a_call_without_an_outcome_is_not_noted_and_says_why(at_desk, kari, meeting):
    row, client = silent(meeting, "Anne", phone="900 00 001"), at_desk(kari)
    response = client.post(f"/t/sandefjord/invitations/{row.pk}/called/", {}, follow=True)
    assert "Velg hva samtalen førte til." in response.content.decode()
    assert not CallAttempt.objects.of(meeting.tenant).exists()


def test_one_invitees_page_tells_the_steps(at_desk, kari, meeting):
    row = silent(meeting, "Anne", phone="900 00 001", delivery="bounced")
    page = at_desk(kari).get(f"/t/sandefjord/invitations/{row.pk}/").content.decode()
    assert ("Anne" in page, "Kom i retur" in page, "Spurt per e-post" in page) == (True, True, True)


def test_a_minute_taker_reads_and_does_nothing(at_desk, mina, meeting):
    row, client = silent(meeting, "Anne", phone="900 00 001"), at_desk(mina)
    page = client.get(f"/t/sandefjord/events/{meeting.pk}/call/").content.decode()
    assert ("Anne" in page, "/called/" in page) == (True, False)
    assert client.post(f"/t/sandefjord/invitations/{row.pk}/called/", {}).status_code == 403


def test_a_neighbour_finds_nothing(at_desk, nils, meeting):
    row, client = silent(meeting, "Anne", phone="900 00 001"), at_desk(nils)
    addresses = (f"events/{meeting.pk}/call/", f"invitations/{row.pk}/")
    tenants = ("sandefjord", "kristiansand")
    found = [client.get(f"/t/{tenant}/{address}").status_code for tenant in tenants for address in addresses]
    assert found == [404] * 4

"""The invitee's page for sending somebody else, without JavaScript, cookie or account."""

import pytest
from django.test import Client

from events.gatherings.models import Event
from invites.answers.requests.models import AnswerRequest
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from tests.factories import contact, invitation
from tests.requests.scene import asked, fresh, kinds, name, only, say, stand_in

FILLED = {
    "name": "Bo Berg",
    "role": "nestleder",
    "email": "bo@moske.example",
    "language": "nb",
    "comment": "Hei",
}


def test_opening_the_page_changes_nothing_and_sends_nothing(client, amina, link, sandefjord):
    say(amina, "accepted")
    for method in (client.get, client.head):
        response = method(f"{link}?name=Bo&email=bo@moske.example&take_back=1")
        assert response.status_code == 200
    assert (asked(amina), kinds(sandefjord)) == ([], ["receipt"])
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_it_says_in_plain_words_what_the_person_gets_and_who_sees_it(client, amina, link):
    page = client.get(f"{link}?lang=en").content.decode()
    assert "Until then the person you name gets nothing." in page
    assert "Only Sandefjord kommune sees the name and address you write here." in page
    Event.objects.of(amina.tenant).update(substitutes="automatic")
    page = client.get(f"{link}?lang=en").content.decode()
    assert "gets an invitation by e-mail at once" in page


def test_one_post_names_somebody_and_the_page_shows_it(client, amina, link):
    response = client.post(link, FILLED, follow=True)
    assert response.redirect_chain == [(link, 302)]
    assert "Bo Berg" in response.content.decode()
    assert [(row.name, row.email, row.role, row.comment, row.state) for row in asked(amina)] == [
        ("Bo Berg", "bo@moske.example", "nestleder", "Hei", "pending")
    ]


def test_a_foreign_post_without_a_cookie_counts_as_anywhere_else_with_the_token(amina, link):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, FILLED, headers={"origin": "null"}).status_code == 302
    assert only(amina).state == "pending"


def test_a_double_post_makes_one(client, amina, link, automatic, sandefjord):
    for _ in range(2):
        client.post(link, FILLED)
    assert len(asked(amina)) == 1
    assert Invitation.objects.of(sandefjord).filter(stands_in_for=amina).count() == 1
    assert OutgoingMail.objects.of(sandefjord).filter(kind="stand_in").count() == 1


@pytest.mark.parametrize("field", ["name", "email"])
def test_what_is_missing_stands_beside_the_field_and_nothing_typed_is_lost(client, amina, link, field):
    page = client.post(link, FILLED | {field: ""}).content.decode()
    assert f'id="id_{field}_error"' in page
    assert "nestleder" in page
    assert asked(amina) == []


@pytest.mark.parametrize(
    "email", ["no address", "bo@", "bø@moske.example", "a\x00@x.example", "x" * 300 + "@x.example"]
)
def test_an_address_that_no_mail_reaches_is_refused(client, amina, link, email):
    assert client.post(link, FILLED | {"email": email}).status_code == 200
    assert asked(amina) == []


def test_an_invited_address_gets_the_same_words_as_any_other_that_cannot_be_named(
    client, amina, link, meeting, sandefjord
):
    """Byte for byte, but for what was typed: an invited address, the own one, one that came with another request."""
    invitation(meeting, contact=contact(sandefjord, name="Gunnar Gjest", email="aa@x.example"))
    name(invitation(meeting))
    pages = []
    for address in ("aa@x.example", "amina@moske.example", "bo@moske.example"):
        response = client.post(f"{link}?lang=en", FILLED | {"email": address})
        assert response.status_code == 409
        pages.append(response.content.decode().replace(address, "…"))
    assert pages[0] == pages[1] == pages[2]
    assert "This person cannot be added here; ask the organiser." in pages[0]
    assert ("Gunnar" in pages[0], "invited already" in pages[0]) == (False, False)


def test_taking_back_is_one_post_too(client, amina, link):
    client.post(link, FILLED)
    client.post(link, {"take_back": "1"})
    client.post(link, {"take_back": "1"})
    assert only(amina).state == "withdrawn"


def test_who_comes_instead_stands_on_the_page_by_name_alone(client, amina, link, automatic):
    client.post(link, FILLED)
    page = client.get(link).content.decode()
    assert ("Bo Berg" in page, "bo@moske.example" in page, "<form" in page) == (True, False, False)
    assert fresh(stand_in(amina)).token not in page


@pytest.mark.parametrize("facts", [{"substitutes": "none"}, {"state": "cancelled"}])
def test_where_nobody_can_be_named_the_page_says_whom_to_ask(client, amina, link, facts):
    if facts.get("state"):
        facts["cancelled_at"] = amina.event.starts_at
    Event.objects.of(amina.tenant).update(**facts)
    page = client.get(link).content.decode()
    assert ("kari@sandefjord.example" in page, "<form" in page) == (True, False)
    assert client.post(link, FILLED).status_code == 409
    assert asked(amina) == []


def test_a_stand_ins_page_names_nobody_further(client, amina, automatic):
    name(amina)
    theirs = f"/rsvp/{fresh(stand_in(amina)).token}/somebody-else/"
    assert "<form" not in client.get(theirs).content.decode()
    assert client.post(theirs, FILLED | {"email": "c@x.example"}).status_code == 409
    assert AnswerRequest.objects.of(amina.tenant).count() == 1


def test_a_wrong_and_a_dead_link_are_one_page(client, amina, link):
    wrong = client.get(f"/rsvp/{'a' * 32}/somebody-else/")
    Invitation.objects.of(amina.tenant).filter(pk=amina.pk).update(revoked_at=amina.event.starts_at)
    dead = client.get(link)
    assert (wrong.status_code, dead.status_code) == (404, 404)
    assert wrong.content == dead.content


def test_the_page_is_small_and_has_no_script(client, link):
    page = client.get(link).content
    assert len(page) < 30_000
    assert b"<script" not in page

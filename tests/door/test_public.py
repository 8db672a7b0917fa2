"""The link for those who receive: what it shows, what it takes, and when it is dead."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers.door import codes, services
from invites.answers.door.models import Arrival, DoorLink
from tests.door.conftest import HOUR, coming
from tests.factories import contact, event


def text(response):
    return " ".join(response.content.decode().split())


def change(row, **facts):
    Event.objects.of(row.tenant).filter(pk=row.pk).update(**facts)


def test_the_door_sees_name_and_organisation_and_nothing_else(client, amina, link):
    type(amina.contact).objects.of(amina.tenant).update(phone="99 88 77 66", role="imam")
    page = text(client.get(link))
    assert "Amina Noor" in page
    assert "Sentrum moské" in page
    for hidden in ("amina@moske.example", "99 88 77 66", "imam", amina.token, amina.reply_token):
        assert hidden not in page


def test_a_tick_and_its_undoing_without_javascript(client, amina, link):
    key = f"{amina.pk}-0"
    assert client.post(f"{link}tick/", {"key": key, "here": "1"}).status_code == 302
    assert "1 av dem er kommet" in text(client.get(link))
    client.post(f"{link}tick/", {"key": key, "here": ""})
    assert "0 av dem er kommet" in text(client.get(link))


def test_opening_the_list_and_the_code_ticks_nobody(client, amina, link):
    for address in (link, f"/door/show/{codes.code_of(amina)}/", "/door/worker.js"):
        client.get(address)
        client.head(address)
    assert not Arrival.objects.of(amina.tenant).exists()


def test_who_is_not_on_the_list_is_added_once_and_an_empty_name_is_refused(client, link, tonight):
    given = {"key": str(uuid.uuid4()), "name": "Ny Gjest", "organisation": "Naboen"}
    for _ in range(2):
        assert client.post(f"{link}walk-in/", given).status_code == 302
    assert Arrival.objects.of(tonight.tenant).count() == 1
    again = client.post(f"{link}walk-in/", {"key": str(uuid.uuid4()), "name": " ", "organisation": "Naboen"})
    assert again.status_code == 200
    assert "Skriv navnet." in text(again)
    assert 'value="Naboen"' in text(again)


@pytest.mark.parametrize(
    "given",
    [{}, {"key": "x"}, {"key": "1-0", "at": "yesterday"}, {"key": "\x00", "here": "1"}, {"key": "w" * 900}],
)
def test_nonsense_is_refused_without_a_500(client, link, given):
    assert client.post(f"{link}tick/", given, headers={"X-Door": "1"}).status_code in {400, 409}


def test_before_the_day_after_the_end_and_once_taken_back_it_answers_closed(client, amina, link, tonight):
    def answer():
        response = client.get(link)
        return response.status_code, response.content, response.headers.get("Clear-Site-Data")

    assert answer()[0] == 200
    unknown = client.get("/door/unknown/")
    dead = (410, unknown.content, '"storage"')
    for facts in (
        {"starts_at": timezone.now() + 25 * HOUR, "ends_at": timezone.now() + 27 * HOUR},
        {"starts_at": timezone.now() - 5 * HOUR, "ends_at": timezone.now() - 2.1 * HOUR},
        {"locked_at": timezone.now()},
        {"state": "cancelled", "cancelled_at": timezone.now()},
    ):
        kept = {name: getattr(tonight, name) for name in facts}
        change(tonight, **facts)
        assert answer() == dead, facts
        assert client.post(f"{link}tick/", {"key": f"{amina.pk}-0", "here": "1"}).status_code == 410
        change(tonight, **kept)
        assert answer()[0] == 200
    services.revoke(DoorLink.objects.of(tonight.tenant).get(), by=None)
    assert answer() == dead
    assert not Arrival.objects.of(tonight.tenant).exists()


def test_a_square_code_tells_a_stranger_nothing(amina, link, tonight):
    address = f"/door/show/{codes.code_of(amina)}/"
    stranger = Client().get(address)
    assert stranger.status_code == 200
    assert stranger.content == Client().get("/door/show/aaaabbbbccccdddd/").content
    assert "Amina" not in text(stranger)
    assert tonight.title not in text(stranger)


def test_a_square_code_finds_the_person_on_the_doors_phone_alone(client, amina, link, tonight):
    client.get(link)
    page = client.get(f"/door/show/{codes.code_of(amina)}/", follow=True)
    assert page.redirect_chain == [(f"{link}#line-{amina.pk}-0", 302)]
    assert f'id="line-{amina.pk}-0"' in text(page)
    other = coming(event(tonight.tenant), contact(tonight.tenant, name="Fra Et Annet Møte"))
    assert "Fra Et Annet" not in text(client.get(f"/door/show/{codes.code_of(other)}/"))


def test_the_link_is_shown_once_and_kept_as_a_hash(at_desk, kari, tonight):
    desk = at_desk(kari)
    page = reverse("door-links", kwargs={"tenant": tonight.tenant.slug, "pk": tonight.pk})
    made = text(desk.post(page, {"name": "Resepsjonen"}))
    (token,) = re.findall("/door/([a-z2-7]{32})/", made)
    assert Client().get(f"/door/{token}/").status_code == 200
    assert token not in text(desk.get(page))
    assert not DoorLink.objects.of(tonight.tenant).filter(token_hash=token).exists()
    assert "Skriv hvem lenken er til." in text(desk.post(page, {"name": ""}))
    link = DoorLink.objects.of(tonight.tenant).get()
    desk.post(reverse("door-revoke", kwargs={"tenant": tonight.tenant.slug, "pk": link.pk}))
    assert Client().get(f"/door/{token}/").status_code == 410

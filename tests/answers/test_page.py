"""The invitee's page under every setting: in person or online, companions, waiting list, after the deadline."""

import datetime as dt
import itertools
import random
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers import forms as answer_forms
from invites.answers.needs.models import Need
from invites.answers.people import Person, named
from invites.answers.requests.models import AnswerRequest
from invites.answers.sections import Section
from invites.answers.services import answer
from invites.invitations.models import Invitation
from tests.factories import contact, event, invitation, organisation, question

pytestmark = pytest.mark.usefixtures("still_post")
HOUR = dt.timedelta(hours=1)
WAITING = {"reply": "waiting", "replied_at": timezone.now(), "waiting_since": timezone.now()}


def words(response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def offered(response) -> list[str]:
    """The choices drawn: what is posted, and what the invitee reads."""
    return re.findall(r'name="answer" value="(\w+)"', response.content.decode())


def chosen(response) -> list[str]:
    return re.findall(r'name="answer" value="(\w+)"[^>]*checked', response.content.decode())


def fresh(row: Invitation) -> Invitation:
    return Invitation.objects.of(row.tenant).select_related("event", "contact", "tenant").get(pk=row.pk)


def change(row: Invitation, **facts) -> None:
    Event.objects.of(row.tenant).filter(pk=row.event_id).update(**facts)


def stand(row: Invitation, **facts) -> None:
    Invitation.objects.of(row.tenant).filter(pk=row.pk).update(**facts)


def seen_by(client, row: Invitation, query: str = ""):
    return client.get(f"/rsvp/{row.token}/?lang=en{query}")


def post(client, row: Invitation, answered: str = "accepted", **fields):
    return client.post(f"/rsvp/{row.token}/?lang=en", {"answer": answered, **fields})


# --- In person or online -----------------------------------------------------------------------------------------
def test_online_is_a_yes_of_its_own_where_there_is_a_place_and_a_link(client, amina):
    assert offered(seen_by(client, amina)) == ["accepted", "online", "tentative", "declined"]
    change(amina, online_url="")
    assert offered(seen_by(client, amina)) == ["accepted", "tentative", "declined"]
    change(amina, online_url="https://video.example/x", venue="", room="", address="")
    assert offered(seen_by(client, amina)) == ["accepted", "tentative", "declined"]


@pytest.mark.parametrize(
    ("posted", "reply", "mode"),
    [
        ("accepted", "accepted", "in_person"),
        ("online", "accepted", "online"),
        ("tentative", "tentative", ""),
        ("declined", "declined", ""),
    ],
)
def test_how_somebody_takes_part_is_kept_with_the_answer(client, amina, posted, reply, mode):
    assert post(client, amina, posted).status_code == 302
    assert (fresh(amina).reply, fresh(amina).mode, amina.answers.get().mode) == (reply, mode, mode)
    assert chosen(seen_by(client, amina)) == [posted]


def test_the_page_says_that_somebody_joins_online(client, amina):
    post(client, amina, "online")
    assert "Your answer: yes, online" in words(seen_by(client, amina))


def test_the_mails_yes_does_not_turn_online_into_in_person(client, amina):
    post(client, amina, "online")
    assert chosen(seen_by(client, amina, "&answer=accepted")) == ["online"]
    assert chosen(seen_by(client, amina, "&answer=declined")) == ["declined"]


def test_online_is_no_answer_where_nobody_can_join_online(client, amina):
    change(amina, online_url="")
    refused = post(client, amina, "online", comment="Hei")
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["answer"])
    assert ("Hei" in refused.content.decode(), amina.answers.count()) == (True, 0)


# --- Companions ------------------------------------------------------------------------------------------------------
def test_a_person_may_name_as_many_as_the_quota_leaves_and_only_by_name(client, amina):
    stand(amina, quota=3)
    page = seen_by(client, amina).content.decode()
    assert re.findall(r'name="((?:name|role|email)_\d+)"', page) == ["name_1", "name_2"]
    assert ("Who comes with you? (2 people at most)" in " ".join(page.split()), "<details" in page) == (
        True,
        True,
    )
    stand(amina, quota=1)
    assert "name_1" not in seen_by(client, amina).content.decode()


def test_companions_take_a_seat_each_and_are_shown_and_can_be_changed(client, amina):
    stand(amina, quota=3)
    assert post(client, amina, name_1="Bashir", name_2="Carla").status_code == 302
    assert (fresh(amina).party, fresh(amina).event.seats_taken) == (3, 3)
    page = seen_by(client, amina).content.decode()
    assert (">Bashir</li><li" in page, 'value="Carla"' in page) == (True, True)
    assert '<details class="ds-details" open>' in page

    post(client, amina, name_1="", name_2="Carla")
    assert (named(fresh(amina)), fresh(amina).event.seats_taken) == ((Person("Carla"),), 2)
    post(client, amina)
    assert (named(fresh(amina)), fresh(amina).party, fresh(amina).event.seats_taken) == ((), 1, 1)


def test_a_no_forgets_companions_and_what_is_wrong_with_them(client, amina):
    stand(amina, quota=3)
    post(client, amina, name_1="Bashir")
    assert post(client, amina, "declined", name_1="B" * 201).status_code == 302
    assert (named(fresh(amina)), fresh(amina).event.seats_taken) == ((), 0)


@pytest.mark.parametrize("name", ["B" * 201, "Bash\x00ir"])
def test_a_wrong_name_stands_in_an_open_fold_with_all_that_was_typed(client, amina, name):
    stand(amina, quota=3)
    refused = post(client, amina, "online", name_1=name, name_2="Carla", comment="Takk")
    page = refused.content.decode()
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["name_1"])
    assert [part in page for part in ("<details", " open>", 'value="Carla"', "Takk")] == [True] * 4
    assert (chosen(refused), amina.answers.count()) == (["online"], 0)


def test_too_many_companions_for_the_seats_are_told_beside_the_first_who_does_not_fit(client, amina):
    stand(amina, quota=3)
    change(amina, capacity=2, waitlist="none")
    refused = post(client, amina, name_1="Bashir", name_2="Carla")
    assert (refused.status_code, list(refused.context["form"].errors)) == (409, ["name_2"])
    assert "There are 2 seats, with yours. Take out those who do not fit." in words(refused)
    change(amina, capacity=1)
    refused = post(client, amina, name_1="Bashir", name_2="Carla")
    assert list(refused.context["form"].errors) == ["name_1"]
    assert "There is a seat for you only. Take out those who come with you." in words(refused)


# --- Full, waiting, offered --------------------------------------------------------------------------------------
def fill(row: Invitation) -> None:
    change(row, capacity=1)
    answer(fresh(invitation(row.event)), reply="accepted", comment="", source="web")


@pytest.mark.parametrize(
    ("waitlist", "choices", "told"),
    [
        ("none", ["online", "tentative", "declined"], "You can still answer maybe or no."),
        ("offer", ["accepted", "online", "tentative", "declined"], "put yourself on the waiting list"),
        ("automatic", ["accepted", "online", "tentative", "declined"], "put yourself on the waiting list"),
    ],
)
def test_a_full_event_says_what_a_yes_means_now(client, amina, waitlist, choices, told):
    fill(amina)
    change(amina, waitlist=waitlist)
    page = seen_by(client, amina)
    assert (offered(page), told in words(page)) == (choices, True)
    assert "You can still take part online." in words(page)
    assert ("Yes, put me on the waiting list" in words(page)) == (waitlist != "none")
    change(amina, online_url="")
    assert "online" not in offered(seen_by(client, amina))


def test_who_holds_a_seat_does_not_read_that_all_are_taken(client, amina):
    change(amina, capacity=1)
    post(client, amina)
    page = words(seen_by(client, amina))
    assert ("All seats are taken" in page, "waiting list" in page) == (False, False)


def test_who_waits_is_told_so_in_plain_words_and_not_the_place_in_line(client, amina):
    fill(amina)
    stand(amina, **WAITING)
    page = seen_by(client, amina)
    assert "You are on the waiting list" in words(page)
    assert "All seats are taken" not in words(page)
    assert chosen(page) == ["accepted"]
    assert "Yes, I stay on the waiting list" in words(page)
    assert "No, take me off the waiting list" in words(page)
    assert "Rådhusgata" not in words(page)


def test_an_open_offer_is_a_yes_or_a_no_with_its_end(client, amina):
    fill(amina)
    until = dt.datetime(2031, 1, 8, 12, tzinfo=dt.UTC)
    stand(amina, **WAITING, offered_until=until)
    page = seen_by(client, amina)
    assert "A seat is free for you until Wednesday 8 January 2031 at 13:00" in words(page)
    assert (offered(page), "Yes, I take the seat" in words(page)) == (
        ["accepted", "online", "declined"],
        True,
    )
    stand(amina, offered_until=timezone.now() - HOUR)
    assert "A seat is free for you" not in words(seen_by(client, amina))


def test_a_seat_on_offer_is_taken_after_the_deadline_too(client, amina):
    now = timezone.now()
    stand(amina, **WAITING, offered_until=now + HOUR)
    change(amina, answer_by=now - HOUR, capacity=1, seats_taken=1)
    page = seen_by(client, amina)
    assert ("Yes, I take the seat" in words(page), "Ask the organiser" in words(page)) == (True, False)
    assert post(client, amina).status_code == 302
    assert fresh(amina).reply == "accepted"


# --- Taking a yes back -----------------------------------------------------------------------------------------------
def test_who_comes_can_take_it_back_in_one_obvious_way(client, amina):
    assert "I cannot come after all" not in words(seen_by(client, amina))
    post(client, amina)
    page = seen_by(client, amina)
    (way,) = re.findall(r'href="(\?[^"]*#answer)"', page.content.decode())
    assert way == "?lang=en&amp;answer=declined#answer"
    assert chosen(client.get(f"/rsvp/{amina.token}/?lang=en&answer=declined")) == ["declined"]
    assert fresh(amina).reply == "accepted"
    post(client, amina, "declined")
    assert fresh(amina).reply == "declined"


# --- After the deadline ----------------------------------------------------------------------------------------------
def test_after_the_deadline_the_form_asks_the_organiser(client, amina):
    stand(amina, quota=2)
    change(amina, answer_by=timezone.now() - HOUR)
    page = seen_by(client, amina)
    assert "The answer deadline has passed" in words(page)
    assert "Ask the organiser" in words(page)
    assert offered(page) == ["accepted", "online", "declined"]

    assert post(client, amina, "online", comment="Beklager", name_1="Bashir", ask="1").status_code == 302
    asked = AnswerRequest.objects.of(amina.tenant).get()
    assert (asked.reply, asked.mode, asked.comment) == ("accepted", "online", "Beklager")
    assert asked.people == [["Bashir", "", ""]]
    assert (fresh(amina).reply, amina.answers.count(), fresh(amina).event.seats_taken) == ("", 0, 0)
    assert "The organiser has your request" in words(seen_by(client, amina))


def test_who_opened_the_page_before_the_deadline_reads_that_it_passed_before_anything_is_asked(client, amina):
    change(amina, answer_by=timezone.now() - HOUR)
    told = post(client, amina, "online", comment="Vi blir to.")
    assert (told.status_code, "The answer deadline has passed" in words(told)) == (409, True)
    assert (chosen(told), "Vi blir to." in words(told), "Ask the organiser" in words(told)) == (
        ["online"],
        True,
        True,
    )
    assert not AnswerRequest.objects.of(amina.tenant).exists()


def test_asking_too_often_is_refused_with_a_reason_and_nothing_typed_is_lost(client, amina):
    change(amina, answer_by=timezone.now() - HOUR)
    for n in range(20):
        assert post(client, amina, "accepted", comment=f"Nr. {n}", ask="1").status_code == 302
    refused = post(client, amina, "accepted", comment="Enda en", ask="1")
    assert refused.status_code == 409
    assert "You have asked as many times as one may." in words(refused)
    assert "Enda en" in refused.content.decode()


# --- What other rooms ask along with the answer ----------------------------------------------------------------------
@pytest.fixture
def bus(monkeypatch):
    """A section with one field that must be answered with a yes, and what was kept of it."""
    kept: list[str] = []
    section = Section(
        "Spørsmål om bussen",
        "Bussen går fra torget.",
        lambda invitation: {
            "q_bus": forms.CharField(label="Hvor går du på?", error_messages={"required": "Skriv hvor."}),
            "q_back": forms.IntegerField(label="Plasser hjem", initial=2, required=False),
        },
        lambda invitation, said: lambda row: kept.append(f"{row.pk}: {said['q_bus']}, {said['q_back']}"),
    )
    monkeypatch.setattr(answer_forms, "SECTIONS", [section])
    return kept


def test_a_section_is_drawn_under_its_heading_and_kept_with_the_answer(client, amina, bus):
    page = words(seen_by(client, amina))
    assert [part in page for part in ("Spørsmål om bussen", "Bussen går fra torget.", "Hvor går du på?")] == [
        True
    ] * 3
    assert post(client, amina, q_bus="Torget", q_back="0").status_code == 302
    assert bus == [f"{amina.pk}: Torget, 0"]


def test_a_section_is_asked_for_with_a_yes_only_and_keeps_what_was_typed(client, amina, bus):
    refused = post(client, amina, q_bus="", q_back="mange", comment="Hei")
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (200, ["q_back", "q_bus"])
    assert [part in refused.content.decode() for part in ("Skriv hvor.", 'value="mange"', "Hei")] == [
        True
    ] * 3
    assert post(client, amina, "declined", q_back="mange").status_code == 302
    assert (fresh(amina).reply, bus) == ("declined", [])


def test_questions_and_needs_stand_once_each_and_needs_say_what_a_tick_agrees_to(client, amina):
    question(amina.event, label="Hvilken gruppe?")
    page = seen_by(client, amina)
    html, text = page.content.decode(), words(page)
    titles = [f"<summary>{title}</summary>" for title in ("Questions from the organiser", "Needs")]
    assert [html.count(title) for title in titles] == [1, 1]
    assert html.index(titles[0]) < html.index(titles[1])
    assert "By ticking you agree that it is kept for this meeting" in text
    assert "Your answers are deleted if you change your answer to no or maybe." in text


def test_a_request_after_the_deadline_does_not_ask_for_what_goes_with_a_yes(client, amina, bus):
    change(amina, answer_by=timezone.now() - HOUR)
    assert "Spørsmål om bussen" not in words(seen_by(client, amina))
    assert post(client, amina, ask="1").status_code == 302


def test_what_is_needed_and_the_organisers_questions_are_asked_with_the_answer(client, amina):
    page = seen_by(client, amina)
    assert "<summary>Needs</summary>" in page.content.decode()
    assert post(client, amina, need_kinds=["access"], need_access="Trinnfritt").status_code == 302
    assert Need.objects.of(amina.tenant).count() == 1
    again = seen_by(client, amina)
    assert "Trinnfritt" not in again.content.decode()
    post(client, amina, "declined")
    assert not Need.objects.of(amina.tenant).exists()


# --- Every setting -----------------------------------------------------------------------------------------------
SETTINGS = list(
    itertools.product(
        ("none", "offer", "automatic"),  # waiting list
        (None, 0, 5),  # seats
        (0, 2),  # companions
        (False, True),  # an organisation is asked
        ("", "https://video.example/x"),
        (False, True),  # after the deadline
    )
)


@pytest.mark.parametrize("standing", ["", "accepted", "tentative", "declined", "waiting", "offered"])
def test_the_page_and_each_choice_on_it_work_with_every_setting(client, sandefjord, standing):
    person = contact(sandefjord, name="Amina Noor", organisation=organisation(sandefjord))
    some = random.Random(standing).sample(
        SETTINGS, 16
    )  # other ones for each standing answer, the same in every run
    for waitlist, capacity, more, asks_organisation, url, late in some:
        meeting = event(sandefjord, waitlist=waitlist, capacity=capacity, companions=more, online_url=url)
        row = invitation(meeting, contact=person, for_organisation=asks_organisation, quota=1 + more)
        stand(row, **standing_facts(standing))
        if late:
            change(row, answer_by=timezone.now() - HOUR)
        page = seen_by(client, row)
        assert page.status_code == 200
        choices = offered(page)
        assert choices[-1] == "declined"
        for said in choices:
            taken = post(client, row, said, name_1="Bashir", ask="1")
            assert taken.status_code in (302, 409), (said, waitlist, capacity)
            assert seen_by(client, row).status_code == 200


def standing_facts(standing: str) -> dict:
    if not standing:
        return {}
    if standing in ("waiting", "offered"):
        until = timezone.now() + HOUR if standing == "offered" else None
        return {**WAITING, "offered_until": until}
    return {"reply": standing, "replied_at": timezone.now()}


# --- Budget ------------------------------------------------------------------------------------------------------
def test_the_fullest_page_and_its_styles_weigh_at_most_30_kB(client, amina):
    """Companions, needs, a standing yes with names, a programme and a long purpose; nothing in the browser's cache.

    As a browser gets it over TLS: the page in gzip, its styles in brotli.
    """
    change(amina, purpose="Trygghet i sentrum. " * 40, companions=10)
    stand(amina, quota=11)
    post(
        client, amina, q_bus="Torget", comment="x" * 500, **{f"name_{n}": f"Person {n}" for n in range(1, 11)}
    )
    page = client.get(f"/rsvp/{amina.token}/").content
    names = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    paths = [finders.find(name.decode()) for name in names]
    if not all(paths):
        pytest.skip("the npm packages are absent")
    packed = client.get(f"/rsvp/{amina.token}/", headers={"accept-encoding": "gzip, br"}).content
    sheets = [brotli.compress(Path(str(path)).read_bytes()) for path in paths]

    assert len(sheets) >= 3
    assert len(packed) + sum(len(sheet) for sheet in sheets) <= 30_000

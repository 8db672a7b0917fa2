"""An organisation names its people itself: with its yes, one seat each, and renames them until the deadline."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.gatherings.models import Event
from invites.answers.mails import compose_receipts
from invites.answers.people import Person, named
from invites.answers.services import Closed, Full, answer
from invites.invitations import overview
from invites.invitations import services as inviting
from invites.invitations.models import Invitation, Representative
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation
from tests.invitations.telling import later, sent, tell

pytestmark = pytest.mark.usefixtures("still_post")
AMINA, BASHIR, CARLA = (
    Person("Amina Noor", "styreleder", "amina@moske.example"),
    Person("Bashir"),
    Person("Carla"),
)


@pytest.fixture
def asked(sandefjord, meeting):
    """Nordre moské, asked through Amina Noor to send up to three people."""
    mosque = organisation(sandefjord, name="Nordre moské", kind="faith")
    amina = contact(sandefjord, name="Amina Noor", email="amina@nordre.example", organisation=mosque)
    return invitation(meeting, contact=amina, for_organisation=True, quota=3)


def fresh(row: Invitation) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=row.pk)


def say(row, reply, *people, source="web", by=None, comment=""):
    return answer(fresh(row), reply=reply, comment=comment, source=source, by=by, people=people)


def seats(meeting) -> int:
    return Event.objects.of(meeting.tenant).get(pk=meeting.pk).seats_taken


def parties(row) -> list[tuple[str, int]]:
    return list(row.answers.order_by("answered_at").values_list("reply", "party"))


# --- Taking them -------------------------------------------------------------------------------------------------
def test_a_yes_takes_a_seat_for_each_of_those_named(asked, meeting):
    say(asked, "accepted", AMINA, BASHIR)
    assert (fresh(asked).party, seats(meeting), named(asked)) == (2, 2, (AMINA, BASHIR))


def test_renaming_is_a_new_answer_with_a_receipt_and_moves_no_seat(asked, meeting):
    say(asked, "accepted", AMINA, BASHIR)
    say(asked, "accepted", AMINA, CARLA)
    assert (seats(meeting), named(asked)) == (2, (AMINA, CARLA))
    assert parties(asked) == [("accepted", 2), ("accepted", 2)]
    assert OutgoingMail.objects.of(meeting.tenant).filter(kind="receipt").count() == 2


def test_the_same_names_again_are_one_answer(asked, meeting):
    first, second = say(asked, "accepted", AMINA, BASHIR), say(asked, "accepted", AMINA, BASHIR)
    assert (first, asked.answers.count(), seats(meeting)) == (second, 1, 2)


def test_fewer_people_free_seats_and_a_no_frees_all_and_forgets_the_names(asked, meeting):
    say(asked, "accepted", AMINA, BASHIR, CARLA)
    say(asked, "accepted", CARLA)
    assert (seats(meeting), named(asked)) == (1, (CARLA,))
    say(asked, "declined")
    assert (seats(meeting), named(asked), fresh(asked).party) == (0, (), 1)
    assert parties(asked) == [("accepted", 3), ("accepted", 1), ("declined", 1)]


def test_a_yes_without_names_keeps_those_that_are_there(asked, meeting):
    say(asked, "accepted", AMINA, BASHIR)
    say(asked, "accepted", comment="Vi kommer")  # a calendar knows no names
    assert (seats(meeting), named(asked)) == (2, (AMINA, BASHIR))


def test_a_first_yes_without_names_is_one_person(asked, meeting):
    say(asked, "accepted")
    assert (seats(meeting), named(asked), fresh(asked).party) == (1, (), 1)


def test_a_party_gets_in_as_a_whole_or_not_at_all(asked, meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(waitlist="none", capacity=2)
    with pytest.raises(Full) as refusal:
        say(asked, "accepted", AMINA, BASHIR, CARLA)
    assert (refusal.value.room, seats(meeting), named(asked), asked.answers.count()) == (2, 0, (), 0)


def test_seats_held_already_count_as_room(asked, meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(waitlist="none", capacity=2)
    say(asked, "accepted", AMINA)
    with pytest.raises(Full) as refusal:
        say(asked, "accepted", AMINA, BASHIR, CARLA)
    assert (refusal.value.room, seats(meeting), named(asked)) == (2, 1, (AMINA,))


def test_names_are_refused_where_nobody_asked_for_them(asked, amina):
    with pytest.raises(ValueError, match="only an organisation"):
        say(amina, "accepted", BASHIR)
    with pytest.raises(ValueError, match="more people"):
        say(asked, "accepted", AMINA, BASHIR, CARLA, Person("Dina"))
    assert (amina.answers.count(), asked.answers.count()) == (0, 0)


def test_the_database_refuses_a_party_beyond_the_quota(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.of(asked.tenant).filter(pk=asked.pk).update(party=4)


def test_after_the_deadline_only_staff_may_rename(asked, meeting, kari):
    say(asked, "accepted", AMINA)
    Event.objects.of(meeting.tenant).update(answer_by=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(Closed):
        say(asked, "accepted", BASHIR)
    assert named(asked) == (AMINA,)
    say(asked, "accepted", BASHIR, source="staff", by=kari)
    assert named(asked) == (BASHIR,)


def test_names_given_to_an_older_time_are_offered_again_and_hold_nothing(asked, meeting, amina, client):
    say(asked, "accepted", AMINA, BASHIR)
    moved = later(meeting)
    sent(asked)
    tell(moved, asks_again=True)
    assert (fresh(asked).reply, fresh(asked).party, seats(meeting)) == ("", 1, 0)
    assert 'value="Bashir"' in client.get(f"/rsvp/{asked.token}/").text
    (line,) = [guest for guest in overview.guests(moved, rows_of(moved)) if guest.pk == asked.pk]
    assert (line.named, line.seats) == ((), 0)
    say(asked, "accepted")  # from a calendar: nobody is named for the new time
    assert (named(asked), fresh(asked).party, seats(meeting)) == ((), 1, 1)


def rows_of(meeting):
    return overview.with_answers(overview.invitations(meeting))


def test_withdrawing_frees_the_seats_of_all(asked, meeting, kari):
    say(asked, "accepted", AMINA, BASHIR)
    inviting.withdraw(asked, by=kari)  # read before the answer: it looks again by itself
    assert seats(meeting) == 0


def test_a_plain_answer_still_takes_four_statements(amina, asked):
    def statements(row, *people):
        read = fresh(row)
        with CaptureQueriesContext(connection) as caught:
            answer(read, reply="accepted", comment="", source="web", people=people)
        return [
            q["sql"].split()[0]
            for q in caught
            if q["sql"].split()[0] in ("UPDATE", "INSERT", "DELETE", "SELECT")
        ]

    assert statements(amina) == ["UPDATE", "UPDATE", "INSERT", "INSERT"]
    assert len(statements(asked, AMINA, BASHIR)) == 6  # the names: out with the old, in with the new


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from(["accepted", "tentative", "declined"]), st.integers(0, 3)
        ),
        max_size=8,
    )
)
def test_seats_are_always_the_sum_of_the_parties_that_said_yes(sandefjord, steps):
    meeting = event(sandefjord, waitlist="none", capacity=5)
    rows = [invitation(meeting, for_organisation=True, quota=3) for _ in range(3)]
    for who, reply, many in steps:
        try:
            say(rows[who], reply, *(Person(f"P {n}") for n in range(many)))
        except Full:
            continue
    coming = [fresh(row) for row in rows if fresh(row).reply == "accepted"]
    assert seats(meeting) == sum(row.party for row in coming) <= 5
    assert all(len(named(row)) in (0, row.party) for row in coming)
    others = Representative.objects.of(sandefjord).exclude(invitation__reply="accepted")
    assert others.filter(invitation__event=meeting).count() == 0


# --- The invitee's page ------------------------------------------------------------------------------------------
def post(client, row, answered="accepted", **fields):
    return client.post(f"/rsvp/{row.token}/?lang=en", {"answer": answered, "comment": "", **fields})


def test_the_page_asks_an_organisation_for_as_many_names_as_its_quota(client, asked, amina):
    page = client.get(f"/rsvp/{asked.token}/?lang=en").content.decode()
    assert "Your organisation may send up to 3 people." in page
    assert re.findall(r'name="(name_\d+)"', page) == ["name_1", "name_2", "name_3"]
    assert "name_1" not in client.get(f"/rsvp/{amina.token}/").content.decode()


def test_a_yes_with_names_is_taken_and_they_can_be_changed_on_the_page(client, asked, meeting):
    assert post(client, asked, name_1="Amina Noor", role_1="styreleder", name_2="Bashir").status_code == 302
    page = client.get(f"/rsvp/{asked.token}/?lang=en").content.decode()
    assert ('value="Bashir"' in page, ">Amina Noor, styreleder</li>" in page) == (True, True)

    assert post(client, asked, name_1="Amina Noor", role_1="styreleder", name_2="Carla").status_code == 302
    assert (named(asked), seats(meeting)) == ((Person("Amina Noor", "styreleder"), CARLA), 2)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({}, "name_1", "Write the name of at least one person who will come."),
        ({"name_1": "Amina", "role_2": "imam"}, "name_2", "Write the name too."),
        ({"name_1": "Amina", "email_1": "amina(at)x"}, "email_1", None),
        ({"name_1": "A" * 201}, "name_1", None),
        ({"name_1": "Am\x00ina"}, "name_1", None),
    ],
)
def test_what_is_wrong_with_a_name_stands_beside_it_and_nothing_typed_is_lost(
    client, asked, fields, field, message
):
    response = post(client, asked, **{"comment": "Takk", **fields})
    form = response.context["form"]
    assert (response.status_code, list(form.errors), asked.answers.count()) == (200, [field], 0)
    page = response.content.decode()
    assert ("Takk" in page, message is None or message in page) == (True, True)
    assert all(value in page or "\x00" in value for value in fields.values())


def test_a_line_end_in_a_name_is_taken_out(client, asked):
    post(client, asked, name_1="Amina\r\nBcc: x@y.example")
    assert [one.name for one in named(asked)] == ["Amina Bcc: x@y.example"]


def test_what_is_wrong_with_the_names_holds_up_no_no(client, asked):
    assert post(client, asked, "declined", name_1="Amina", email_1="nonsense").status_code == 302
    assert (fresh(asked).reply, named(asked)) == ("declined", ())


def test_too_many_for_the_seats_is_told_beside_the_first_who_does_not_fit(client, asked, meeting):
    Event.objects.of(meeting.tenant).update(waitlist="none", capacity=2)
    response = post(client, asked, name_1="Amina", name_2="Bashir", name_3="Carla")
    assert response.status_code == 409
    assert list(response.context["form"].errors) == ["name_3"]
    page = response.content.decode()
    assert "There is room for 2 people only. Name no more than that." in page
    assert 'value="Carla"' in page


def test_more_rows_than_the_quota_are_not_read(client, asked):
    post(client, asked, name_1="Amina", name_4="Dina")
    assert [one.name for one in named(asked)] == ["Amina"]


def test_after_the_deadline_names_are_changed_by_the_organiser_only(client, asked, meeting):
    post(client, asked, name_1="Amina Noor")
    Event.objects.of(meeting.tenant).update(answer_by=timezone.now() - dt.timedelta(minutes=1))
    page = client.get(f"/rsvp/{asked.token}/?lang=en").content.decode()
    assert (">Amina Noor</li>" in page, "Ask the organiser" in page) == (True, True)

    assert post(client, asked, name_1="Bashir", ask="1").status_code == 302
    assert [one.name for one in named(asked)] == ["Amina Noor"]


def test_other_invitees_never_see_the_names(client, asked, amina):
    post(client, asked, name_1="Bashir Hemmelig")
    say(amina, "accepted")
    assert "Hemmelig" in client.get(f"/rsvp/{asked.token}/").content.decode()
    assert "Hemmelig" not in client.get(f"/rsvp/{amina.token}/").content.decode()


def test_the_receipt_names_those_who_come(asked, meeting):
    say(asked, "accepted", AMINA, BASHIR)
    mail = OutgoingMail.objects.of(meeting.tenant).get(kind="receipt")
    letter = compose_receipts([mail])[mail.pk]
    assert ("- Amina Noor, styreleder\n- Bashir" in letter.text, "<br>Bashir" in letter.html) == (True, True)


# --- By telephone ------------------------------------------------------------------------------------------------
def test_staff_record_the_names_told_on_the_telephone(at_desk, kari, asked):
    client, url = at_desk(kari), f"/t/sandefjord/invitations/{asked.pk}/answer/"
    assert 'name="name_3"' in client.get(url).content.decode()
    client.post(url, {"answer": "accepted", "source": "phone", "name_1": "Amina Noor", "name_3": "Carla"})
    assert named(asked) == (Person("Amina Noor"), CARLA)
    assert 'value="Carla"' in client.get(url).content.decode()


def test_staff_may_record_a_yes_before_they_know_the_names(at_desk, kari, asked, meeting):
    at_desk(kari).post(
        f"/t/sandefjord/invitations/{asked.pk}/answer/", {"answer": "accepted", "source": "phone"}
    )
    assert (fresh(asked).reply, named(asked), seats(meeting)) == ("accepted", (), 1)

"""The organiser's page for seats: what it shows, what it changes, and that a second click does no harm."""

import pytest
from django.urls import reverse

from events.directory.groups.rules import Rule
from invites.answers.seats import services
from invites.answers.seats.mails import compose_offers
from invites.answers.seats.models import SeatGroup
from invites.post.models import OutgoingMail
from tests.answers.seats.conftest import change, fresh, now, replies, say
from tests.queries import queries_of

pytestmark = pytest.mark.usefixtures("still_post")


def url(name, pk):
    return reverse(name, kwargs={"tenant": "sandefjord", "pk": pk})


def html(response):
    return response.content.decode()


@pytest.fixture
def desk(at_desk, kari):
    kari.language = "en"
    kari.save()
    return at_desk(kari)


def test_the_page_tells_seats_the_mix_and_who_waits_and_why(desk, small, guest):
    first, second = guest(), guest("police")
    services.save_group(small, by=None, name="Politi", rule=Rule(kinds=("police",)), target=2)
    say(first)
    say(second)
    page = html(desk.get(url("event-seats", small.pk)))
    assert "1 of 1 taken, 0 free" in page
    assert "0 of 2 it should have" in page
    assert "Politi had 0 of 2 seats, the furthest below its target." in page
    assert second.contact.name in page


def test_the_rules_are_saved_and_saving_again_changes_nothing(desk, small):
    given = {
        "capacity": "5",
        "waitlist": "automatic",
        "per_organisation": "2",
        "companions": "1",
        "substitutes": "none",
    }
    for _ in range(2):
        assert desk.post(url("event-seats-edit", small.pk), given).status_code == 302
    event = now(small)
    assert (event.capacity, event.waitlist, event.per_organisation, event.companions) == (
        5,
        "automatic",
        2,
        1,
    )


def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_lost(desk, small):
    response = desk.post(url("event-seats-edit", small.pk), {"capacity": "mange", "waitlist": "offer"})
    page = html(response)
    assert 'href="#id_capacity"' in page
    assert 'value="mange"' in page
    assert now(small).capacity == 1


def test_fewer_seats_than_taken_asks_what_to_do_on_both_forms(desk, small, guest):
    change(small, capacity=3)
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    given = {"capacity": "1", "waitlist": "offer", "companions": "0", "substitutes": "none"}
    page = html(desk.post(url("event-seats-edit", small.pk), given))
    link = url("event-seats-fewer", small.pk) + "?capacity=1"
    assert "3 seats are taken." in page
    assert f'href="{link}"' in page
    assert replies(*rows) == ["accepted"] * 3

    page = html(desk.get(link))
    assert page.count(" checked>") == 2
    refused = desk.post(url("event-seats-fewer", small.pk), {"capacity": "1", "chosen": [rows[0].pk]})
    assert "This is not enough: 1 more seat must become free." in html(refused)
    chosen = {"capacity": "1", "chosen": [rows[1].pk, rows[2].pk]}
    for _ in range(2):
        assert desk.post(url("event-seats-fewer", small.pk), chosen).status_code == 302
    assert replies(*rows) == ["accepted", "waiting", "waiting"]


def test_a_group_is_made_changed_and_removed(desk, small, guest):
    officer = guest("police")
    desk.post(url("seat-group-create", small.pk), {"name": "Politi", "types": ["police"], "target": "2"})
    group = SeatGroup.objects.of(small.tenant).get()
    assert (fresh(officer).seat_group, group.target) == (group, 2)
    refused = desk.post(url("seat-group-create", small.pk), {"name": "Politi"})
    assert "This meeting has a group of that name already." in html(refused)
    refused = desk.post(url("seat-group-edit", group.pk), {"name": "Politi", "target": "3", "most": "2"})
    assert "This is more than the group may have at most." in html(refused)
    desk.post(url("seat-group-remove", group.pk))
    assert not SeatGroup.objects.of(small.tenant).exists()


def test_an_invitee_is_put_into_a_group_by_hand(desk, small, guest):
    group = services.save_group(small, by=None, name="Ungdom", rule=None)
    row = guest()
    assert desk.post(url("seat-group-choose", row.pk), {"group": group.pk}).status_code == 302
    assert fresh(row).seat_group == group


def test_offering_and_moving_up_twice_does_it_once(desk, small, guest):
    rows = [guest() for _ in range(3)]
    for row in rows:
        say(row)
    for _ in range(2):
        desk.post(url("seat-move-up", rows[2].pk))
    assert fresh(rows[2]).waiting_rank == 1
    change(small, waitlist="none", capacity=2)
    for _ in range(2):
        desk.post(url("seat-offer", rows[1].pk))
    assert (fresh(rows[1]).offered_until is not None, now(small).seats_taken) == (True, 2)


def test_the_page_asks_as_many_questions_for_one_who_waits_as_for_three(desk, small, guest):
    say(guest())
    say(guest())
    one = queries_of(desk, url("event-seats", small.pk))
    say(guest())
    say(guest())
    assert queries_of(desk, url("event-seats", small.pk)) == one


def test_the_offer_is_a_mail_with_yes_and_no_and_the_time_in_the_invitees_language(small, guest):
    first, second = guest(), guest(language="en")
    say(first)
    say(second)
    say(first, "declined")
    mail = OutgoingMail.objects.of(small.tenant).get(kind="seat_offer")
    letter = compose_offers([mail])[mail.pk]
    assert letter.subject == "A seat is free for you: Ungdomsråd"
    assert f"/rsvp/{second.token}/?answer=accepted" in letter.text
    assert f"/rsvp/{second.token}/?answer=declined" in letter.html
    assert "Please answer by" in letter.text
    assert "Rådhusgata" not in letter.text  # the address is for those who come
    say(second, "declined")
    assert compose_offers([mail])[mail.pk].state == "superseded"

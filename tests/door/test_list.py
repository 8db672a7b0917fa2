"""The list at the door: who is expected, no more about them than a doorkeeper needs, in few queries."""

import pytest
from django.utils import timezone

from invites.answers.door import codes, pdf, services
from invites.answers.door.lines import door_list
from invites.answers.door.models import Arrival
from invites.invitations.models import Representative
from tests.door.conftest import HOUR, coming
from tests.factories import contact, invitation, organisation


def names(event):
    return [(one.name, one.organisation, bool(one.arrived)) for one in door_list(event).lines]


def test_only_those_who_come_in_person_are_on_the_list(tonight, amina):
    for reply in ("declined", "tentative"):
        invitation(tonight, reply=reply, replied_at=timezone.now())
    invitation(tonight)
    coming(tonight, contact(tonight.tenant, name="På Nett"), mode="online")
    coming(tonight, contact(tonight.tenant, name="Trukket"), revoked_at=timezone.now())
    assert names(tonight) == [("Amina Noor", "Sentrum moské", False)]


def test_an_organisations_people_have_a_line_each_and_unnamed_ones_are_its_guests(tonight):
    lag = organisation(tonight.tenant, name="Laget")
    row = coming(
        tonight,
        contact(tonight.tenant, name="Kari Leder", organisation=lag),
        for_organisation=True,
        quota=3,
        party=2,
    )
    Representative.objects.create(tenant=tonight.tenant, invitation=row, position=1, name="Ola Medlem")
    assert names(tonight) == [("Gjest av Laget", "Laget", False), ("Ola Medlem", "Laget", False)]


def test_who_brings_somebody_has_a_line_for_each(tonight):
    row = coming(tonight, contact(tonight.tenant, name="Kari", organisation=None), quota=2, party=2)
    assert names(tonight) == [("Gjest av Kari", "", False), ("Kari", "", False)]
    Representative.objects.create(tenant=tonight.tenant, invitation=row, position=1, name="Lise")
    assert [name for name, *_ in names(tonight)] == ["Kari", "Lise"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_three_queries_however_many_come(tonight, django_assert_num_queries, number):
    for n in range(number):
        row = coming(tonight, contact(tonight.tenant, name=f"Person {n}"), for_organisation=True, quota=2)
        Representative.objects.create(tenant=tonight.tenant, invitation=row, position=1, name=f"Gjest {n}")
    with django_assert_num_queries(3):
        assert len(door_list(tonight).lines) == number


def test_a_tick_sent_twice_and_late_is_one_arrival_at_its_own_time(tonight, amina):
    at = timezone.now() - HOUR
    for _ in range(3):
        services.tick(tonight, key=f"{amina.pk}-0", here=True, at=at)
    (row,) = Arrival.objects.of(tonight.tenant)
    assert row.arrived_at == at


def test_the_newest_word_of_two_phones_stands_whatever_order_they_come_in(tonight, amina):
    now, key = timezone.now(), f"{amina.pk}-0"
    words = [(True, now - 3 * HOUR / 60), (False, now - 2 * HOUR / 60), (True, now - HOUR / 60)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]):
        Arrival.objects.of(tonight.tenant).all().delete()
        for n in order:
            services.tick(tonight, key=key, here=words[n][0], at=words[n][1])
        assert door_list(tonight).came == 1
    services.tick(tonight, key=key, here=False)
    assert door_list(tonight).came == 0


def test_a_clock_that_is_wrong_cannot_hold_a_line_for_ever(tonight, amina):
    services.tick(tonight, key=f"{amina.pk}-0", here=True, at=timezone.now() + 1000 * HOUR)
    services.tick(tonight, key=f"{amina.pk}-0", here=False)
    assert door_list(tonight).came == 0


@pytest.mark.parametrize("key", ["", "-", "0-0", "x-0", "1-x", "999999999999999999999-0", "1-99999", "²-0"])
def test_a_line_of_nobody_is_refused(tonight, key):
    with pytest.raises(services.NotExpected):
        services.tick(tonight, key=key, here=True)


def test_a_line_of_another_meeting_or_of_who_said_no_is_refused(tonight, amina, kristiansand):
    other = invitation(tonight, reply="declined", replied_at=timezone.now())
    for key in (f"{other.pk}-0", f"{amina.pk}-1"):
        with pytest.raises(services.NotExpected):
            services.tick(tonight, key=key, here=True)
    assert not Arrival.objects.of(tonight.tenant).exists()


def test_a_square_code_finds_its_line_and_no_other(tonight, amina, settings):
    ola = coming(tonight, contact(tonight.tenant, name="Ola"))
    assert codes.find(codes.code_of(ola), [amina, ola]) == ola
    assert codes.find(codes.code_of(ola).upper(), [amina, ola]) == ola
    assert codes.find("a" * 16, [amina, ola]) is None
    assert codes.find("æøå", [amina, ola]) is None
    code = codes.code_of(ola)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "y" * 60
    assert codes.find(code, [amina, ola]) == ola


def test_the_list_on_paper_names_who_comes_also_in_arabic_and_nobodys_address(tonight, amina):
    coming(tonight, contact(tonight.tenant, name="مريم النعيمي", email="m@x.example"))
    body = pdf.render(tonight, door_list(tonight), on=timezone.now())
    import io

    import pypdf

    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "Amina Noor" in text
    assert "Sentrum moské" in text
    assert "[U+" not in text
    assert "@" not in text

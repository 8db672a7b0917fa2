"""Networks: who is a member, and since when, as exactly as anybody knows."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.dates import VagueDate, parse, read
from events.directory.networks import services
from events.directory.networks.models import NetworkMember
from tests.factories import network, network_member, organisation
from tests.queries import queries_of

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def text_of(answer):
    return " ".join(answer.content.decode().split())


# --- Vague dates, as they are typed ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "language", "means"),
    [
        ("september 2016", "nb", ("2016-09-01", "month")),
        ("  September   2016 ", "nb", ("2016-09-01", "month")),
        ("sept. 2016", "nb", ("2016-09-01", "month")),
        ("september 2016", "en", ("2016-09-01", "month")),
        ("mai 2016", "nb", ("2016-05-01", "month")),
        ("9/2016", "nb", ("2016-09-01", "month")),
        ("høsten 2014", "nb", ("2014-09-01", "season")),
        ("høst 2014", "nb", ("2014-09-01", "season")),
        ("våren 2014", "nb", ("2014-03-01", "season")),
        ("autumn 2014", "en", ("2014-09-01", "season")),
        ("autumn 2014", "nb", ("2014-09-01", "season")),
        ("første kvartal 2015", "nb", ("2015-01-01", "quarter")),
        ("2015-Q1", "nb", ("2015-01-01", "quarter")),
        ("2016", "nb", ("2016-01-01", "year")),
        ("7.9.2016", "nb", ("2016-09-07", "day")),
        ("07.09.2016", "nb", ("2016-09-07", "day")),
        ("7. september 2016", "nb", ("2016-09-07", "day")),
        ("2016-09-07", "nb", ("2016-09-07", "day")),
    ],
)
def test_a_date_is_read_as_a_person_writes_it(typed, language, means):
    with translation.override(language):
        assert read(typed) == VagueDate(dt.date.fromisoformat(means[0]), means[1])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "snart",
        "september",
        "31.2.2016",
        "13/2016",
        "ju 2016",
        "ma 2016",
        "0000",
        "høsten",
        "7. høst 2014",
    ],
)
def test_what_is_no_date_is_refused(typed):
    with translation.override("nb"), pytest.raises(ValueError, match=r"."):
        read(typed)


PERIODS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [
            VagueDate(day, "day"),
            VagueDate(day.replace(day=1), "month"),
            VagueDate(dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), "quarter"),
            VagueDate(dt.date(day.year, (1, 3, 6, 9)[day.month % 4], 1), "season"),
            VagueDate(dt.date(day.year, 1, 1), "year"),
        ]
    )
)


@given(PERIODS, st.sampled_from(["nb", "en"]))
def test_what_we_show_can_be_typed_back(when, language):
    with translation.override(language):
        assert read(when.words()) == when


@given(st.text(max_size=30), st.sampled_from(["nb", "en"]))
def test_any_text_is_a_date_or_refused(text, language):
    with translation.override(language):
        try:
            found = read(text)
        except ValueError:
            return
        assert read(found.words()) == found


# --- Members ---------------------------------------------------------------------------------------------------------
def test_a_member_joins_once_at_a_time_and_may_come_back(sandefjord, kari):
    cities, town = network(sandefjord), organisation(sandefjord)
    row = services.join_network(network=cities, member=town, by=kari, joined=parse("2016-09"))
    with pytest.raises(services.MemberAlready):
        services.join_network(network=cities, member=town, by=kari)
    services.change_membership(row, by=kari, joined=row.joined, left_on=dt.date(2020, 1, 31))
    again = services.join_network(network=cities, member=town, by=kari, joined=parse("2022"))
    assert list(NetworkMember.objects.of(sandefjord).current()) == [again]
    assert row.has_ended


def test_saving_a_membership_as_it_is_writes_nothing(sandefjord, kari):
    row = network_member(sandefjord)
    services.change_membership(row, by=kari, joined=row.joined, left_on=None)
    assert AuditEntry.objects.of(sandefjord).count() == 0


def test_only_a_network_has_members(sandefjord, kari):
    with pytest.raises(services.NotANetwork):
        services.join_network(network=organisation(sandefjord), member=organisation(sandefjord), by=kari)


@pytest.mark.parametrize(
    "facts",
    [
        {"joined_from": dt.date(2016, 9, 1), "joined_precision": None},
        {"left_on": dt.date(2016, 8, 31)},
    ],
)
def test_the_database_refuses_nonsense(sandefjord, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        network_member(sandefjord, **facts)


def test_no_network_is_a_member_of_itself(sandefjord):
    cities = network(sandefjord)
    with pytest.raises(IntegrityError), transaction.atomic():
        network_member(sandefjord, network=cities, member=cities)


def test_members_stand_in_the_order_they_joined_and_the_unknown_last(sandefjord):
    cities = network(sandefjord)
    for name, day in (("C", None), ("B", dt.date(2017, 8, 1)), ("A", dt.date(2016, 9, 1))):
        facts = {"joined_from": day, "joined_precision": "month" if day else None}
        network_member(sandefjord, network=cities, member=organisation(sandefjord, name=name), **facts)
    assert [row.member.name for row in cities.network_members.select_related("member")] == ["A", "B", "C"]


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_both_pages_say_when_as_a_person_would(sandefjord, kari, at_desk):
    row = network_member(
        sandefjord,
        network=network(sandefjord, name="Strong Cities"),
        member=organisation(sandefjord, name="København"),
        left_on=dt.date(2020, 1, 31),
    )
    client = at_desk(kari)
    for page in (row.network_id, row.member_id):
        shown = text_of(client.get(at("organisation-detail", pk=page)))
        assert "siden september 2016, til og med 31. januar 2020" in shown


def test_a_member_is_added_changed_and_removed(sandefjord, kari, at_desk):
    cities, town = network(sandefjord), organisation(sandefjord)
    client, page = at_desk(kari), at("organisation-detail", pk=cities.pk)
    assert "Ingen medlemmer er ført opp ennå." in text_of(client.get(page))
    answer = client.post(at("network-member-add", pk=cities.pk), {"member": town.pk, "joined": "høsten 2016"})
    row = cities.network_members.get()
    assert (answer.url, row.member, row.joined) == (page, town, VagueDate(dt.date(2016, 9, 1), "season"))
    edit = at("network-member-edit", pk=row.pk)
    assert 'value="høsten 2016"' in client.get(edit).content.decode()
    client.post(edit, {"joined": "2016", "left_on": YESTERDAY.isoformat()})
    row.refresh_from_db()
    assert (row.joined, row.left_on) == (parse("2016"), YESTERDAY)
    client.post(at("network-member-remove", pk=row.pk))
    assert list(cities.network_members.all()) == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"joined": "en gang"}, "joined"),
        ({"joined": "2016\x00"}, "joined"),
        ({"joined": "2016", "left_on": "2015-12-31"}, "left_on"),
        ({"left_on": "2015-02-30"}, "left_on"),
        ({"member": ""}, "member"),
        ({"member": "9" * 30}, "member"),
    ],
)
def test_a_wrong_membership_is_told_beside_the_field_and_kept(sandefjord, kari, at_desk, typed, field):
    cities, town = network(sandefjord), organisation(sandefjord)
    answer = at_desk(kari).post(at("network-member-add", pk=cities.pk), {"member": town.pk, **typed})
    form = answer.context["form"]
    assert (list(form.errors), form[field].value()) == ([field], typed[field])
    assert NetworkMember.objects.of(sandefjord).count() == 0


def test_another_tenants_organisation_never_joins(sandefjord, kristiansand, kari, at_desk):
    cities, theirs = network(sandefjord), organisation(kristiansand)
    answer = at_desk(kari).post(at("network-member-add", pk=cities.pk), {"member": theirs.pk})
    assert list(answer.context["form"].errors) == ["member"]


@pytest.mark.parametrize("page", ["network-list", "organisation-detail"])
def test_a_page_asks_as_much_for_one_member_as_for_three(sandefjord, kari, at_desk, page):
    cities, client = network(sandefjord), at_desk(kari)
    address = at(page, **({"pk": cities.pk} if page == "organisation-detail" else {}))
    network_member(sandefjord, network=cities)
    one = queries_of(client, address)
    for _ in range(2):
        network_member(sandefjord, network=cities)
        network_member(sandefjord)
    assert queries_of(client, address) == one


def test_the_list_counts_todays_members(sandefjord, kari, at_desk):
    cities = network(sandefjord)
    network_member(sandefjord, network=cities)
    network_member(sandefjord, network=cities, left_on=timezone.localdate())
    network_member(sandefjord, network=cities, left_on=YESTERDAY)
    [row] = at_desk(kari).get(at("network-list")).context["networks"]
    assert (row.name, row.members_count) == (cities.name, 2)

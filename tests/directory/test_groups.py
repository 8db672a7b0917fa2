"""Saved groups: chosen by hand, or by a rule that is read anew each time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.directory import services as directory
from events.directory.groups import members_of, services
from events.directory.groups.models import ContactGroup, sizes
from events.directory.groups.rules import BadRule, Rule
from events.directory.groups.wording import conditions
from events.directory.labels.models import ContactTag, OrganisationTag
from events.directory.models import Contact
from tests.factories import contact, group, network, network_member, organisation, organisation_type, tag
from tests.queries import queries_of

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
IDS = st.lists(st.integers(1, 2**31), max_size=4).map(tuple)
WORDS = st.text(st.characters(categories=("L", "N")), max_size=20)
RULES = st.builds(
    Rule,
    kinds=st.lists(st.sampled_from(["faith", "ngo", "police"]), unique=True).map(tuple),
    types=IDS.map(lambda ids: tuple(dict.fromkeys(ids))),
    tags=IDS.map(lambda ids: tuple(dict.fromkeys(ids))),
    networks=IDS.map(lambda ids: tuple(dict.fromkeys(ids))),
    languages=st.lists(st.sampled_from(["nb", "en"]), unique=True).map(tuple),
    town=WORDS,
    words=WORDS,
).filter(lambda rule: rule != Rule())


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def members(of):
    return [row.name for row in members_of(of)]


# --- Members -------------------------------------------------------------------------------------------------------
def test_a_hand_picked_group_holds_whom_it_was_given_while_their_role_lasts(sandefjord):
    contact(sandefjord, name="Utenfor")
    people = [
        contact(sandefjord, name="Nå", valid_from=YESTERDAY, valid_until=TOMORROW),
        contact(sandefjord, name="Sluttet", valid_until=YESTERDAY),
        contact(sandefjord, name="Kommer", valid_from=TOMORROW),
        contact(sandefjord, name="Uten e-post", email="", phone="1"),
    ]
    chosen = group(sandefjord, *people)
    assert members(chosen) == ["Nå", "Uten e-post"]
    assert [row.name for row in members_of(chosen).reachable()] == ["Nå"]
    assert chosen.chosen.count() == 4


def test_choosing_somebody_twice_changes_nothing(sandefjord, kari):
    row = contact(sandefjord, name="Ada")
    chosen = group(sandefjord)
    assert services.choose_into(chosen, [row, row], by=kari) == 1
    assert services.choose_into(chosen, [row], by=kari) == 0
    assert (members(chosen), services.take_out_of(chosen, row, by=kari)) == (["Ada"], True)
    assert (members(chosen), services.take_out_of(chosen, row, by=kari)) == ([], False)
    actions = [entry.action for entry in AuditEntry.objects.of(sandefjord).about(chosen)]
    assert actions == ["group.member_removed", "group.members_added", "group.added"]


def test_the_audit_trail_names_the_group_and_never_its_people(sandefjord, kari):
    chosen = group(sandefjord, name="Forum")
    services.choose_into(chosen, [contact(sandefjord, name="Ada")], by=kari)
    assert [e.facts for e in AuditEntry.objects.of(sandefjord)] == [
        {"name": "Forum", "count": 1},
        {"name": "Forum"},
    ]


def test_nobody_is_chosen_into_a_group_by_rule(sandefjord, kari):
    by_rule = group(sandefjord, rule=Rule(kinds=("faith",)))
    with pytest.raises(services.RuleDecides):
        services.choose_into(by_rule, [contact(sandefjord)], by=kari)


@pytest.fixture
def people(sandefjord, kari):
    """Ali at a mosque in Larvik, Bo at a church that is in a network, Cil at a club, Dag at none."""
    mosque, city, youth = (
        organisation_type(sandefjord, name="moské"),
        network(sandefjord),
        tag(sandefjord, "ungdom"),
    )
    at_mosque = organisation(sandefjord, name="Moskeen", kind="faith", type=mosque, city="Larvik")
    at_church = organisation(sandefjord, name="Kirken", kind="faith", city="Larvik")
    at_club = organisation(sandefjord, name="Klubben", kind="ngo", city="Tønsberg")
    ali = contact(sandefjord, name="Ali", organisation=at_mosque, language="en", role="imam")
    contact(sandefjord, name="Bo", organisation=at_church)
    contact(sandefjord, name="Cil", organisation=at_club)
    dag = contact(sandefjord, name="Dag", organisation=None)
    ContactTag.objects.create(tenant=sandefjord, contact=dag, tag=youth)
    ContactTag.objects.create(tenant=sandefjord, contact=ali, tag=youth)
    OrganisationTag.objects.create(tenant=sandefjord, organisation=at_club, tag=youth)
    network_member(sandefjord, network=city, member=at_church)
    network_member(sandefjord, network=city, member=at_mosque, left_on=YESTERDAY)
    return {"mosque": mosque.pk, "city": city.pk, "youth": youth.pk}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kinds": ["faith"]}, ["Ali", "Bo"]),
        ({"types": ["mosque"]}, ["Ali"]),
        ({"kinds": ["ngo"], "types": ["mosque"]}, ["Ali", "Cil"]),
        ({"tags": ["youth"]}, ["Ali", "Cil", "Dag"]),
        ({"tags": ["youth"], "kinds": ["faith"]}, ["Ali"]),
        ({"networks": ["city"]}, ["Bo"]),
        ({"languages": ["en"]}, ["Ali"]),
        ({"languages": ["nb", "en"]}, ["Ali", "Bo", "Cil", "Dag"]),
        ({"town": "LARVIK"}, ["Ali", "Bo"]),
        ({"town": "Lar"}, []),
        ({"words": "moské imamer"}, ["Ali"]),
        ({"kinds": ["faith"], "town": "Tønsberg"}, []),
        ({"tags": [999_999]}, []),
        ({"types": [999_999], "tags": ["youth"]}, []),
    ],
)
def test_all_conditions_of_a_rule_must_hold(sandefjord, people, asked, found):
    stored = {
        name: values if isinstance(values, str) else [people.get(value, value) for value in values]
        for name, values in asked.items()
    }
    assert members(group(sandefjord, rule=Rule.read(stored))) == found


def test_a_rule_sees_whoever_comes_later_and_only_ones_own_tenant(sandefjord, kristiansand):
    by_rule = group(sandefjord, rule=Rule(kinds=("faith",)))
    contact(kristiansand, name="Deres", organisation=organisation(kristiansand, kind="faith"))
    assert members(by_rule) == []
    contact(sandefjord, name="Ny", organisation=organisation(sandefjord, kind="faith"))
    assert members(by_rule) == ["Ny"]


def test_sizes_are_the_lengths_of_the_member_lists(sandefjord, people, django_assert_num_queries):
    rules = [Rule(kinds=("faith",)), Rule(tags=(people["youth"],)), Rule(networks=(people["city"],))]
    contact(sandefjord, name="Aa", valid_until=YESTERDAY, organisation=organisation(sandefjord, kind="faith"))
    groups = [group(sandefjord, rule=rule) for rule in rules] + [
        group(sandefjord, *Contact.objects.of(sandefjord)[:2])
    ]
    with django_assert_num_queries(1):
        counted = sizes(groups)
    assert counted == {each.pk: members_of(each).count() for each in groups}
    assert sorted(counted.values()) == [1, 1, 2, 3]


# --- Rules ---------------------------------------------------------------------------------------------------------
@given(RULES)
def test_a_rule_is_read_back_as_it_was_written(rule):
    assert Rule.read(rule.as_json()) == rule


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["kinds", "tags", "town", "words", "types", "x"]), inner, max_size=3
            )
        ),
    )
)
def test_whatever_is_stored_is_a_rule_or_refused(stored):
    try:
        rule = Rule.read(stored)
    except BadRule:
        return
    assert Rule.read(rule.as_json()) == rule


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        {},
        {"kinds": []},
        {"kinds": ["sect"]},
        {"kinds": "faith"},
        {"tags": ["1"]},
        {"tags": [True]},
        {"town": 1},
        {"words": "x" * 101},
        {"belief": ["any"]},
        {"languages": ["tlh"]},
        {"words": "  "},
    ],
)
def test_what_is_no_rule_is_refused(stored):
    with pytest.raises(BadRule):
        Rule.read(stored)


def test_the_database_refuses_a_rule_where_none_belongs_and_its_lack_where_it_does(sandefjord):
    for kind, rule in (("static", {"kinds": ["faith"]}), ("rule", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactGroup.objects.create(tenant=sandefjord, name=kind, kind=kind, rule_json=rule)


def test_a_rule_is_said_in_words(sandefjord, people):
    rule = Rule(
        kinds=("ngo",),
        types=(people["mosque"],),
        tags=(people["youth"], 999_999),
        languages=("en",),
        town="Larvik",
    )
    with translation.override("nb"):
        assert conditions(rule, sandefjord) == [
            ("Type organisasjon", "frivillig organisasjon eller moské"),
            ("Merkelapper", "ungdom eller en som er fjernet"),
            ("Språk", "Engelsk"),
            ("By eller tettsted", "Larvik"),
        ]


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_a_group_by_rule_is_made_and_changed(sandefjord, people, kari, at_desk):
    client = at_desk(kari)
    typed = {"name": "Unge", "tags": [people["youth"]], "types": ["faith", f"t{people['mosque']}"]}
    answer = client.post(at("group-create") + "?by=rule", typed)
    row = ContactGroup.objects.of(sandefjord).get()
    assert answer.url == at("group-detail", pk=row.pk)
    assert row.rule_json == {"kinds": ["faith"], "types": [people["mosque"]], "tags": [people["youth"]]}
    form = client.get(at("group-edit", pk=row.pk)).context["form"]
    assert form.initial == {
        "name": "Unge",
        "tags": [people["youth"]],
        "types": ["faith", f"t{people['mosque']}"],
        "kinds": ["faith"],
    }
    client.post(at("group-edit", pk=row.pk), {"name": "Larvik", "town": "Larvik"})
    row.refresh_from_db()
    assert (row.name, row.rule_json, members(row)) == ("Larvik", {"town": "Larvik"}, ["Ali", "Bo"])


def test_a_rule_that_asks_nothing_is_refused_and_the_name_is_kept(sandefjord, kari, at_desk):
    answer = at_desk(kari).post(at("group-create") + "?by=rule", {"name": "Alle"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["__all__"])
    assert 'value="Alle"' in answer.content.decode()


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "forum"}, {"name": "x" * 101}, {"name": "\u0301"}])
def test_a_wrong_name_is_told_beside_the_field(sandefjord, kari, at_desk, typed):
    group(sandefjord, name="Forum")
    answer = at_desk(kari).post(at("group-create"), typed)
    assert list(answer.context["form"].errors) == ["name"]
    assert ContactGroup.objects.of(sandefjord).count() == 1


def test_people_are_found_ticked_added_and_taken_out(sandefjord, kari, at_desk, kristiansand):
    chosen, here = group(sandefjord, name="Forum"), organisation(sandefjord, name="Moskeen")
    ali, bo = (contact(sandefjord, name=name, organisation=here) for name in ("Ali", "Bo"))
    theirs = contact(kristiansand, name="Deres")
    client, page = at_desk(kari), at("group-detail", pk=chosen.pk)
    assert list(client.get(page, {"q": "moskeer"}).context["found"]) == [ali, bo]
    client.post(at("group-member-add", pk=chosen.pk), {"contact": [ali.pk, theirs.pk, "x"]})
    assert members(chosen) == ["Ali"]
    assert list(client.get(page, {"q": "moskeer"}).context["found"]) == [bo]
    client.post(at("group-member-remove", pk=chosen.pk), {"contact": ali.pk})
    assert members(chosen) == []


def test_a_contact_is_added_from_its_own_page(sandefjord, kari, at_desk, kristiansand):
    chosen, theirs = group(sandefjord, name="Forum"), group(kristiansand, name="Deres")
    row = contact(sandefjord, name="Ada")
    client, page = at_desk(kari), at("contact-detail", pk=row.pk)
    assert client.get(page).context["groups"] == [chosen]
    for pk in (theirs.pk, "", "9" * 30):
        client.post(at("contact-group-add", pk=row.pk), {"group": pk})
    client.post(at("contact-group-add", pk=row.pk), {"group": chosen.pk})
    assert (members(chosen), members(theirs)) == (["Ada"], [])
    assert client.get(page).context["groups"] == []


def test_a_removed_group_leaves_its_people(sandefjord, kari, at_desk):
    row = contact(sandefjord)
    chosen = group(sandefjord, row)
    at_desk(kari).post(at("group-remove", pk=chosen.pk))
    assert (list(ContactGroup.objects.of(sandefjord)), list(Contact.objects.of(sandefjord))) == ([], [row])


def test_the_list_asks_as_much_for_one_group_as_for_three_of_each_sort(sandefjord, kari, at_desk):
    client = at_desk(kari)

    def add():
        group(sandefjord, contact(sandefjord))
        group(sandefjord, rule=Rule(kinds=("ngo",), tags=(tag(sandefjord).pk,)))

    add()
    one = queries_of(client, at("group-list"))
    add()
    add()
    assert (queries_of(client, at("group-list")), one) == (one, 2)


def test_a_groups_page_asks_as_much_for_one_member_as_for_three(sandefjord, kari, at_desk):
    client = at_desk(kari)
    chosen = group(sandefjord, contact(sandefjord))
    one = queries_of(client, at("group-detail", pk=chosen.pk))
    services.choose_into(chosen, [contact(sandefjord), contact(sandefjord)], by=None)
    assert (queries_of(client, at("group-detail", pk=chosen.pk)), one <= 4) == (one, True)


def test_words_of_a_rule_follow_the_directory(sandefjord, kari):
    by_rule = group(sandefjord, rule=Rule(words="ungdomsledere"))
    row = directory.add_contact(tenant=sandefjord, by=kari, facts={"name": "Ada", "role": "ungdomsleder"})
    assert members(by_rule) == ["Ada"]
    directory.change_contact(row, by=kari, facts={"role": "rektor"})
    assert members(by_rule) == []

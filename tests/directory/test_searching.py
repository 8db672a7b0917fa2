"""Search finds a word in any of its forms, however it is typed, and in nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.directory import services
from events.directory.models import Contact, Organisation
from events.directory.searching import fold, indexed, stems
from tests.factories import contact, organisation

TEXT = st.text(max_size=60)
FORMS = (
    ("moske", "moské", "moskeen", "moskeer", "moskeene", "MOSKÉ"),
    ("menighet", "menigheten", "menigheter", "menighetene", "menighetenes"),
    ("radikalisering", "radikaliserings", "radikaliseringen", "radikaliserering"),
    ("trossamfunn", "trossamfunnet", "trossamfunnene", "trosamfunn"),
    ("ungdomsleder", "ungdomsledere", "ungdomslederen", "ungdomsledernes"),
    ("menigheder", "menigheden", "menighed"),  # Danish
    ("församling", "församlingen", "församlingar", "församlingarna"),  # Swedish
    ("community", "communities"),
    ("mosque", "mosques"),
)
PAIRS = [(written, asked) for forms in FORMS for written in forms for asked in forms]


def names(found):
    return [row.name for row in found]


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms[0])
def test_every_form_of_a_word_finds_every_other(sandefjord, forms):
    for form in dict.fromkeys(map(fold, forms)):
        organisation(sandefjord, name=f"{form} ved havna")
    organisation(sandefjord, name="Kaffekroken")
    everything = {f"{form} ved havna" for form in map(fold, forms)}
    for form in forms:
        assert set(names(Organisation.objects.of(sandefjord).matching(form))) == everything, form


@pytest.mark.parametrize("asked", ["kirkene", "politi", "moskito", "mennesker"])
def test_other_words_are_not_found(sandefjord, asked):
    organisation(sandefjord, name="Solvik menighet og moské")
    assert names(Organisation.objects.of(sandefjord).matching(asked)) == []


def test_a_persons_name_has_no_forms(sandefjord):
    contact(sandefjord, name="Hans Moe", organisation=None)
    contact(sandefjord, name="Ida Hansen", organisation=None)
    assert names(Contact.objects.of(sandefjord).matching("hansen")) == ["Ida Hansen"]


@pytest.mark.parametrize(
    "asked",
    [
        "Østby",
        "styreledere",
        "ali@",
        "40000101",
        "Storgata",
        "nøkkelpersoner",
        "havn",
        "Nordhavna",
        "larvik",
        "ungdommen",
    ],
)
def test_a_contact_is_found_by_all_that_is_known_of_it(sandefjord, kari, asked):
    at = services.add_organisation(
        tenant=sandefjord,
        by=kari,
        facts={"name": "Moskeen", "kind": "faith", "city": "Larvik", "address": "Storgata 1"},
        aliases=["Nordhavna moské"],
        tags=["ungdom"],
    )
    facts = {"name": "Ali Østby", "role": "Styreleder", "email": "ali@moske.example", "phone": "400 00 101"}
    services.add_contact(
        tenant=sandefjord, by=kari, facts={**facts, "organisation": at}, tags=["nøkkelperson"]
    )
    contact(sandefjord, name="Berit Nordby", organisation=None)
    assert names(Contact.objects.of(sandefjord).matching(asked)) == ["Ali Østby"]


def test_an_organisation_that_loses_a_name_is_no_longer_found_by_it(sandefjord, kari):
    facts = {"name": "Røde Kors", "kind": "ngo"}
    row = services.add_organisation(tenant=sandefjord, by=kari, facts=facts, aliases=["Hjelpekorpset"])
    assert names(Organisation.objects.of(sandefjord).matching("hjelpekorps")) == ["Røde Kors"]
    services.change_organisation(row, by=kari, facts=facts, aliases=[])
    assert names(Organisation.objects.of(sandefjord).matching("hjelpekorps")) == []


def test_a_body_that_a_plan_brings_is_found_by_its_other_name(sandefjord):
    services.bodies_named(["Sandefjord politi"], tenant=sandefjord)
    found = Organisation.objects.of(sandefjord).matching("politi sandefjord")
    assert [(row.name, row.search_also) for row in found] == [
        ("Sandefjord politidistrikt", "Sandefjord politi")
    ]


@pytest.mark.parametrize("asked", ["50%", "a_b", r"a\b", "100%_"])
def test_signs_with_a_meaning_to_databases_are_plain_signs(sandefjord, asked):
    organisation(sandefjord, name="50 kroner")
    organisation(sandefjord, name="axb menighet c")
    assert names(Organisation.objects.of(sandefjord).matching(asked)) == []
    organisation(sandefjord, name=f"Fondet {asked}")
    assert names(Organisation.objects.of(sandefjord).matching(asked)) == [f"Fondet {asked}"]


@given(TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=25))
def test_a_stem_is_short_and_its_own_word_is_found_by_it(word):
    found = stems(word)
    assert all(3 <= len(stem) <= len(word) for stem in found)
    assert all(f"|{stem}|" in indexed(word) for stem in found)


@given(TEXT)
def test_what_is_indexed_begins_with_the_text_itself(text):
    assert indexed(text).split("\n|")[0] == fold(text)

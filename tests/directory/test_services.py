"""The directory's changes, and how its bodies are found."""

import pytest

from events.audit import AuditEntry
from events.directory import services
from events.directory.bodies import kind_of
from events.directory.models import Contact, Organisation, OrganisationAlias, OrganisationKind
from tests.factories import contact, organisation


def names(found):
    return sorted(row.name for row in found)


def test_a_new_organisation_has_its_other_names_and_an_audit_row(sandefjord, kari):
    row = services.add_organisation(
        tenant=sandefjord, by=kari, facts={"name": "Fjordbyen moské", "kind": "faith"}, aliases=["Moskeen"]
    )
    assert Organisation.objects.of(sandefjord).named("moskeen") == row
    entries = AuditEntry.objects.of(sandefjord).about(row)
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("organisation.added", "Kari Koordinator")
    ]
    assert "Fjordbyen moské" in entries[0].words()


def test_a_second_organisation_of_the_same_name_is_refused_whatever_its_letters(sandefjord, kari):
    organisation(sandefjord, name="Bærum menighet")
    with pytest.raises(services.NameTaken):
        services.add_organisation(
            tenant=sandefjord, by=kari, facts={"name": "BÆRUM  menighet", "kind": "faith"}
        )
    assert names(Organisation.objects.of(sandefjord)) == ["Bærum menighet"]


def test_saving_what_is_already_so_writes_nothing(sandefjord, kari):
    row = services.add_organisation(
        tenant=sandefjord, by=kari, facts={"name": "Røde Kors", "kind": "ngo"}, aliases=["RK"]
    )
    services.change_organisation(row, by=kari, facts={"name": "Røde Kors", "kind": "ngo"}, aliases=["RK"])
    assert AuditEntry.objects.of(sandefjord).about(row).count() == 1


def test_saving_a_contact_that_is_already_so_writes_nothing(sandefjord, kari):
    facts = {"name": "Ada Prest", "email": "ada@kirken.example"}
    row = services.add_contact(tenant=sandefjord, by=kari, facts=facts)
    services.change_contact(row, by=kari, facts=facts)
    assert AuditEntry.objects.of(sandefjord).about(row).count() == 1


def test_changing_an_organisation_replaces_its_other_names(sandefjord, kari):
    row = services.add_organisation(
        tenant=sandefjord, by=kari, facts={"name": "Røde Kors", "kind": "ngo"}, aliases=["RK", "Kors"]
    )
    services.change_organisation(row, by=kari, facts={"kind": "other"}, aliases=["RK", "Sandefjord RK"])
    row.refresh_from_db()
    assert row.kind == "other"
    assert names(row.aliases.all()) == ["RK", "Sandefjord RK"]


def test_the_audit_trail_never_names_a_contact(sandefjord, kari):
    at = organisation(sandefjord, name="Metodistkirken", kind="faith")
    row = services.add_contact(
        tenant=sandefjord,
        by=kari,
        facts={"name": "Ada Prest", "email": "ada@kirken.example", "organisation": at},
    )
    services.change_contact(row, by=kari, facts={"role": "prest"})
    entries = AuditEntry.objects.of(sandefjord).about(row)
    assert [entry.action for entry in entries] == ["contact.changed", "contact.added"]
    assert [entry.facts for entry in entries] == [{"place": "Metodistkirken"}] * 2


def test_a_contact_is_entered_once(sandefjord, kari):
    facts = {"name": "Ada Prest", "email": "ada@kirken.example"}
    services.add_contact(tenant=sandefjord, by=kari, facts=facts)
    with pytest.raises(services.NameTaken):
        services.add_contact(tenant=sandefjord, by=kari, facts=facts)


def test_bodies_are_found_by_name_or_alias_and_the_unknown_are_added_once(sandefjord):
    station = organisation(sandefjord, name="Sandefjord politistasjon", kind="police")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=station, name="Sandefjord politi")
    asked = ["sandefjord POLITI", "Konfliktrådet i Vestfold", "konfliktrådet i vestfold"]
    found, added = services.bodies_named(asked, tenant=sandefjord)
    assert found["sandefjord POLITI"] == station
    assert found["Konfliktrådet i Vestfold"] == found["konfliktrådet i vestfold"]
    assert added == ["Konfliktrådet i Vestfold"]
    assert services.bodies_named(asked, tenant=sandefjord)[1] == []


def test_the_police_reform_is_known(sandefjord):
    found, added = services.bodies_named(["Sandefjord politi", "Vestfold politidistrikt"], tenant=sandefjord)
    district = found["Sandefjord politi"]
    assert district.name == "Sandefjord politidistrikt"
    assert names(district.aliases.all()) == ["Sandefjord politi"]
    assert district.successor == found["Vestfold politidistrikt"].successor
    assert str(district.successor) == "Sør-Øst politidistrikt"
    assert added == ["Sandefjord politidistrikt", "Sør-Øst politidistrikt", "Vestfold politidistrikt"]


def test_the_directory_knows_better_than_the_reform(sandefjord):
    mine = organisation(sandefjord, name="Vestfold politidistrikt", kind="police")
    services.bodies_named(["Vestfold politidistrikt"], tenant=sandefjord)
    mine.refresh_from_db()
    assert mine.successor is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sandefjord politidistrikt", OrganisationKind.POLICE),
        ("PST", OrganisationKind.POLICE),
        ("Kripos", OrganisationKind.POLICE),
        ("Sandefjord kommune", OrganisationKind.MUNICIPAL),
        ("Vestfold fylkeskommune", OrganisationKind.STATE),
        ("Fylkesmannen", OrganisationKind.STATE),
        ("RVTS Øst", OrganisationKind.STATE),
        ("NAV integrering", OrganisationKind.STATE),
        ("Navestad vel", OrganisationKind.OTHER),
        ("Konfliktrådet i Vestfold", OrganisationKind.STATE),
        ("Sandefjord videregående skole", OrganisationKind.SCHOOL),
        ("Fjordbyen moské", OrganisationKind.FAITH),
        ("Sandefjord Røde Kors", OrganisationKind.NGO),
        ("Kaffekroken", OrganisationKind.OTHER),
    ],
)
def test_a_type_is_guessed_from_the_name(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize("words", ["ØSTBY", "ostby", "østby  IMAM", "sjøgata@moske", "moské sjobyen"])
def test_search_does_not_mind_case_accents_or_order(sandefjord, words):
    at = organisation(sandefjord, name="Moskeen i Sjøbyen", kind="faith")
    contact(sandefjord, name="Ali Østby", role="Imam", email="sjøgata@moske.example", organisation=at)
    contact(sandefjord, name="Berit Nordby")
    assert names(Contact.objects.of(sandefjord).matching(words)) == ["Ali Østby"]


def test_search_also_finds_contacts_made_in_bulk(sandefjord):
    Contact.objects.bulk_create([Contact(tenant=sandefjord, name="Åse Strøm", email="a@b.example")])
    assert names(Contact.objects.of(sandefjord).matching("ase strom")) == ["Åse Strøm"]


def test_organisations_are_found_by_their_other_names_and_towns(sandefjord):
    row = organisation(sandefjord, name="Sandefjord politidistrikt", city="Sandefjord")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=row, name="Sandefjord politi")
    organisation(sandefjord, name="Kaffekroken", city="Larvik")
    assert names(Organisation.objects.of(sandefjord).matching("politi sandefjord")) == [row.name]
    assert names(Organisation.objects.of(sandefjord).matching("larvik")) == ["Kaffekroken"]

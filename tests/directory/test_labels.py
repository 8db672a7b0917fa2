"""The tenant's own words: types under the base kinds, tags on contacts and organisations."""

import pytest
from django.urls import reverse

from events.audit import AuditEntry
from events.directory import services as directory
from events.directory.groups.rules import Rule
from events.directory.labels import services
from events.directory.labels.models import ContactTag, OrganisationType, Tag
from events.directory.models import Contact, Organisation
from tests.factories import contact, group, organisation, organisation_type, tag
from tests.queries import queries_of


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def tags_of(row):
    return sorted(each.name for each in row.tags.all())


# --- Types -------------------------------------------------------------------------------------------------------
def test_an_organisations_kind_is_its_types_kind(sandefjord, kari):
    mosque = organisation_type(sandefjord, name="moské", kind="faith")
    facts = {"name": "Moskeen", "kind": "ngo", "type": mosque}
    row = directory.add_organisation(tenant=sandefjord, by=kari, facts=facts)
    assert (row.kind, row.type, row.kind_label) == ("faith", mosque, "moské")
    directory.change_organisation(row, by=kari, facts={"kind": "ngo"}, aliases=[])
    row.refresh_from_db()
    assert (row.kind, row.type, row.kind_label) == ("ngo", None, "frivillig organisasjon")


def test_a_type_that_moves_takes_its_organisations_along(sandefjord, kari):
    club = organisation_type(sandefjord, name="klubb", kind="other")
    row = organisation(sandefjord, kind="other", type=club)
    untouched = organisation(sandefjord, kind="other")
    services.change_type(club, by=kari, name="ungdomsklubb", kind="ngo")
    row.refresh_from_db()
    untouched.refresh_from_db()
    assert (row.kind, row.kind_label, untouched.kind) == ("ngo", "ungdomsklubb", "other")


@pytest.mark.parametrize("name", ["Moské", "MOSKE", "moske"])
def test_a_type_means_one_thing_however_it_is_written(sandefjord, kari, kristiansand, name):
    organisation_type(sandefjord, name="moské")
    with pytest.raises(services.WordTaken):
        services.add_type(tenant=sandefjord, by=kari, name=name, kind="ngo")
    assert services.add_type(tenant=kristiansand, by=None, name=name, kind="ngo").name == name


def test_a_type_in_use_stays_and_says_why(sandefjord, kari, at_desk):
    mosque = organisation_type(sandefjord, name="moské")
    row = organisation(sandefjord, kind="faith", type=mosque)
    client = at_desk(kari)
    page = client.get(at("type-remove", pk=mosque.pk)).content.decode().split("<main")[1].split("</main>")[0]
    assert ("1 organisasjon har denne typen" in page, 'method="post"' in page) == (
        True,
        False,
    )
    answer = client.post(at("type-remove", pk=mosque.pk), follow=True).content.decode()
    assert "«moské» er typen til 1 organisasjon" in answer
    row.type = None
    row.save()
    client.post(at("type-remove", pk=mosque.pk))
    assert list(OrganisationType.objects.of(sandefjord)) == []


def test_one_choice_holds_the_kinds_and_under_them_the_own_types(sandefjord, kari, at_desk, kristiansand):
    mosque = organisation_type(sandefjord, name="moské", kind="faith")
    theirs = organisation_type(kristiansand, name="fremmed")
    client = at_desk(kari)
    form = client.get(at("organisation-create")).context["form"]
    faith, ngo = form.fields["kind"].choices[1:3]
    assert faith[0] == "Tros- og livssynssamfunn"
    assert faith[1] == [("faith", "tros- og livssynssamfunn"), (f"t{mosque.pk}", "moské")]
    assert ngo == ("ngo", "frivillig organisasjon")
    client.post(at("organisation-create"), {"name": "Moskeen", "kind": f"t{mosque.pk}"})
    row = Organisation.objects.of(sandefjord).get()
    assert (row.kind, row.type) == ("faith", mosque)
    assert client.get(at("organisation-edit", pk=row.pk)).context["form"].initial["kind"] == f"t{mosque.pk}"
    refused = client.post(at("organisation-create"), {"name": "Annen", "kind": f"t{theirs.pk}"})
    assert list(refused.context["form"].errors) == ["kind"]


def test_lists_are_filtered_by_kind_and_by_own_type(sandefjord, kari, at_desk):
    mosque = organisation_type(sandefjord, name="moské", kind="faith")
    contact(
        sandefjord,
        name="Ali",
        organisation=organisation(sandefjord, name="Moskeen", kind="faith", type=mosque),
    )
    contact(sandefjord, name="Bo", organisation=organisation(sandefjord, name="Kirken", kind="faith"))
    contact(sandefjord, name="Cil", organisation=organisation(sandefjord, name="Skolen", kind="school"))
    client = at_desk(kari)

    def found(page, asked):
        return [row.name for row in client.get(at(page), {"type": asked}).context["page_obj"]]

    assert found("directory", "faith") == ["Ali", "Bo"]
    assert found("directory", f"t{mosque.pk}") == ["Ali"]
    assert found("organisation-list", "faith") == ["Kirken", "Moskeen"]
    assert found("organisation-list", f"t{mosque.pk}") == ["Moskeen"]
    assert found("organisation-list", "t999999") == ["Kirken", "Moskeen", "Skolen"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "MOSKE"}, "name"),
        ({"kind": "zz"}, "kind"),
    ],
)
def test_a_wrong_type_is_told_beside_the_field(sandefjord, kari, at_desk, typed, field):
    organisation_type(sandefjord, name="moské")
    answer = at_desk(kari).post(at("type-create"), {"name": "synagoge", "kind": "faith", **typed})
    assert list(answer.context["form"].errors) == [field]
    assert OrganisationType.objects.of(sandefjord).count() == 1


# --- Tags --------------------------------------------------------------------------------------------------------
def test_tags_are_words_between_commas(sandefjord, kari, at_desk):
    typed = {
        "name": "Ada",
        "email": "ada@b.example",
        "language": "nb",
        "tags": " Ungdom, nøkkel  person;ungdom,, ",
    }
    client = at_desk(kari)
    client.post(at("contact-create"), typed)
    row = Contact.objects.of(sandefjord).get()
    assert tags_of(row) == ["Ungdom", "nøkkel person"]
    edit = client.get(at("contact-edit", pk=row.pk))
    assert sorted(edit.context["form"].initial["tags"].split(", ")) == ["Ungdom", "nøkkel person"]
    client.post(at("contact-edit", pk=row.pk), {**typed, "tags": "UNGDOM"})
    assert tags_of(row) == ["Ungdom"]
    assert [entry.action for entry in AuditEntry.objects.of(sandefjord).about(row)] == [
        "contact.changed_alone",
        "contact.added_alone",
    ]


def test_tags_that_are_so_already_write_nothing(sandefjord, kari):
    facts = {"name": "Ada", "email": "ada@b.example"}
    row = directory.add_contact(tenant=sandefjord, by=kari, facts=facts, tags=["ungdom"])
    directory.change_contact(row, by=kari, facts=facts, tags=["Ungdom"])
    directory.change_contact(row, by=kari, facts=facts)
    assert (AuditEntry.objects.of(sandefjord).count(), tags_of(row)) == (1, ["ungdom"])


@pytest.mark.parametrize("tags", ["x" * 61, ", ".join(f"tag{n}" for n in range(21)), "a\x00b"])
def test_wrong_tags_are_told_beside_the_field_and_kept(sandefjord, kari, at_desk, tags):
    answer = at_desk(kari).post(at("contact-create"), {"name": "Ada", "language": "nb", "tags": tags})
    assert list(answer.context["form"].errors) == ["tags"]
    assert answer.context["form"]["tags"].value() == tags
    assert Tag.objects.of(sandefjord).count() == 0


def test_the_help_says_that_a_tag_tells_nothing_of_belief(sandefjord, kari, at_desk):
    page = at_desk(kari).get(at("contact-create")).content.decode()
    assert "Skriv aldri noe om hva noen tror." in page


def test_a_renamed_tag_is_found_by_its_new_name(sandefjord, kari):
    row = directory.add_contact(tenant=sandefjord, by=kari, facts={"name": "Ada"}, tags=["ungdom"])
    services.rename_tag(Tag.objects.of(sandefjord).get(), by=kari, name="barn")
    assert list(Contact.objects.of(sandefjord).matching("ungdom")) == []
    assert list(Contact.objects.of(sandefjord).matching("barn")) == [row]


def test_renaming_onto_another_tag_asks_and_then_makes_them_one(sandefjord, kari, at_desk):
    old, new = tag(sandefjord, "unge"), tag(sandefjord, "Ungdom")
    both = directory.add_contact(tenant=sandefjord, by=kari, facts={"name": "Ada"}, tags=["unge", "ungdom"])
    one = directory.add_organisation(
        tenant=sandefjord, by=kari, facts={"name": "Klubben", "kind": "ngo"}, tags=["unge"]
    )
    rule = group(sandefjord, rule=Rule(tags=(old.pk,)))
    client, page = at_desk(kari), at("tag-edit", pk=old.pk)
    asked = client.post(page, {"name": "ungdom"})
    assert (asked.status_code, asked.context["other"], Tag.objects.of(sandefjord).count()) == (200, new, 2)
    client.post(page, {"name": "Ungdom", "merge": new.pk})
    assert [each.name for each in Tag.objects.of(sandefjord)] == ["Ungdom"]
    assert (tags_of(both), tags_of(one)) == (["Ungdom"], ["Ungdom"])
    rule.refresh_from_db()
    assert (rule.rule_json, list(rule.contacts())) == ({"tags": [new.pk]}, [both])
    assert [row.name for row in Organisation.objects.of(sandefjord).matching("unge")] == []


def test_a_removed_tag_leaves_its_carriers(sandefjord, kari, at_desk):
    row = directory.add_contact(tenant=sandefjord, by=kari, facts={"name": "Ada"}, tags=["ungdom", "barn"])
    gone = Tag.objects.of(sandefjord).get(name="ungdom")
    at_desk(kari).post(at("tag-remove", pk=gone.pk))
    assert tags_of(row) == ["barn"]
    assert list(Contact.objects.of(sandefjord).matching("ungdom")) == []


def test_the_list_is_narrowed_to_a_tag_of_ones_own_tenant(sandefjord, kristiansand, kari, at_desk):
    mine, theirs = tag(sandefjord, "ungdom"), tag(kristiansand, "ungdom")
    row = contact(sandefjord, name="Ada")
    contact(sandefjord, name="Bo")
    ContactTag.objects.create(tenant=sandefjord, contact=row, tag=mine)
    client = at_desk(kari)

    def found(pk):
        return [each.name for each in client.get(at("directory"), {"tag": pk}).context["page_obj"]]

    assert (found(mine.pk), found(theirs.pk), found("x")) == (["Ada"], ["Ada", "Bo"], ["Ada", "Bo"])


@pytest.mark.parametrize("page", ["tag-list", "type-list"])
def test_a_list_asks_as_much_for_one_word_as_for_three(sandefjord, kari, at_desk, page):
    client = at_desk(kari)

    def add():
        own = organisation_type(sandefjord)
        directory.add_organisation(
            tenant=sandefjord, by=kari, facts={"name": own.name, "kind": "ngo", "type": own}, tags=[own.name]
        )

    add()
    one = queries_of(client, at(page))
    add()
    add()
    assert (queries_of(client, at(page)), one <= 2) == (one, True)


def test_words_stand_in_the_order_of_the_alphabet(sandefjord, kari, at_desk):
    for name in ("ungdom", "barn", "nabo"):
        tag(sandefjord, name)
    assert [row.name for row in at_desk(kari).get(at("tag-list")).context["tags"]] == [
        "barn",
        "nabo",
        "ungdom",
    ]

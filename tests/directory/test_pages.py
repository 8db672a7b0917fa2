"""The directory's pages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.directory.models import Contact, Organisation, OrganisationAlias
from tests.factories import contact, organisation

FORMS = ["organisation-create", "contact-create"]
LISTS = ["directory", "organisation-list"]


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_as_much_for_one_row_as_for_three(at_desk, kari, sandefjord, page):
    client = at_desk(kari)

    def add():
        contact(sandefjord, organisation=organisation(sandefjord, successor=organisation(sandefjord)))

    add()
    client.get(at(page))
    one = queries(client, at(page))
    for _ in range(2):
        add()
    assert queries(client, at(page)) == one
    assert one <= 3 + 4  # session, user, membership; then the content


@pytest.mark.parametrize("page", LISTS)
def test_a_list_shows_fifty_a_page(at_desk, kari, sandefjord, page):
    here = organisation(sandefjord, name="AAA")
    Organisation.objects.bulk_create(
        [Organisation(tenant=sandefjord, name=f"Forening {n:03}", kind="ngo") for n in range(59)]
    )
    Contact.objects.bulk_create(
        [Contact(tenant=sandefjord, name=f"Person {n:03}", organisation=here) for n in range(60)]
    )
    client = at_desk(kari)
    assert len(client.get(at(page)).context["page_obj"]) == 50
    assert len(client.get(at(page), {"page": 2}).context["page_obj"]) == 10
    assert len(client.get(at(page), {"page": "nonsense"}).context["page_obj"]) == 50


def test_contacts_are_filtered_by_words_and_type(at_desk, kari, sandefjord):
    mosque = organisation(sandefjord, name="Moskeen", kind="faith")
    contact(sandefjord, name="Ali", organisation=mosque)
    contact(sandefjord, name="Alma", organisation=organisation(sandefjord, kind="school"))
    client = at_desk(kari)

    def found(**asked):
        return [row.name for row in client.get(at("directory"), asked).context["page_obj"]]

    assert found() == ["Ali", "Alma"]
    assert found(q="al", type="faith") == ["Ali"]
    assert found(q="al", type="school") == ["Alma"]
    assert found(type="nonsense") == ["Ali", "Alma"]
    assert found(q="x" * 300) == ["Ali", "Alma"]
    assert found(q="zz") == []


def test_another_tenants_rows_are_neither_listed_nor_opened(at_desk, kari, sandefjord, kristiansand):
    mine, theirs = contact(sandefjord, name="Min"), contact(kristiansand, name="Deres")
    client = at_desk(kari)
    assert [row.name for row in client.get(at("directory")).context["page_obj"]] == ["Min"]
    assert client.get(at("contact-detail", pk=mine.pk)).status_code == 200
    for page in ("contact-detail", "contact-edit"):
        assert client.get(at(page, pk=theirs.pk)).status_code == 404
    for page in ("organisation-detail", "organisation-edit"):
        assert client.get(at(page, pk=theirs.organisation_id)).status_code == 404


def test_a_minute_taker_sees_the_directory_and_changes_nothing(at_desk, mina, sandefjord):
    row = contact(sandefjord)
    client = at_desk(mina)
    shown = client.get(at("contact-detail", pk=row.pk)).content.decode()
    assert row.email in shown
    assert at("contact-edit", pk=row.pk) not in shown
    assert client.get(at("contact-edit", pk=row.pk)).status_code == 403
    assert [client.post(at(page), {"name": "X"}).status_code for page in FORMS] == [403, 403]


def test_a_reader_never_sees_the_directory(at_desk, leif, sandefjord):
    row = contact(sandefjord)
    client = at_desk(leif)
    pages = [at("directory"), at("organisation-list"), at("contact-detail", pk=row.pk)]
    assert [client.get(page).status_code for page in pages] == [403] * 3


def test_a_contact_is_entered_and_changed(at_desk, kari, sandefjord):
    client = at_desk(kari)
    typed = {"name": "Ada Prest", "email": "Ada@Kirken.example", "language": "en", "role": "prest"}
    answer = client.post(at("contact-create"), typed)
    row = Contact.objects.of(sandefjord).get()
    assert answer.url == at("contact-detail", pk=row.pk)
    assert (row.email, row.language) == ("ada@kirken.example", "en")
    assert client.post(at("contact-edit", pk=row.pk), {**typed, "role": "sogneprest"}).status_code == 302
    row.refresh_from_db()
    assert row.role == "sogneprest"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "ada@kirken.example", "name": "Ada"}, "email"),
        ({"valid_from": "2026-05-01", "valid_until": "2026-04-01"}, "valid_until"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"language": "xx"}, "language"),
        ({"organisation": "999999"}, "organisation"),
        ({"name": "N\x00L"}, "name"),
    ],
)
def test_a_wrong_contact_is_told_beside_the_field_and_nothing_is_lost(
    at_desk, kari, sandefjord, typed, field
):
    contact(sandefjord, name="Ada", email="ada@kirken.example")
    typed = {"name": "Bo", "role": "en lang tittel", "language": "nb", **typed}
    answer = at_desk(kari).post(at("contact-create"), typed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "en lang tittel" in answer.content.decode()
    assert Contact.objects.of(sandefjord).count() == 1


def test_an_organisation_of_another_tenant_cannot_be_chosen(at_desk, kari, kristiansand, sandefjord):
    theirs = organisation(kristiansand)
    typed = {"name": "Bo", "language": "nb", "organisation": theirs.pk}
    answer = at_desk(kari).post(at("contact-create"), typed)
    assert list(answer.context["form"].errors) == ["organisation"]


def test_an_organisation_is_entered_with_other_names_and_changed(at_desk, kari, sandefjord):
    client = at_desk(kari)
    typed = {"name": "Fjordbyen  moské", "kind": "faith", "aliases": "Moskeen\n\n moskeen \nSjøbyen moské"}
    answer = client.post(at("organisation-create"), typed)
    row = Organisation.objects.of(sandefjord).get()
    assert answer.url == at("organisation-detail", pk=row.pk)
    assert row.name == "Fjordbyen moské"
    assert sorted(alias.name for alias in row.aliases.all()) == ["Sjøbyen moské", "moskeen"]
    page = client.get(at("organisation-edit", pk=row.pk)).content.decode()
    assert "Sjøbyen moské" in page
    assert client.post(at("organisation-edit", pk=row.pk), {**typed, "kind": "ngo"}).status_code == 302
    row.refresh_from_db()
    assert row.kind == "ngo"


def test_a_name_that_is_taken_is_told_with_its_owner(at_desk, kari, sandefjord):
    row = organisation(sandefjord, name="Sandefjord politidistrikt")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=row, name="Sandefjord politi")
    form = at_desk(kari).post(at("organisation-create"), {"name": "sandefjord POLITI", "kind": "police"})
    assert list(form.context["form"].errors) == ["name"]
    assert "Sandefjord politidistrikt" in form.content.decode()


def test_organisations_never_succeed_each_other_in_a_circle(at_desk, kari, sandefjord):
    first, second = organisation(sandefjord), organisation(sandefjord)
    second.successor = first
    second.save()
    typed = {"name": first.name, "kind": "ngo", "successor": second.pk}
    answer = at_desk(kari).post(at("organisation-edit", pk=first.pk), typed)
    assert list(answer.context["form"].errors) == ["successor"]


def test_a_contact_detail_tells_how_long_the_role_lasts(at_desk, kari, sandefjord):
    row = contact(sandefjord, valid_from=dt.date(2024, 1, 1), valid_until=dt.date(2026, 12, 31))
    shown = at_desk(kari).get(at("contact-detail", pk=row.pk)).content.decode()
    assert "2024" in shown
    assert "2026" in shown


def test_an_organisation_keeps_and_shows_how_it_is_reached(at_desk, kari, sandefjord):
    typed = {"name": "Moskeen", "kind": "faith", "address": "Storgata 1", "city": "Larvik"}
    reached = {"email": "post@moskeen.example", "phone": "400 00 000"}
    client = at_desk(kari)
    client.post(at("organisation-create"), {**typed, **reached})
    row = Organisation.objects.of(sandefjord).get()
    assert {name: getattr(row, name) for name in (*typed, *reached)} == {**typed, **reached}
    shown = client.get(at("organisation-detail", pk=row.pk)).content.decode()
    assert [text in shown for text in ("Storgata 1", "mailto:post@moskeen.example", "tel:40000000")] == [
        True
    ] * 3


@pytest.mark.parametrize("page", LISTS)
def test_a_narrowed_list_is_looked_through_once(at_desk, kari, sandefjord, page):
    client = at_desk(kari)
    for n in range(60):
        contact(
            sandefjord, name=f"Person {n:02}", organisation=organisation(sandefjord, name=f"Person {n:02}")
        )
    first = client.get(at(page), {"q": "person"}).context["page_obj"]
    second = client.get(at(page), {"q": "person", "page": 2}).context["page_obj"]
    names = [f"Person {n:02}" for n in range(60)]
    assert ([row.name for row in first], [row.name for row in second]) == (names[:50], names[50:])
    assert first.paginator.count == 60
    assert queries(client, at(page) + "?q=person") <= 3 + 4


def test_a_list_says_who_has_left_and_who_is_to_come(at_desk, kari, sandefjord):
    contact(sandefjord, name="Sluttet", valid_until=dt.date(2020, 5, 17))
    contact(sandefjord, name="Kommer", valid_from=dt.date(2199, 5, 17))
    shown = " ".join(at_desk(kari).get(at("directory")).content.decode().split())
    assert ("til og med 17. mai 2020" in shown, "fra 17. mai 2199" in shown) == (True, True)

"""Taking an import back, and what stays."""

import pytest
from django.utils import translation

from events.audit import AuditEntry
from events.directory import services as directory
from events.directory.imports.models import ImportBatch
from events.directory.imports.report import kept_in_words
from events.directory.imports.undoing import undo
from events.directory.models import Contact, Organisation
from tests.factories import contact, event, invitation, organisation
from tests.imports.kit import imported, listed, people

HEAD = ("Navn", "E-post", "Organisasjon", "Telefon", "Fra")


@pytest.fixture
def batch(sandefjord, kari):
    """Adds Ola at the new Nylaget, and changes Kari's telephone, organisation and first day."""
    lag = organisation(sandefjord, name="Laget")
    contact(sandefjord, name="Kari", email="k@x.example", phone="1", organisation=lag)
    data = listed(
        HEAD, ("Kari", "k@x.example", "Nylaget", "2", "2026-03-01"), ("Ola", "o@x.example", "Nylaget", "", "")
    )
    return imported(sandefjord, data, by=kari)[1]


def of(tenant, name):
    return Contact.objects.of(tenant).get(name=name)


def test_everything_is_as_before(sandefjord, kari, batch):
    assert people(sandefjord, "name", "phone", "organisation__name") == [
        ("Kari", "2", "Nylaget"),
        ("Ola", "", "Nylaget"),
    ]
    done = undo(batch, by=kari)
    assert people(sandefjord, "name", "phone", "organisation__name", "valid_from") == [
        ("Kari", "1", "Laget", None)
    ]
    assert list(Organisation.objects.of(sandefjord).values_list("name", flat=True)) == ["Laget"]
    assert (done.kept, done.undone_by) == ([], kari)
    assert Contact.objects.of(sandefjord).matching("laget").count() == 1


def test_the_audit_trail_tells_how_much(sandefjord, kari, batch):
    undo(batch, by=kari)
    entry = AuditEntry.objects.of(sandefjord).about(batch).first()
    assert entry.words() == (
        "Kari Koordinator angret en import av kontakter: 2 fjernet, 1 endret tilbake, 0 står som de er."
    )


def test_the_second_undo_does_nothing(sandefjord, kari, mina, batch):
    first = undo(batch, by=kari)
    imported(sandefjord, listed(HEAD, ("Ola", "o@x.example", "", "", "")))
    again = undo(batch, by=mina)
    assert (again.undone_at, again.undone_by) == (first.undone_at, kari)
    assert people(sandefjord, "name") == ["Kari", "Ola"]
    assert AuditEntry.objects.of(sandefjord).filter(action="contacts.import_undone").count() == 1


def test_who_was_invited_stays_and_so_does_the_organisation(sandefjord, kari, batch):
    invitation(event(sandefjord), contact=of(sandefjord, "Ola"))
    done = undo(batch, by=kari)
    assert people(sandefjord, "name", "organisation__name") == [("Kari", "Laget"), ("Ola", "Nylaget")]
    assert kept_in_words(done) == [
        "«Nylaget» blir stående: den er i bruk andre steder, for eksempel i en invitasjon.",
        "«Ola» blir stående: den er i bruk andre steder, for eksempel i en invitasjon.",
    ]


def test_who_was_changed_since_stays_as_changed(sandefjord, kari, batch):
    directory.change_contact(of(sandefjord, "Ola"), by=kari, facts={"role": "Leder"})
    directory.change_contact(of(sandefjord, "Kari"), by=kari, facts={"phone": "3"})
    done = undo(batch, by=kari)
    assert people(sandefjord, "name", "role", "phone") == [("Kari", "", "3"), ("Ola", "Leder", "")]
    assert sorted(kept_in_words(done)) == [
        "«Kari» blir stående: noen har endret den etter importen.",
        "«Nylaget» blir stående: den er i bruk andre steder, for eksempel i en invitasjon.",
        "«Ola» blir stående: noen har endret den etter importen.",
    ]


def test_a_later_import_of_the_same_contact_counts_as_a_change(sandefjord, kari, batch):
    imported(sandefjord, listed(HEAD, ("Ola", "o@x.example", "", "9", "")))
    undo(batch, by=kari)
    assert people(sandefjord, "name", "phone") == [("Kari", "1"), ("Ola", "9")]


def test_an_organisation_changed_since_stays(sandefjord, kari, batch):
    row = Organisation.objects.of(sandefjord).get(name="Nylaget")
    directory.change_organisation(row, by=kari, facts={"city": "Larvik"}, aliases=[])
    done = undo(batch, by=kari)
    assert kept_in_words(done) == ["«Nylaget» blir stående: noen har endret den etter importen."]


def test_an_old_name_and_address_that_are_taken_by_now_are_not_taken_away(sandefjord, kari):
    contact(sandefjord, name="Kari", email="k@x.example", organisation=None)
    _plan, batch = imported(sandefjord, listed(HEAD, ("Kari Nordmann", "k@x.example", "", "", "")))
    contact(sandefjord, name="Kari", email="k@x.example", organisation=None)
    done = undo(batch, by=kari)
    assert people(sandefjord, "name") == ["Kari", "Kari Nordmann"]
    assert kept_in_words(done) == [
        "«Kari Nordmann» blir stående: en annen kontakt har det gamle navnet og den gamle adressen."
    ]


def test_a_former_organisation_that_is_gone_is_not_put_back(sandefjord, kari, batch):
    Organisation.objects.of(sandefjord).get(name="Laget").delete()
    done = undo(batch, by=kari)
    with translation.override("en"):
        assert kept_in_words(done)[-1] == (
            "“Kari” stays as it is: its former organisation is no longer in the directory."
        )
    assert people(sandefjord, "name", "phone") == [("Kari", "2")]


def test_a_contact_removed_since_is_no_trouble_and_leaves_no_fact_behind(sandefjord, kari, batch):
    of(sandefjord, "Kari").delete()
    assert [change.before for change in batch.changes.all()] == [{}, {}]
    assert undo(batch, by=kari).kept == []
    assert people(sandefjord, "name") == []


def test_many_are_taken_back_in_few_queries(sandefjord, kari, django_assert_max_num_queries):
    rows = [(f"Person {n}", f"p{n}@x.example", f"Lag {n}", "", "") for n in range(300)]
    _plan, batch = imported(sandefjord, listed(HEAD, *rows))
    # One or two for each table that points at a contact or an organisation, however many rows there are.
    with django_assert_max_num_queries(90):
        undo(batch, by=kari)
    assert people(sandefjord, "name") == []
    assert not Organisation.objects.of(sandefjord).exists()
    assert ImportBatch.objects.of(sandefjord).get().added == 300

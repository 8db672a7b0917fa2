"""What a list does to the directory: all of it or nothing, and nothing the second time."""

import datetime as dt

import pytest
import time_machine
from django.utils.module_loading import import_string
from django_q.models import Schedule

from events.audit import AuditEntry
from events.directory.imports import services
from events.directory.imports.columns import suggested
from events.directory.imports.models import ChangeKind, ImportBatch, ImportChange, ImportDraft
from events.directory.imports.reading import read
from events.directory.labels.models import OrganisationType
from events.directory.models import Contact, Organisation, OrganisationAlias
from tests.factories import contact, organisation
from tests.imports.kit import imported, listed, people, planned, sample

HEAD = ("Navn", "E-post", "Organisasjon", "Telefon")


def words(problems):
    return [str(problem) for problem in problems]


def test_a_list_makes_contacts_and_the_organisations_it_names(sandefjord, kari):
    plan, batch = imported(sandefjord, sample("excel_norwegian_semicolon_cp1252.csv"), by=kari)
    assert people(sandefjord, "name", "role", "email", "phone", "organisation__name", "language") == [
        ("Jørn Bærheim", "Kontaktperson", "jorn@rodekors.example", "33 41 60 00", "Røde Kors Havneby", "nb"),
        ("Åse Østbø", "Styreleder", "ase@fjordbyen.example", "+47 900 00 001", "Fjordbyen moské", "nb"),
    ]
    bodies = Organisation.objects.of(sandefjord).values_list("name", "kind")
    assert list(bodies) == [("Fjordbyen moské", "faith"), ("Røde Kors Havneby", "ngo")]
    assert (batch.added, batch.changed, batch.unchanged, batch.organisations, batch.by) == (2, 0, 0, 2, kari)
    assert list(batch.changes.values_list("kind", flat=True)) == [
        *[ChangeKind.ORGANISATION_ADDED] * 2,
        *[ChangeKind.CONTACT_ADDED] * 2,
    ]
    assert plan.errors == []


def test_the_contacts_are_found_by_search_as_if_typed(sandefjord):
    imported(sandefjord, sample("excel_norwegian_semicolon_cp1252.csv"))
    assert Contact.objects.of(sandefjord).matching("baerheim").count() == 1
    assert Contact.objects.of(sandefjord).matching("røde kors").count() == 1


def test_the_audit_trail_counts_and_names_nobody(sandefjord, kari):
    imported(sandefjord, sample("excel_norwegian_semicolon_cp1252.csv"), by=kari, source="Åse Østbø.csv")
    (entry,) = AuditEntry.objects.of(sandefjord)
    assert entry.words() == "Kari Koordinator importerte kontakter: 2 nye, 0 endret."
    assert "Åse" not in str(entry.facts)


def test_the_second_run_changes_nothing_and_leaves_no_trace(sandefjord):
    imported(sandefjord, sample("excel_norwegian_semicolon_cp1252.csv"))
    before = people(sandefjord, "pk", "name", "email")
    plan, batch = imported(sandefjord, sample("excel_unicode_text_utf16_tabs.txt"))
    assert (batch, len(plan.added), len(plan.changed), plan.unchanged) == (None, 0, 0, 2)
    assert people(sandefjord, "pk", "name", "email") == before
    assert ImportBatch.objects.of(sandefjord).count() == 1
    assert AuditEntry.objects.of(sandefjord).count() == 1


def test_with_an_error_nothing_at_all_is_written(sandefjord):
    plan, batch = imported(sandefjord, sample("one_wrong_address_cp1252.csv"))
    assert words(plan.errors) == ["Rad 4, E-post: «siv(at)frikirken.example» er ikke en e-postadresse."]
    assert batch is None
    assert Contact.objects.of(sandefjord).count() == 0
    assert Organisation.objects.of(sandefjord).count() == 0


def test_every_error_is_told_with_its_row_and_column(sandefjord):
    head = ("Navn", "E-post", "Fra", "Til", "Språk", "Kanal", "Type", "Organisasjon")
    plan = planned(
        sandefjord,
        listed(
            head,
            ("Kari", "kari", "", "", "", "", "", ""),
            ("", "ola@x.example", "", "", "", "", "", ""),
            ("Per", "per@x.example", "31.02.2026", "01.03.26", "klingon", "due", "orden", "Laget"),
            ("Eva", "eva@x.example", "2026-03-01", "2026-03-01", "", "", "", ""),
            ("N" * 201, "n@x.example", "", "", "", "", "", ""),
        ),
    )
    assert [(error.row, error.column) for error in plan.errors] == [
        (2, "E-post"),
        (3, "Navn"),
        *[(4, column) for column in ("Fra", "Til", "Språk", "Kanal", "Type")],
        (5, "Gyldig til"),
        (6, "Navn"),
    ]


def test_dates_languages_and_channels_are_read_in_nordic_ways(sandefjord):
    head = ("Namn", "E-post", "Fra", "Til", "Språk", "Foretrukken kanal")
    imported(
        sandefjord,
        listed(
            head,
            ("A", "a@x.example", "1.3.2026", "31/12/2026", "Engelsk", "Brev"),
            ("B", "b@x.example", "2026-03-01", "", "NB", "tlf"),
            ("C", "c@x.example", "", "", "nynorsk", "e-post"),
            ("D", "d@x.example", "", "", "العربية", "e-post"),
            ("E", "e@x.example", "", "", "Ukrainsk", "e-post"),
        ),
    )
    assert people(sandefjord, "name", "valid_from", "valid_until", "language", "channel") == [
        ("A", dt.date(2026, 3, 1), dt.date(2026, 12, 31), "en", "letter"),
        ("B", dt.date(2026, 3, 1), None, "nb", "phone"),
        ("C", None, None, "nn", "email"),
        ("D", None, None, "ar", "email"),
        ("E", None, None, "uk", "email"),
    ]


def test_first_and_last_name_street_postcode_and_town_become_one(sandefjord):
    imported(
        sandefjord,
        listed(
            ("Fornavn", "Etternavn", "Adresse", "Postnr", "Poststed", "Organisasjon"),
            ("Kari", "Nordmann", "Storgata 1", "3210", "Sandefjord", "Laget"),
            ("Ola", "", "", "", "Larvik", ""),
        ),
    )
    assert people(sandefjord, "name", "address") == [
        ("Kari Nordmann", "Storgata 1, 3210 Sandefjord"),
        ("Ola", "Larvik"),
    ]
    assert Organisation.objects.of(sandefjord).get().city == "Sandefjord"


def test_a_row_without_a_person_is_the_organisations_own_contact(sandefjord):
    plan, _batch = imported(sandefjord, listed(HEAD, ("", "post@laget.example", "Laget", "")))
    assert people(sandefjord, "name", "organisation__name") == [("Laget", "Laget")]
    assert plan.notes == ["Disse radene navngir ingen person; kontakten får navnet til organisasjonen: 2."]


def test_a_new_contact_gets_the_tenants_language(sandefjord):
    sandefjord.language = "en"
    sandefjord.save()
    imported(sandefjord, listed(HEAD, ("Kari", "k@x.example", "", "")))
    assert people(sandefjord, "language") == ["en"]


# --- Which contact is it ------------------------------------------------------------------------------------------
def test_a_contact_is_found_by_its_address_whatever_the_letters(sandefjord):
    row = contact(sandefjord, name="Kari Nordmann", email="kari@x.example", phone="1")
    plan, _batch = imported(sandefjord, listed(HEAD, ("KARI  NORDMANN", "KARI@X.example", "", "2")))
    assert [change.differences for change in plan.changed] == [
        {"name": ("Kari Nordmann", "KARI NORDMANN"), "phone": ("1", "2")}
    ]
    assert people(sandefjord, "pk", "name", "phone") == [(row.pk, "KARI NORDMANN", "2")]


def test_another_name_at_an_address_of_one_is_the_same_contact(sandefjord):
    row = contact(sandefjord, name="Kari Hansen", email="leder@x.example")
    imported(sandefjord, listed(HEAD, ("Kari Nordmann", "leder@x.example", "", "")))
    assert people(sandefjord, "pk", "name") == [(row.pk, "Kari Nordmann")]


def test_a_shared_address_keeps_its_people_apart(sandefjord):
    kari = contact(sandefjord, name="Kari", email="post@x.example", organisation=None)
    ola = contact(sandefjord, name="Ola", email="post@x.example", organisation=None)
    data = listed(HEAD, ("Ola", "post@x.example", "", "2"), ("Kari", "post@x.example", "", "1"))
    plan, _batch = imported(sandefjord, data)
    assert people(sandefjord, "pk", "phone") == [(kari.pk, "1"), (ola.pk, "2")]
    assert plan.notes == ["Adressen post@x.example står i flere rader: 2, 3."]


def test_a_third_person_at_a_shared_address_is_new(sandefjord):
    contact(sandefjord, name="Kari", email="post@x.example")
    contact(sandefjord, name="Ola", email="post@x.example")
    imported(sandefjord, listed(HEAD, ("Per", "post@x.example", "", "")))
    assert people(sandefjord, "name") == ["Kari", "Ola", "Per"]


def test_without_address_name_and_organisation_tell(sandefjord):
    lag = organisation(sandefjord, name="Laget")
    row = contact(sandefjord, name="Jørn Bærheim", email="", organisation=lag)
    imported(sandefjord, listed(HEAD, ("jorn baerheim", "jorn@x.example", "LAGET", "")))
    assert people(sandefjord, "pk", "email") == [(row.pk, "jorn@x.example")]


def test_a_name_alone_does_not_take_another_persons_address(sandefjord):
    contact(sandefjord, name="Per Hansen", email="per@a.example", organisation=None)
    imported(sandefjord, listed(HEAD, ("Per Hansen", "per@b.example", "", "")))
    assert people(sandefjord, "email") == ["per@a.example", "per@b.example"]


def test_an_empty_cell_erases_nothing(sandefjord):
    lag = organisation(sandefjord, name="Laget")
    contact(
        sandefjord, name="Kari", email="k@x.example", phone="1", role="Leder", organisation=lag, language="en"
    )
    plan, batch = imported(
        sandefjord, listed((*HEAD, "Rolle", "Språk"), ("Kari", "k@x.example", "", "", "", ""))
    )
    assert (plan.unchanged, batch) == (1, None)
    assert people(sandefjord, "phone", "role", "organisation__name", "language") == [
        ("1", "Leder", "Laget", "en")
    ]


def test_an_organisation_is_found_by_its_other_names(sandefjord):
    politi = organisation(sandefjord, name="Sør-Øst politidistrikt", kind="police")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=politi, name="Politiet i Sandefjord")
    plan, _batch = imported(sandefjord, listed(HEAD, ("Kari", "k@x.example", "politiet i  SANDEFJORD", "")))
    assert people(sandefjord, "organisation_id") == [politi.pk]
    assert plan.organisations == {}


def test_another_type_in_the_list_is_told_and_not_taken(sandefjord):
    organisation(sandefjord, name="Laget", kind="ngo")
    head = (*HEAD, "Type")
    plan, _batch = imported(sandefjord, listed(head, ("Kari", "k@x.example", "Laget", "", "politi")))
    assert plan.notes == ["Registeret har en annen type for «Laget», og den beholdes (rad 2)."]
    assert Organisation.objects.of(sandefjord).get().kind == "ngo"


def test_the_tenants_own_types_are_known_and_decide_the_kind(sandefjord, kristiansand):
    mosque = OrganisationType.objects.create(tenant=sandefjord, name="Moské", kind="faith")
    OrganisationType.objects.create(tenant=kristiansand, name="Ungdomslag", kind="ngo")
    head = (*HEAD, "Type")
    data = listed(head, ("Kari", "k@x.example", "Fjordbyen", "", "moske"))
    imported(sandefjord, data)
    row = Organisation.objects.of(sandefjord).get()
    assert (row.kind, row.type, planned(sandefjord, data).notes) == ("faith", mosque, [])
    foreign = planned(sandefjord, listed(head, ("Ola", "o@x.example", "Laget", "", "ungdomslag")))
    assert [(error.row, error.column) for error in foreign.errors] == [(2, "Type")]


def test_a_contact_without_an_address_is_reached_as_it_can_be(sandefjord):
    imported(sandefjord, listed(HEAD, ("Kari", "", "", "33 41 60 00"), ("Ola", "o@x.example", "", "1")))
    assert people(sandefjord, "name", "channel") == [("Kari", "phone"), ("Ola", "email")]


def test_a_body_everybody_knows_comes_with_its_successor(sandefjord):
    imported(sandefjord, listed(HEAD, ("Kari", "k@x.example", "Vestfold politidistrikt", "")))
    row = Contact.objects.of(sandefjord).select_related("organisation__successor").get()
    assert row.organisation.name == "Vestfold politidistrikt"
    assert row.organisation.successor.name == "Sør-Øst politidistrikt"


def test_the_same_contact_twice_is_refused_with_both_rows(sandefjord):
    data = listed(
        HEAD,
        ("Kari", "k@x.example", "", ""),
        ("KARI", "K@x.example", "", ""),
        ("Ola", "", "Laget", ""),
        ("Ola", "", "Andre laget", ""),
        ("Ola", "", "laget", ""),
    )
    assert words(planned(sandefjord, data).errors) == [
        "Rad 3, Navn: Den samme kontakten står i rad 2.",
        "Rad 6, Navn: Den samme kontakten står i rad 4.",
    ]


def test_a_change_that_would_make_two_of_the_same_is_refused(sandefjord):
    lag = organisation(sandefjord, name="Laget")
    one = contact(sandefjord, name="Kari", email="", organisation=lag)
    contact(sandefjord, name="Kari", email="k@x.example", organisation=None)
    head = (*HEAD, "Referanse")
    plan = planned(sandefjord, listed(head, ("Kari", "k@x.example", "Laget", "", str(one.pk))))
    assert words(plan.errors) == [
        "Rad 2, E-post: En kontakt med dette navnet og denne adressen finnes allerede."
    ]


def test_a_reference_counts_only_where_name_or_address_agree(sandefjord, kristiansand):
    mine = contact(sandefjord, name="Kari", email="k@x.example", organisation=None)
    theirs = contact(kristiansand, name="Ola", email="o@x.example")
    head = (*HEAD, "Referanse")
    data = listed(
        head, ("Per", "p@x.example", "", "", str(mine.pk)), ("Ola", "o@x.example", "", "", str(theirs.pk))
    )
    imported(sandefjord, data)
    assert people(sandefjord, "name") == ["Kari", "Ola", "Per"]
    assert people(kristiansand, "name") == ["Ola"]


def test_another_tenants_directory_is_neither_read_nor_changed(sandefjord, kristiansand):
    contact(kristiansand, name="Kari", email="k@x.example", phone="1", organisation=None)
    organisation(kristiansand, name="Laget")
    plan, _batch = imported(sandefjord, listed(HEAD, ("Kari", "k@x.example", "Laget", "2")))
    assert (len(plan.added), list(plan.organisations)) == (1, ["laget"])
    assert people(kristiansand, "name", "phone", "organisation") == [("Kari", "1", None)]


def test_a_list_without_a_column_of_names_is_refused_in_words(sandefjord):
    assert words(planned(sandefjord, b"E-post\nk@x.example\n").errors) == [
        "Rad 2: Ingen kolonne inneholder navnet. Velg hvilken som gjør det."
    ]


# --- Between the pages --------------------------------------------------------------------------------------------
def kept(tenant, user, data=b"Navn;E-post;Hund\nKari;k@x.example;Rex\n", **more):
    return services.keep(tenant=tenant, user=user, source="liste.csv", table=read(data), **more)


def test_a_draft_belongs_to_one_person_and_goes_when_imported(sandefjord, kari):
    draft = kept(sandefjord, kari)
    batch = services.run(draft, by=kari, seen=services.dry_run_of(draft).fingerprint())
    assert (batch.source, batch.by) == ("liste.csv", kari)
    assert not ImportDraft.objects.of(sandefjord).exists()
    with pytest.raises(services.AlreadyDone):
        services.run(draft, by=kari, seen="")
    assert people(sandefjord, "name") == ["Kari"]


def test_what_was_not_seen_is_not_done_and_the_draft_stays(sandefjord, kari):
    draft = kept(sandefjord, kari)
    seen = services.dry_run_of(draft).fingerprint()
    contact(sandefjord, name="Kari Hansen", email="k@x.example", organisation=None)
    with pytest.raises(services.NotAsSeen):
        services.run(draft, by=kari, seen=seen)
    assert ImportDraft.objects.of(sandefjord).get() == draft
    assert not ImportBatch.objects.of(sandefjord).exists()
    assert people(sandefjord, "name") == ["Kari Hansen"]


def test_a_new_list_replaces_the_persons_own_and_sweeps_what_is_a_day_old(
    sandefjord, kristiansand, kari, mina, nils
):
    kept(sandefjord, kari)
    minas, old = kept(sandefjord, mina), kept(kristiansand, nils)
    old.created_at -= dt.timedelta(days=1, minutes=1)
    old.save()
    new = kept(sandefjord, kari)
    assert set(ImportDraft.objects.across_tenants("all of them")) == {minas, new}


def test_the_worker_deletes_a_list_a_day_after_its_upload(sandefjord, kari):
    draft = kept(sandefjord, kari)
    schedule = Schedule.objects.get()
    after = schedule.next_run - draft.created_at
    assert dt.timedelta(days=1) < after < dt.timedelta(days=1, minutes=2)
    job = import_string(schedule.func)
    assert (job(), ImportDraft.objects.of(sandefjord).count()) == (0, 1)
    with time_machine.travel(schedule.next_run, tick=False):
        assert (job(), job(), ImportDraft.objects.of(sandefjord).count()) == (1, 0, 0)


def test_choices_hold_for_the_corrected_list(sandefjord, kari):
    draft = kept(sandefjord, kari)
    assert draft.columns == ["name", "email", ""]
    services.choose(draft, columns=["name", "", "role"])
    new = kept(sandefjord, kari, b"Hund;Navn;Tlf;E-post\nRex;Kari;1;k@x.example\n", instead=draft)
    assert new.columns == ["role", "name", "phone", ""]


def test_a_contact_changed_between_plan_and_writing_stops_the_import(sandefjord, monkeypatch):
    row = contact(sandefjord, name="Kari", email="k@x.example", phone="1", organisation=None)
    table = read(listed(HEAD, ("Kari", "k@x.example", "", "2"), ("Ola", "o@x.example", "", "")))
    real = services.plan

    def slow_plan(*given):
        found = real(*given)
        Contact.objects.of(sandefjord).filter(pk=row.pk).update(phone="3")
        return found

    monkeypatch.setattr(services, "plan", slow_plan)
    with pytest.raises(services.NotAsSeen):
        services.import_table(
            tenant=sandefjord, by=None, source="x", table=table, columns=suggested(table.header, table.rows)
        )
    assert people(sandefjord, "name") == ["Kari"]
    assert not ImportChange.objects.of(sandefjord).exists()

"""An export that is imported again changes nothing."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from events.directory.formulas import guarded, unguarded
from events.directory.imports.export import as_csv, as_vcards
from events.directory.models import Contact
from tests.factories import contact, organisation
from tests.imports.kit import people, planned

LETTERS = st.sampled_from("aÅøñ=+-@'\";,\\ \t\n\x07\u202e\u00a0\u200d7.<>%")
TEXT = st.text(LETTERS, max_size=12)
NAME = TEXT.filter(lambda text: any(letter.isalnum() for letter in text))
FACTS = st.fixed_dictionaries(
    {
        "name": NAME,
        "role": TEXT,
        "phone": TEXT,
        "address": TEXT,
        "language": st.sampled_from(["nb", "en"]),
        "channel": st.sampled_from(["email", "letter", "phone"]),
        "valid_from": st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2020, 1, 1)),
        "valid_until": st.none() | st.dates(dt.date(2021, 1, 1), dt.date(2040, 1, 1)),
        "email": st.sampled_from(["", "", "post@x.example", "A.B@x.example"]),
    }
)
PEOPLE = st.lists(
    st.tuples(FACTS, st.sampled_from([None, "Laget", '=Håp; og "tro"', "'+Lag"])), min_size=1, max_size=5
)


def build(tenant, listed):
    """Contacts as the database takes them: name and address together once."""
    bodies, seen = {None: None}, set()
    for facts, body in listed:
        if body not in bodies:
            bodies[body] = organisation(tenant, name=body)
        if not facts["email"] or (facts["name"], facts["email"]) not in seen:
            seen.add((facts["name"], facts["email"]))
            contact(tenant, organisation=bodies[body], **facts)


def all_of(tenant):
    return Contact.objects.of(tenant).select_related("organisation__type")


def assert_nothing_changes(plan, count):
    assert plan.errors == []
    assert plan.changed == []
    assert (plan.added, plan.unchanged, plan.organisations) == ([], count, {})


@pytest.mark.parametrize(("write", "language"), [(as_csv, "nb"), (as_csv, "en"), (as_vcards, "nb")])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(listed=PEOPLE)
@example(listed=[({"name": "=1+1", "role": "-2", "phone": "'+47", "email": ""}, None)])
@example(listed=[({"name": "Kari", "email": ""}, "Laget"), ({"name": "KARI", "email": ""}, "Laget")])
@example(
    listed=[
        ({"name": "Kari", "email": "p@x.example"}, None),
        ({"name": "kari", "email": "P@x.example"}, None),
    ]
)
def test_any_directory_exported_and_imported_is_unchanged(sandefjord, write, language, listed):
    with transaction.atomic():
        build(sandefjord, listed)
        with translation.override(language):
            data = write(all_of(sandefjord))
        assert_nothing_changes(planned(sandefjord, data), len(people(sandefjord, "pk")))
        transaction.set_rollback(True)


@given(st.text(max_size=20) | TEXT)
def test_the_guard_against_formulas_gives_back_what_went_in(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "@")


def test_the_file_is_what_a_nordic_spreadsheet_opens(sandefjord):
    lag = organisation(sandefjord, name="Fjordbyen moské", kind="faith")
    row = contact(
        sandefjord,
        name="Åse",
        role="=SUM(A1)",
        phone="+47 900 00 001",
        email="ase@x.example",
        organisation=lag,
        valid_from=dt.date(2026, 3, 1),
    )
    data = as_csv(all_of(sandefjord))
    assert data.startswith(b"\xef\xbb\xbfNavn;Rolle;")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == [
        "Åse",
        "'=SUM(A1)",
        "Fjordbyen moské",
        "tros- og livssynssamfunn",
        "ase@x.example",
        "+47 900 00 001",
        "",
        "Norsk bokmål",
        "e-post",
        "2026-03-01",
        "",
        str(row.pk),
    ]


def test_a_second_reader_reads_our_vcards(sandefjord):
    vobject = pytest.importorskip("vobject")
    lag = organisation(sandefjord, name="Kirke; og, kor")
    contact(
        sandefjord,
        name="Åse Østbø",
        phone="33 41 60 00",
        address="Storgata 1, 3210 Sandefjord",
        organisation=lag,
    )
    (card,) = vobject.readComponents(as_vcards(all_of(sandefjord)).decode())
    assert (card.version.value, card.fn.value, card.tel.value) == ("3.0", "Åse Østbø", "33 41 60 00")
    assert card.org.value == ["Kirke; og, kor"]
    assert card.adr.value.street == "Storgata 1, 3210 Sandefjord"

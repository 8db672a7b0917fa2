"""`manage.py import_contacts`, from the command line."""

import pytest
from django.core.management import CommandError, call_command

from events.audit import AuditEntry
from events.directory.imports.models import ImportBatch
from events.directory.models import Contact
from tests.imports.kit import DATA, people, workbook


def run(capsys, *arguments):
    call_command("import_contacts", *map(str, arguments))
    return capsys.readouterr().out.splitlines()


def test_a_file_is_imported_for_the_only_tenant(sandefjord, capsys):
    out = run(capsys, DATA / "excel_norwegian_semicolon_cp1252.csv")
    assert out == [
        "+ organisation Fjordbyen moské",
        "+ organisation Røde Kors Havneby",
        "2 new, 0 changed, 0 unchanged",
    ]
    assert people(sandefjord, "name") == ["Jørn Bærheim", "Åse Østbø"]
    batch = ImportBatch.objects.of(sandefjord).get()
    assert (batch.source, batch.by) == ("excel_norwegian_semicolon_cp1252.csv", None)
    assert AuditEntry.objects.of(sandefjord).get().actor_name == ""


def test_the_second_run_changes_nothing(sandefjord, capsys):
    run(capsys, DATA / "excel_norwegian_semicolon_cp1252.csv")
    assert run(capsys, DATA / "utf16_big_endian.csv")[-1] == "0 new, 0 changed, 2 unchanged"
    assert ImportBatch.objects.of(sandefjord).count() == 1


def test_a_dry_run_writes_nothing(sandefjord, capsys):
    out = run(capsys, DATA / "standard_40.vcf", "--dry-run")
    assert out[-2:] == ["1 new, 0 changed, 0 unchanged", "Dry run: nothing was written."]
    assert people(sandefjord, "name") == []


def test_errors_come_with_row_numbers_and_nothing_is_written(sandefjord):
    with pytest.raises(CommandError) as raised:
        call_command("import_contacts", str(DATA / "one_wrong_address_cp1252.csv"))
    assert str(raised.value).endswith(
        "csv: Row 4, E-post: “siv(at)frikirken.example” is not an e-mail address."
    )
    assert people(sandefjord, "name") == []
    with pytest.raises(CommandError, match="Row 4"):
        call_command("import_contacts", str(DATA / "one_wrong_address_cp1252.csv"), "--dry-run")


@pytest.mark.parametrize(
    ("name", "reason"), [("picture_named_list.csv", "This is a picture"), ("nowhere.csv", "No such file")]
)
def test_what_cannot_be_read_is_said_plainly(sandefjord, name, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("import_contacts", str(DATA / name))


def test_a_workbook_and_the_columns_nobody_knows(sandefjord, capsys, tmp_path):
    file = tmp_path / "liste.xlsx"
    file.write_bytes(workbook(["Navn", "Skostørrelse", "Mobil"], ["Kari", 38, 90000001]))
    assert run(capsys, file) == ["Columns that were not read: Skostørrelse", "1 new, 0 changed, 0 unchanged"]
    assert people(sandefjord, "name", "phone") == [("Kari", "90000001")]


def test_among_several_tenants_one_must_be_named(sandefjord, kristiansand, capsys):
    file = DATA / "no_headings.csv"
    with pytest.raises(CommandError, match="--tenant: kristiansand, sandefjord"):
        call_command("import_contacts", str(file))
    with pytest.raises(CommandError, match="There is no tenant 'oslo'"):
        call_command("import_contacts", str(file), "--tenant", "oslo")
    run(capsys, file, "--tenant", "kristiansand")
    assert (len(people(kristiansand, "pk")), Contact.objects.of(sandefjord).exists()) == (2, False)


def test_without_a_tenant_it_says_so(db):
    with pytest.raises(CommandError, match="none yet"):
        call_command("import_contacts", str(DATA / "no_headings.csv"))

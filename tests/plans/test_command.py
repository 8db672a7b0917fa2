"""`manage.py import_plan`."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from events.plans.models import Plan
from tests.factories import tenant

SANDEFJORD = str(Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml")


def test_the_second_run_changes_nothing(sandefjord, capsys):
    call_command("import_plan", SANDEFJORD)
    assert "+ measure 3: Samarbeid mellom kommune, politi og trossamfunn" in capsys.readouterr().out
    call_command("import_plan", SANDEFJORD)
    assert capsys.readouterr().out == "0 new, 0 changed, 23 unchanged\n"


def test_a_dry_run_says_so_and_writes_nothing(sandefjord, capsys):
    call_command("import_plan", SANDEFJORD, "--dry-run")
    assert capsys.readouterr().out.endswith("Dry run: nothing was written.\n")
    assert Plan.objects.of(sandefjord).count() == 0


def test_the_plan_goes_to_the_tenant_named_like_its_owner(sandefjord, kristiansand):
    call_command("import_plan", SANDEFJORD)
    assert Plan.objects.of(sandefjord).count() == 1
    assert Plan.objects.of(kristiansand).count() == 0


def test_the_plan_goes_to_the_tenant_asked_for(sandefjord, kristiansand):
    call_command("import_plan", SANDEFJORD, "--tenant=kristiansand")
    assert Plan.objects.of(kristiansand).count() == 1


def test_an_only_tenant_needs_no_name(db):
    only = tenant("larvik")
    call_command("import_plan", SANDEFJORD)
    assert Plan.objects.of(only).count() == 1


@pytest.mark.parametrize("slugs", [(), ("larvik", "horten")])
def test_a_plan_of_nobody_known_asks_for_the_tenant(db, slugs):
    for slug in slugs:
        tenant(slug)
    with pytest.raises(CommandError, match="--tenant"):
        call_command("import_plan", SANDEFJORD)


def test_an_unknown_tenant_is_told_with_those_there_are(sandefjord):
    with pytest.raises(CommandError, match="sandefjord"):
        call_command("import_plan", SANDEFJORD, "--tenant=larvik")


@pytest.mark.parametrize("content", [b"", b"just words", b"a: &x 1\nb: *x", b"\xff", b"plan: {owner: X}"])
def test_a_file_that_is_no_plan_is_a_clear_error(sandefjord, tmp_path, content):
    file = tmp_path / "other.yaml"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"other\.yaml: "):
        call_command("import_plan", str(file))
    assert Plan.objects.of(sandefjord).count() == 0


def test_a_missing_file_is_a_clear_error(sandefjord, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_plan", str(tmp_path / "none.yaml"))


def test_every_error_is_a_line(sandefjord, tmp_path):
    text = Path(SANDEFJORD).read_text(encoding="utf-8")
    file = tmp_path / "plan.yaml"
    file.write_text(
        text.replace("measures: 18", "measures: 17").replace("label: F", "label: X"), encoding="utf-8"
    )
    with pytest.raises(CommandError) as caught:
        call_command("import_plan", str(file))
    assert len(str(caught.value).splitlines()) == 3

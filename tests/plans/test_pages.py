"""The page that imports a plan."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.plans.importing import import_plan
from events.plans.loading import load
from events.plans.models import Plan

SANDEFJORD = (Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml").read_bytes()


@pytest.fixture
def page():
    return reverse("plan-import", kwargs={"tenant": "sandefjord"})


def upload(content, name="plan.yaml"):
    return {"file": SimpleUploadedFile(name, content)}


def confirmation(preview, **more):
    """What the button below a preview sends."""
    form = preview.context["confirm"]
    return {"kept": form["kept"].value(), "seen": form["seen"].value(), "confirm": "1", **more}


def test_a_file_is_previewed_then_imported(at_desk, kari, sandefjord, page):
    client = at_desk(kari)
    preview = client.post(page, upload(SANDEFJORD))
    assert "Samarbeid mellom kommune, politi og trossamfunn" in preview.content.decode()
    assert Plan.objects.of(sandefjord).count() == 0
    answer = client.post(page, confirmation(preview))
    plan = Plan.objects.of(sandefjord).get()
    assert answer.url == reverse("plan-detail", kwargs={"tenant": "sandefjord", "pk": plan.pk})


def test_confirming_twice_imports_once(at_desk, kari, sandefjord, page):
    client = at_desk(kari)
    sent = confirmation(client.post(page, upload(SANDEFJORD)))
    twice = [client.post(page, sent).url for _ in range(2)]
    assert twice[0] == twice[1]
    assert Plan.objects.of(sandefjord).count() == 1


def test_the_preview_tells_what_changes(at_desk, kari, sandefjord, page):
    import_plan(load(SANDEFJORD), tenant=sandefjord)
    preview = at_desk(kari).post(page, upload(SANDEFJORD.replace(b"ICDP-program", b"ICDP-kurs")))
    assert len(preview.context["result"].changed) == 1
    assert "ICDP-kurs" in preview.context["result"].changed[0]


@pytest.mark.parametrize("content", [b"", b"just words", b"a: &x 1\nb: *x", b"\xff\x00", b"x" * 300_000])
def test_a_file_that_is_no_plan_is_told_and_writes_nothing(at_desk, kari, sandefjord, page, content):
    answer = at_desk(kari).post(page, upload(content))
    assert answer.status_code == 200
    assert answer.context["form"].errors or answer.context["result"].errors
    assert "confirm" not in answer.context
    assert Plan.objects.of(sandefjord).count() == 0


def test_no_file_at_all_is_told_beside_the_field(at_desk, kari, page):
    assert list(at_desk(kari).post(page, {"x": "1"}).context["form"].errors) == ["file"]


def test_errors_in_a_plan_are_listed(at_desk, kari, sandefjord, page):
    spoilt = SANDEFJORD.replace(b"measures: 18", b"measures: 17").replace(b"label: F", b"label: X")
    answer = at_desk(kari).post(page, {"text": spoilt.decode()})
    assert len(answer.context["result"].errors) == 3
    assert Plan.objects.of(sandefjord).count() == 0


def test_only_who_manages_plans_imports(at_desk, mina, sandefjord, page):
    client = at_desk(mina)
    assert client.get(page).status_code == 403
    assert client.post(page, {"text": SANDEFJORD.decode(), "confirm": "1"}).status_code == 403
    assert Plan.objects.of(sandefjord).count() == 0

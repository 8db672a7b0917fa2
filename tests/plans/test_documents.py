"""The plan's own document: kept as it came, handed out as a download, to who may see plans."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.audit import AuditEntry
from events.filetypes import NotAccepted
from events.plans.documents import services
from events.plans.documents.models import PlanDocument
from events.plans.models import Plan
from tests.factories import measure

PDF = b"%PDF-1.7\nHandlingsplan"


@pytest.fixture
def plan(sandefjord, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return measure(sandefjord).plan


def address(name, pk):
    return reverse(name, kwargs={"tenant": "sandefjord", "pk": pk})


def upload(client, plan, name, content):
    return client.post(address("plan-documents", plan.pk), {"file": SimpleUploadedFile(name, content)})


def test_a_document_is_kept_with_its_hash_and_downloaded_as_it_came(at_desk, kari, leif, plan):
    assert upload(at_desk(kari), plan, "../Handlingsplan 2015.pdf", PDF).status_code == 302
    row = PlanDocument.objects.of(plan.tenant).get()
    assert (row.name, row.size, row.sha256) == (
        "Handlingsplan 2015.pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    assert "Handlingsplan" not in row.file.name
    answer = at_desk(leif).get(address("plan-document", row.pk))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    shown = at_desk(leif).get(address("plan-detail", plan.pk)).content.decode()
    assert "Handlingsplan 2015.pdf" in shown


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.html", b"<script>"),
        ("plan.pdf", b"<html>"),
        ("plan.pdf", b"%PDF-1.7 /JavaScript"),
        ("plan.docx", b"PK\x03\x04"),
        ("plan.pdf", b""),
    ],
)
def test_what_is_no_document_is_refused_at_the_field(at_desk, kari, plan, name, content):
    answer = upload(at_desk(kari), plan, name, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert PlanDocument.objects.of(plan.tenant).count() == 0


def test_too_large_is_refused(plan, monkeypatch):
    monkeypatch.setattr(services, "LARGEST", 10)
    with pytest.raises(NotAccepted):
        services.add_document(plan, by=None, name="a.pdf", content=PDF)
    monkeypatch.setattr(services, "LARGEST", 1000)
    monkeypatch.setattr(services, "MOST_BYTES", len(PDF) + 5)
    services.add_document(plan, by=None, name="a.pdf", content=PDF)
    with pytest.raises(NotAccepted):
        services.add_document(plan, by=None, name="b.pdf", content=PDF)


def test_the_same_file_twice_is_one_and_another_of_its_name_is_refused(plan):
    first = services.add_document(plan, by=None, name="a.pdf", content=PDF)
    assert services.add_document(plan, by=None, name="a.pdf", content=PDF) == first
    with pytest.raises(NotAccepted):
        services.add_document(plan, by=None, name="a.pdf", content=PDF + b"!")


def test_a_file_that_was_changed_or_lost_in_the_store_is_not_handed_out(at_desk, kari, plan):
    row = services.add_document(plan, by=None, name="a.pdf", content=PDF)
    with row.file.storage.open(row.file.name, "wb") as file:
        file.write(PDF + b"!")
    assert at_desk(kari).get(address("plan-document", row.pk)).status_code == 404
    row.file.storage.delete(row.file.name)
    assert at_desk(kari).get(address("plan-document", row.pk)).status_code == 404


def test_removing_takes_the_file_from_the_store_once(plan, django_capture_on_commit_callbacks):
    row = services.add_document(plan, by=None, name="a.pdf", content=PDF)
    with django_capture_on_commit_callbacks(execute=True):
        assert [services.remove_document(row, by=None) for _ in range(2)] == [True, False]
    assert not row.file.storage.exists(row.file.name)
    actions = AuditEntry.objects.of(plan.tenant).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["document.added", "document.removed"]


def test_a_draft_s_document_is_for_those_who_write_plans(at_desk, kari, leif, nils, plan):
    row = services.add_document(plan, by=None, name="a.pdf", content=PDF)
    Plan.objects.of(plan.tenant).update(state="draft")
    assert at_desk(kari).get(address("plan-document", row.pk)).status_code == 200
    assert at_desk(leif).get(address("plan-document", row.pk)).status_code == 404
    assert at_desk(nils).get(address("plan-document", row.pk)).status_code == 404

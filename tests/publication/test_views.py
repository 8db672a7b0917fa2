"""Reading minutes: who sees which, and what of it."""

import io
import json

import pypdf
import pytest
from django.urls import reverse

from minutes.approval import services
from minutes.approval.canonical import sha256
from minutes.records.models import Attendance, Minutes
from tests.factories import draft, event, measure
from tests.records.scene import address, forum, opened, written

NAMES = ("Amina Accepted", "Dag Declined", "Tone Tentative", "Stille Silent", "Ida Innom")
GUESTS = (*NAMES, "Moskeen i byen", "Politiet", "Skoleklasse 10B")


@pytest.fixture
def drafted(sandefjord, mina):
    return written(sandefjord, mina, measure=measure(sandefjord))


@pytest.fixture
def approved(drafted, kari):
    services.submit(drafted, by=kari)
    services.approve(drafted, by=kari)
    return drafted


def words_of(response):
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def seen_in(text, among=GUESTS):
    return [name for name in among if name in text]


def version_url(name, minutes, number=1):
    return address(name, minutes, number=number)


@pytest.mark.parametrize("who", ["mina", "kari"])
def test_those_who_see_guests_read_names(at_desk, request, approved, who):
    desk = at_desk(request.getfixturevalue(who))
    assert seen_in(desk.get(address("minutes-detail", approved)).content.decode()) == list(GUESTS)
    assert seen_in(desk.get(version_url("minutes-version", approved)).content.decode()) == list(GUESTS)
    assert seen_in(words_of(desk.get(address("minutes-pdf", approved)))) == list(GUESTS)


@pytest.mark.parametrize("name", ["minutes-detail", "minutes-version"])
def test_a_reader_reads_counts_and_text_but_no_name_of_a_guest(at_desk, leif, approved, name):
    url = address(name, approved) if name == "minutes-detail" else version_url(name, approved)
    page = at_desk(leif).get(url)
    text = page.content.decode()
    assert seen_in(text) == []
    for words in (
        "Forumet møtes hvert kvartal.",
        "Kalle inn til neste møte",
        "<strong>Vel møtt</strong>",
        "Forumet er i gang.",
    ):
        assert words in text
    attendance = page.context["sheet"]["sections"][0]
    # One of faith and one of police, beside 22 who were counted: neither is told, nor the 22 that would tell of both.
    assert (attendance["note"].startswith("24 personer"), attendance["tables"]) == (True, [])


def test_a_reader_learns_no_number_below_five_on_page_or_in_pdf(at_desk, leif, kari, drafted):
    """Of 12 from the police, 4 of a mosque and 22 who were counted: the 12 are not told, for they would tell the 4."""
    for kind, number in (("police", 11), ("faith", 3)):
        rows = [
            Attendance(tenant=drafted.tenant, minutes=drafted, name=f"{kind} {n}", organisation_kind=kind)
            for n in range(number)
        ]
        Attendance.objects.bulk_create(rows)
    services.submit(drafted, by=kari)
    services.approve(drafted, by=kari)
    desk = at_desk(leif)
    page = desk.get(address("minutes-detail", drafted))
    (table,) = page.context["sheet"]["sections"][0]["tables"]
    assert [row[1] for row in table["rows"]] == ["22", "16"]
    pdf = words_of(desk.get(address("minutes-pdf", drafted)))
    assert [
        told
        for told in ("38 personer til stede.", "Alle andre til sammen 16", "uten navn 22")
        if told not in pdf
    ] == []
    assert "Politi" not in pdf
    assert table["rows"][-1] == ["Alle andre til sammen", "16"]


def test_where_fewer_than_five_came_a_reader_learns_that_and_no_more(at_desk, leif, kari, drafted):
    drafted.headcounts.all().delete()
    services.submit(drafted, by=kari)
    services.approve(drafted, by=kari)
    attendance = at_desk(leif).get(address("minutes-detail", drafted)).context["sheet"]["sections"][0]
    assert attendance["note"].startswith("Færre enn fem personer til stede.")
    assert attendance["tables"] == []


@pytest.mark.parametrize("name", ["minutes-pdf", "minutes-version-pdf"])
def test_a_readers_pdf_names_no_guest(at_desk, leif, approved, name):
    url = address(name, approved) if name == "minutes-pdf" else version_url(name, approved)
    response = at_desk(leif).get(url)
    words = words_of(response)
    assert (response["Content-Type"], seen_in(words)) == ("application/pdf", [])
    assert "Forumet møtes hvert kvartal." in words
    assert not any(name.encode() in response.content for name in GUESTS)


def test_a_reader_finds_no_draft(at_desk, leif, drafted):
    desk = at_desk(leif)
    page = desk.get(address("minutes-detail", drafted))
    assert (page.status_code, page.templates[0].name) == (200, "publication/none.html")
    assert "Forumet møtes" not in page.content.decode()
    assert desk.get(address("minutes-pdf", drafted)).status_code == 404


def test_a_reader_cannot_tell_a_draft_from_no_minutes(at_desk, leif, sandefjord, mina):
    empty = at_desk(leif).get(address("minutes-detail", forum(sandefjord, title="Likt"))).content
    minutes = written(sandefjord, mina, title="Likt")
    page = at_desk(leif).get(address("minutes-detail", minutes)).content
    assert page.count(b"ds-card empty") == empty.count(b"ds-card empty") == 1
    assert len(page) == pytest.approx(len(empty), abs=20)


def test_a_draft_is_read_by_those_who_may_see_drafts(at_desk, mina, drafted):
    desk = at_desk(mina)
    assert "Forumet møtes hvert kvartal." in desk.get(address("minutes-detail", drafted)).content.decode()
    response = desk.get(address("minutes-pdf", drafted))
    assert response["Content-Disposition"] == f'inline; filename="referat-{drafted.event_id}-utkast.pdf"'


def test_the_page_of_a_meeting_without_minutes_offers_to_write_them(at_desk, mina, sandefjord):
    page = at_desk(mina).get(address("minutes-detail", forum(sandefjord))).content.decode()
    assert page.count("/minutes/open/") == 1


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_the_page_of_a_meeting_that_can_have_no_minutes_offers_nothing(at_desk, mina, sandefjord, state):
    meeting = draft(sandefjord) if state == "draft" else event(sandefjord, state=state)
    page = at_desk(mina).get(address("minutes-detail", meeting))
    assert (page.status_code, page.content.count(b"/minutes/open/")) == (200, 0)


def test_approved_minutes_are_shown_as_frozen_whatever_happens_to_their_rows(at_desk, mina, approved):
    # Nothing in the product does this; the page must not depend on it.
    approved.outcomes.filter(kind="decision").update(text="Tuklet med")
    approved.event.title = "Omdøpt"
    approved.event.save()
    page = at_desk(mina).get(address("minutes-detail", approved)).content.decode()
    assert ("Forumet møtes hvert kvartal." in page, "Tuklet med" in page) == (True, False)
    assert "Samarbeidsforum i høst" in page


def test_the_hash_on_the_page_is_the_hash_of_the_text_one_can_download(at_desk, mina, approved):
    desk = at_desk(mina)
    frozen = desk.get(version_url("minutes-version-json", approved))
    shown = desk.get(version_url("minutes-version", approved)).content.decode()
    assert sha256(frozen.content.decode()) in shown
    assert json.loads(frozen.content)["event"]["title"] == "Samarbeidsforum i høst"


def test_the_frozen_text_with_names_is_not_for_readers(at_desk, leif, approved):
    assert at_desk(leif).get(version_url("minutes-version-json", approved)).status_code == 403


def test_the_pdf_of_a_version_is_the_same_bytes_each_time(at_desk, mina, approved):
    desk = at_desk(mina)
    first, second = (desk.get(version_url("minutes-version-pdf", approved)).content for _time in range(2))
    assert first == second == desk.get(address("minutes-pdf", approved)).content


def test_the_pdf_speaks_the_language_of_the_meeting(at_desk, sandefjord, mina):
    for language in ("nb", "en"):
        minutes = written(sandefjord, mina, language=language)
        pdf = at_desk(mina).get(address("minutes-pdf", minutes)).content
        assert str(pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Lang"]) == language


@pytest.mark.parametrize("name", ["minutes-version", "minutes-version-pdf", "minutes-version-json"])
def test_a_version_that_is_not_there_is_not_found(at_desk, mina, approved, name):
    assert at_desk(mina).get(version_url(name, approved, number=2)).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["minutes-detail", "minutes-pdf", "minutes-version", "minutes-version-pdf", "minutes-version-json"],
)
def test_a_stranger_finds_nothing(at_desk, nils, kristiansand, approved, name):
    more = {"number": 1} if "version" in name else {}
    elsewhere = reverse(name, kwargs={"tenant": kristiansand.slug, "pk": approved.event_id, **more})
    assert at_desk(nils).get(elsewhere).status_code == 404
    assert at_desk(nils).get(address(name, approved, **more)).status_code == 404


def test_private_pages_and_pdfs_are_never_stored_by_a_cache(at_desk, mina, approved):
    for name in ("minutes-detail", "minutes-pdf"):
        assert at_desk(mina).get(address(name, approved))["Cache-Control"] == "private, no-store"


def test_markup_typed_in_notes_is_shown_as_text(at_desk, mina, sandefjord):
    minutes = opened(sandefjord, mina)
    minutes.items.update(notes="<script>alert(1)</script> **fet**", title="<b>tittel</b>")
    page = at_desk(mina).get(address("minutes-detail", minutes)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <strong>fet</strong>" in page
    assert ("<script>alert" in page, "<b>tittel" in page) == (False, False)


def test_a_deleted_author_does_not_break_old_minutes(at_desk, kari, approved, mina):
    mina.delete()
    assert Minutes.objects.of(approved.tenant_id).get().author is None
    assert at_desk(kari).get(address("minutes-detail", approved)).status_code == 200

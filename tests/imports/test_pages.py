"""The pages of an import, without a browser."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.audit import AuditEntry
from events.directory.imports import services
from events.directory.imports.models import ImportBatch, ImportDraft
from events.directory.imports.reading import read
from events.directory.models import Contact
from tests.factories import contact, event, invitation, organisation
from tests.imports.kit import imported, listed, people, sample
from tests.queries import queries_of

HEAD = ("Navn", "E-post", "Organisasjon", "Telefon")


def address(name, **more):
    return reverse(name, kwargs={"tenant": "sandefjord", **more})


def upload(client, data, *, name="liste.csv", instead=""):
    where = address("import-start") + (f"?instead={instead}" if instead else "")
    return client.post(where, {"file": SimpleUploadedFile(name, data)})


def test_from_upload_to_import_and_back(sandefjord, kari, at_desk):
    client = at_desk(kari)
    draft_page = upload(client, sample("excel_norwegian_semicolon_cp1252.csv")).url
    page = client.get(draft_page).content.decode()
    assert "Åse Østbø · Jørn Bærheim" in page
    chosen = {
        f"column_{n}": column for n, column in enumerate(ImportDraft.objects.of(sandefjord).get().columns)
    }
    preview = client.post(draft_page, chosen).url
    shown = client.get(preview)
    assert "2 nye" in shown.content.decode()
    assert people(sandefjord, "name") == []
    done = client.post(preview, {"seen": shown.context["plan"].fingerprint()})
    assert people(sandefjord, "name") == ["Jørn Bærheim", "Åse Østbø"]
    assert "Åse Østbø" in client.get(done.url).content.decode()
    batch = ImportBatch.objects.of(sandefjord).get()
    assert client.post(address("import-undo", pk=batch.pk)).url == done.url
    assert people(sandefjord, "name") == []
    assert "Angret" in client.get(done.url).content.decode()


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_what_stands_in_a_list_is_never_markup(sandefjord, kari, at_desk):
    """Headings, cells, file name: on every page they pass through."""
    client = at_desk(kari)
    data = listed(
        ("Navn", "E-post", HOSTILE.replace('"', "'"), "Organisasjon"),
        (HOSTILE.replace('"', "'"), "k@x.example", "<b>x", "<i>lag"),
    )
    page = client.get(upload(client, data, name="<img src=x>.csv").url).content.decode()
    draft = ImportDraft.objects.of(sandefjord).get()
    preview = client.get(address("import-preview", pk=draft.pk))
    batch = services.run(draft, by=kari, seen=preview.context["plan"].fingerprint())
    pages = [page, preview.content.decode()]
    pages += [client.get(address("import-detail", pk=batch.pk)).content.decode()]
    pages += [client.get(address("import-list")).content.decode()]
    for text in pages:
        assert [sign for sign in ("<script>alert", "<img", "<b>x", "<i>lag") if sign in text] == []
    assert "&lt;b&gt;x" in page


def test_opening_the_preview_writes_nothing(sandefjord, kari, at_desk):
    draft = services.keep(tenant=sandefjord, user=kari, source="x", table=read(b"Navn\nKari\n"))
    at_desk(kari).get(address("import-preview", pk=draft.pk))
    assert people(sandefjord, "name") == []
    assert ImportDraft.objects.of(sandefjord).count() == 1


def test_an_unreadable_file_is_refused_beside_the_field(kari, at_desk):
    response = upload(at_desk(kari), sample("picture_named_list.csv"), name="liste.csv")
    assert response.context["form"].errors == {
        "file": ["Dette er et bilde, ikke en liste. Be om listen som regneark."]
    }
    assert not ImportDraft.objects.across_tenants("none at all").exists()


def test_neither_file_nor_text_is_an_error_and_so_is_an_empty_file(kari, at_desk):
    client = at_desk(kari)
    assert list(client.post(address("import-start"), {"text": ""}).context["form"].errors) == ["file"]
    assert list(upload(client, b"").context["form"].errors) == ["file"]


def test_pasted_text_is_kept_when_it_is_wrong_and_needs_no_columns_when_right(sandefjord, kari, at_desk):
    client = at_desk(kari)
    wrong = client.post(address("import-start"), {"text": "Hvem kommer?"})
    assert "Hvem kommer?" in wrong.content.decode()
    right = client.post(address("import-start"), {"text": "Kari <kari@x.example>; ola@x.example"})
    draft = ImportDraft.objects.of(sandefjord).get()
    assert right.url == address("import-preview", pk=draft.pk)
    assert draft.source == "innlimte adresser"


def test_two_columns_for_one_thing_are_refused_and_the_choices_kept(sandefjord, kari, at_desk):
    draft = services.keep(
        tenant=sandefjord, user=kari, source="x", table=read(b"Navn;E-post;Mail\nK;a@b.no;c@d.no\n")
    )
    page = address("import-columns", pk=draft.pk)
    response = at_desk(kari).post(page, {"column_0": "name", "column_1": "email", "column_2": "email"})
    assert response.context["form"].errors == {"column_2": ["«E-post» inneholder dette allerede."]}
    assert response.content.decode().count('value="email" selected') == 2
    none = at_desk(kari).post(page, {"column_0": "", "column_1": "email", "column_2": "hund"})
    assert list(none.context["form"].errors) == ["column_2"]


def test_with_errors_there_is_no_button_and_a_forced_post_imports_nothing(sandefjord, kari, at_desk):
    client = at_desk(kari)
    upload(client, sample("one_wrong_address_cp1252.csv"))
    preview = address("import-preview", pk=ImportDraft.objects.of(sandefjord).get().pk)
    shown = client.get(preview)
    assert "Rad 4, E-post: «siv(at)frikirken.example» er ikke en e-postadresse." in shown.content.decode()
    assert 'name="seen"' not in shown.content.decode()
    client.post(preview, {"seen": shown.context["plan"].fingerprint()})
    client.post(preview)
    assert people(sandefjord, "name") == []


def test_the_corrected_list_keeps_the_choices_and_goes_straight_to_the_preview(sandefjord, kari, at_desk):
    client = at_desk(kari)
    upload(client, b"Hvem;Hva\nKari;kari\n")
    draft = ImportDraft.objects.of(sandefjord).get()
    client.post(address("import-columns", pk=draft.pk), {"column_0": "name", "column_1": "email"})
    response = upload(client, b"Hvem;Hva\nKari;kari@x.example\n", instead=draft.pk)
    new = ImportDraft.objects.of(sandefjord).get()
    assert response.url == address("import-preview", pk=new.pk)
    assert new.columns == ["name", "email"]


def test_a_changed_directory_shows_the_preview_again(sandefjord, kari, at_desk):
    draft = services.keep(
        tenant=sandefjord, user=kari, source="x", table=read(b"Navn;E-post\nKari;k@x.example\n")
    )
    contact(sandefjord, name="Kari Hansen", email="k@x.example", organisation=None)
    response = at_desk(kari).post(address("import-preview", pk=draft.pk), {"seen": "what was there before"})
    assert "Registeret er endret i mellomtiden." in response.content.decode()
    assert people(sandefjord, "name") == ["Kari Hansen"]


def test_changes_are_told_in_words(sandefjord, kari, at_desk):
    lag = organisation(sandefjord, name="Laget")
    contact(
        sandefjord,
        name="Kari",
        email="k@x.example",
        phone="",
        organisation=lag,
        valid_from=dt.date(2026, 1, 1),
    )
    head = (*HEAD, "Språk", "Fra")
    data = listed(head, ("Kari", "k@x.example", "Nylaget", "2", "engelsk", "01.03.2026"))
    draft = services.keep(tenant=sandefjord, user=kari, source="x", table=read(data))
    (told,) = at_desk(kari).get(address("import-preview", pk=draft.pk)).context["changed"]
    assert told.changes == [
        "Telefon: – → 2",
        "Språk: Norsk bokmål → Engelsk",
        "Gyldig fra: 1. januar 2026 → 1. mars 2026",
        "Organisasjon: Laget → Nylaget",
    ]


def test_a_colleagues_draft_and_an_old_one_do_not_exist(sandefjord, kari, at_desk, mina):
    table = read(b"Navn\nKari\n")
    minas = services.keep(tenant=sandefjord, user=mina, source="x", table=table)
    old = services.keep(tenant=sandefjord, user=kari, source="x", table=table)
    old.created_at -= dt.timedelta(hours=25)
    old.save()
    client = at_desk(kari)
    for draft in (minas, old):
        for name in ("import-columns", "import-preview"):
            assert client.get(address(name, pk=draft.pk)).status_code == 404
        assert client.post(address("import-discard", pk=draft.pk)).status_code == 404
        services_page = client.post(address("import-preview", pk=draft.pk), {"seen": "x"})
        assert services_page.status_code == 404


def test_a_list_can_be_put_away(sandefjord, kari, at_desk):
    draft = services.keep(tenant=sandefjord, user=kari, source="x", table=read(b"Navn\nKari\n"))
    at_desk(kari).post(address("import-discard", pk=draft.pk))
    assert not ImportDraft.objects.of(sandefjord).exists()


def test_what_was_not_taken_back_is_listed(sandefjord, kari, at_desk):
    _plan, batch = imported(sandefjord, listed(HEAD, ("Ola", "o@x.example", "", "")))
    invitation(event(sandefjord), contact=Contact.objects.of(sandefjord).get())
    response = at_desk(kari).post(address("import-undo", pk=batch.pk), follow=True)
    assert "«Ola» blir stående" in response.content.decode()


def test_the_list_of_imports_asks_as_little_for_three_as_for_one(sandefjord, kari, at_desk):
    client = at_desk(kari)
    imported(sandefjord, listed(HEAD, ("A", "a@x.example", "L1", "")), by=kari)
    one = queries_of(client, address("import-list"))
    for name in "BC":
        imported(sandefjord, listed(HEAD, (name, f"{name}@x.example", f"L{name}", "")), by=kari)
    assert queries_of(client, address("import-list")) == one


def test_the_page_of_an_import_asks_as_little_for_three_changes_as_for_one(sandefjord, kari, at_desk):
    client = at_desk(kari)
    rows = [(f"P{n}", f"p{n}@x.example", f"Lag {n}", "") for n in range(3)]
    _plan, one = imported(sandefjord, listed(HEAD, ("A", "a@x.example", "L1", "")), by=kari)
    _plan, three = imported(sandefjord, listed(HEAD, *rows), by=kari)
    assert queries_of(client, address("import-detail", pk=one.pk)) == queries_of(
        client, address("import-detail", pk=three.pk)
    )


@pytest.mark.parametrize(
    ("name", "start"), [("contact-export-csv", b"\xef\xbb\xbf"), ("contact-export-vcards", b"BEGIN")]
)
def test_the_export_holds_what_the_list_shows_and_is_written_down(
    sandefjord, kristiansand, kari, at_desk, name, start
):
    contact(sandefjord, name="Kari", organisation=organisation(sandefjord, name="Kirken", kind="faith"))
    contact(sandefjord, name="Ola", organisation=organisation(sandefjord, name="Kirkens lag", kind="ngo"))
    contact(kristiansand, name="Nils", organisation=organisation(kristiansand, name="Kirken", kind="faith"))
    client = at_desk(kari)
    client.head(address(name))
    assert not AuditEntry.objects.of(sandefjord).exists()
    response = client.get(address(name), {"q": "kirke", "type": "faith"})
    assert response.content.startswith(start)
    assert [who in response.content.decode() for who in ("Kari", "Ola", "Nils")] == [True, False, False]
    assert response["Content-Disposition"].startswith('attachment; filename="sandefjord-')
    assert [entry.words() for entry in AuditEntry.objects.of(sandefjord)] == [
        "Kari Koordinator eksporterte kontakter."
    ]


def test_the_directory_leads_to_import_and_export_for_those_who_may(sandefjord, kari, mina, at_desk):
    page = at_desk(kari).get(address("directory"), {"q": "x"}).content.decode()
    assert [link in page for link in (address("import-list"), f"{address('contact-export-csv')}?q=x")] == [
        True,
        True,
    ]
    page = at_desk(mina).get(address("directory")).content.decode()
    assert [link in page for link in (address("import-list"), address("contact-export-csv"))] == [
        False,
        False,
    ]

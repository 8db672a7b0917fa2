"""Imports: a list of contacts from its bytes to the last row, against one bulk upsert of the same contacts."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from statistics import median
from xml.sax.saxutils import escape

from django.db import connection, transaction

from events.directory.imports import reading, services
from events.directory.imports.columns import suggested
from events.directory.models import Contact, Organisation
from events.tenancy.models import Tenant
from tools.bench import people
from tools.bench.measure import Row, at_most, cpu_once

PEOPLE, PER_BODY = 10_000, 20
BUDGET = 2.2
HEADINGS = ("Navn", "Rolle", "Organisasjon", "E-post", "Telefon", "Postadresse", "Språk")
UPDATED = ("organisation", "name", "role", "email", "phone", "address", "language", "search")
Rows = list[tuple[str, ...]]


def rows(runs: int = 5, size: int = PEOPLE) -> Iterator[Row]:
    """Every run begins with a tenant of its own that has the organisations and none of the contacts."""
    listed = people_of(size)
    files = {"csv": as_csv(listed), "xlsx": as_xlsx(listed)}
    taken: dict[str, list[float]] = {name: [] for name in ("floor", *files)}
    for run in range(runs + 1):
        once = {"floor": cpu_once(_upsert(listed, _tenant(f"bench-floor-{run}", listed), run * size))}
        for kind, data in files.items():
            once[kind] = cpu_once(_import(data, _tenant(f"bench-{kind}-{run}", listed), size))
        if run:  # the first one warms up
            for name, cost in once.items():
                taken[name].append(cost)
    floor = median(taken["floor"]) / 1000
    for kind in files:
        what = (
            f"import of {size} contacts from {kind.upper()}, to one bulk upsert of them, {connection.vendor}"
        )
        ours = median(taken[kind]) / 1000
        yield at_most(f"import.{kind}", what, ours, floor, BUDGET, unit="ms CPU", runs=runs)


def people_of(size: int) -> Rows:
    return [
        (
            f"Person Æ. Nordmann {n}",
            "Leder" if n % 3 else "Nestleder",
            f"Forening {n // PER_BODY}",
            f"person{n}@forening{n // PER_BODY}.example",
            f"+47 {10_000_000 + n}",
            f"Storgata {n % 200}, 3210 Sandefjord",
            "Norsk bokmål" if n % 4 else "English",
        )
        for n in range(size)
    ]


def as_csv(listed: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEADINGS, *listed])
    return out.getvalue().encode()


def as_xlsx(listed: Rows) -> bytes:
    """A workbook as Excel writes it, with the texts in a table of their own."""
    places: dict[str, int] = {}
    lines = []
    for number, cells in enumerate([HEADINGS, *listed], start=1):
        found = "".join(
            f'<c r="{chr(65 + at)}{number}" t="s"><v>{places.setdefault(cell, len(places))}</v></c>'
            for at, cell in enumerate(cells)
        )
        lines.append(f'<row r="{number}">{found}</row>')
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in places)
    return package(
        f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
        f'<sst xmlns="{MAIN}">{texts}</sst>',
    )


def package(sheet: str, texts: str) -> bytes:
    """The five parts a workbook cannot do without, zipped."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, xml in (*FIXED, ("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", texts)):
            parts.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{xml}')
    return out.getvalue()


def _tenant(slug: str, listed: Rows) -> Tenant:
    tenant = people.tenant(slug)
    names = dict.fromkeys(cells[2] for cells in listed)
    Organisation.objects.bulk_create([Organisation(tenant=tenant, name=n, kind="ngo") for n in names])
    return tenant


def _upsert(listed: Rows, tenant: Tenant, first: int) -> Callable[[], object]:
    """The floor: all contacts made in memory and written in one call, with nothing read, matched or remembered."""
    bodies = {row.name: row.pk for row in Organisation.objects.of(tenant)}

    def upsert() -> None:
        made = [
            Contact(
                pk=1_000_000_000 + first + number,
                tenant=tenant,
                organisation_id=bodies[body],
                name=name,
                role=role,
                email=email,
                phone=phone,
                address=address,
                language="nb" if language == "Norsk bokmål" else "en",
            )
            for number, (name, role, body, email, phone, address, language) in enumerate(listed)
        ]
        with transaction.atomic():
            Contact.objects.bulk_create(
                made, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED
            )

    return upsert


def _import(data: bytes, tenant: Tenant, size: int) -> Callable[[], object]:
    def run() -> None:
        table = reading.read(data)
        columns = suggested(table.header, table.rows)
        _plan, batch = services.import_table(
            tenant=tenant, by=None, source="bench", table=table, columns=columns
        )
        if batch is None or batch.added != size:
            raise RuntimeError("the list was not imported")

    return run


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIXED = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    ),
    (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    ),
)

"""Sample files, and workbooks made by hand."""

from pathlib import Path
from xml.sax.saxutils import escape

from events.directory.imports import services
from events.directory.imports.columns import suggested
from events.directory.imports.reading import read
from events.directory.models import Contact
from tools.bench.imports import MAIN, package

DATA = Path(__file__).resolve().parents[1] / "data" / "contacts"


def sample(name):
    return (DATA / name).read_bytes()


def listed(*rows):
    """A CSV file of rows of cells."""
    return "\n".join(";".join(row) for row in rows).encode()


def workbook(*rows, first=1):
    """An XLSX file: a str is an inline text, a number a number, None nothing."""
    lines = []
    for number, cells in enumerate(rows, start=first):
        found = "".join(
            cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(cells) if value is not None
        )
        lines.append(f'<row r="{number}">{found}</row>')
    return sheet("".join(lines))


def cell(place, value):
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def sheet(rows, texts=()):
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return package(
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        f'<sst xmlns="{MAIN}">{shared}</sst>',
    )


def imported(tenant, data, *, by=None, source="list.csv"):
    """Reads and imports a file as the pages do, with the columns that are suggested."""
    table = read(data)
    columns = table.columns or suggested(table.header, table.rows)
    return services.import_table(tenant=tenant, by=by, source=source, table=table, columns=columns)


def planned(tenant, data):
    table = read(data)
    columns = table.columns or suggested(table.header, table.rows)
    return services.dry_run(tenant=tenant, table=table, columns=columns)


def people(tenant, *fields):
    """The tenant's contacts as plain values, by name."""
    rows = Contact.objects.of(tenant).order_by("name", "pk")
    return list(rows.values_list(*fields, flat=len(fields) == 1))

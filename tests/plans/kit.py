"""The real plan of Sandefjord written in every way a municipality may have it: table, document, text."""

import csv
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from events.plans.loading import load
from events.plans.reading import read
from tests.imports.kit import workbook

SANDEFJORD = Path(settings.BASE_DIR) / "config/demo/data/sandefjord-plan.yaml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = {True: "ja", False: "nei", None: ""}
LABELS = {"U": "Ansvar for utføring", "O": "Ansvar for oppfølging", "F": "Oppfølging"}
HEADINGS = (
    *(
        "Innsatsområde nr",
        "Innsatsområde",
        "Nr",
        "Tiltak",
        "Ansvarstype",
        "Ansvarlig",
        "Med",
        "I samarbeid med",
    ),
    *("Nevnt i teksten", "Andre", "Frist", "Nasjonalt tiltak", "Merknad", "Gjelder enkeltpersoner"),
)


def sandefjord_data():
    return load(SANDEFJORD.read_bytes())


def facts_of(data):
    reading = read(data)
    assert reading.errors == ()
    return reading.plan


def plan_facts(top):
    """Facts above the table, or lines above the measures, as (words, value)."""
    based = top["builds_on"]
    yield "Eier", top["owner"]
    yield "Laget sammen med", top["with"]
    yield "Bakgrunn vedtatt av", top["decision_background"]["body"]
    yield "Bakgrunn vedtatt", "14. april 2015"
    yield "Bygger på", f"{based['title']} ({based['issuer']}, {based['year']})"
    yield "Forord undertegnet av", ", ".join(top["signed_foreword_by"])
    yield "Regel for hovedansvar", top["rule"]


def bodies(items):
    names = [f"{each['body']} ({each['unit']})" if isinstance(each, dict) else each for each in items or ()]
    return ", ".join(names)


def rows(data):
    """The table, facts of the plan above it."""
    top = data["plan"]
    yield from ([words, value] for words, value in plan_facts(top))
    yield from (["Mulig tiltak", title] for title in top["possible_measures"])
    yield [""]
    yield list(HEADINGS)
    by_number = {row["no"]: row for row in top["measures"]}
    for area in top["focus_areas"]:
        for number in area["measures"]:
            row = by_number[number]
            yield [
                str(area["no"]),
                area["title"],
                str(number),
                row["title"],
                row["label"],
                *(bodies(row.get(key)) for key in ("responsible", "with", "in_cooperation_with")),
                bodies(row.get("partners_in_text")),
                row.get("others", ""),
                str(row["deadline"]["value"]) if "deadline" in row else "",
                str(row.get("national_measure", "")),
                "vurderes" if row.get("note") == "to be considered" else row.get("note", ""),
                WORDS[row.get("about_individuals")],
            ]


def as_csv(data, *, separator=";", encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows(data))
    return out.getvalue().encode(encoding)


def as_xlsx(data):
    return workbook(*([cell or None for cell in row] for row in rows(data)))


def lines(data):
    """The plan as running text, as the printed one has it: helpers behind "med" and "i samarbeid med"."""
    top = data["plan"]
    yield from (f"{words}: {value}" for words, value in plan_facts(top))
    yield from ("", "Mulige tiltak:")
    yield from (f"• {title}" for title in top["possible_measures"])
    by_number = {row["no"]: row for row in top["measures"]}
    for area in top["focus_areas"]:
        yield from ("", f"Innsatsområde {area['no']}: {area['title']}")
        for number in area["measures"]:
            yield from measure_lines(by_number[number])


def measure_lines(row):
    yield from ("", f"Tiltak {row['no']}: {row['title']}")
    named = bodies(row["responsible"])
    if "with" in row:
        named += f" med {bodies(row['with'])}"
    if "in_cooperation_with" in row:
        named += f" i samarbeid med {bodies(row['in_cooperation_with'])}"
    if "others" in row:
        named += f" og {row['others']}"
    yield f"{LABELS[row['label']]}: {named}"
    if "partners_in_text" in row:
        yield f"Nevnt i teksten: {bodies(row['partners_in_text'])}"
    if "deadline" in row:
        yield f"Frist: {row['deadline']['value']}"
    if "national_measure" in row:
        yield f"Nasjonalt tiltak: {row['national_measure']}"
    yield from ("Merknad: vurderes" for _ in range("note" in row))
    yield from (f"Gjelder enkeltpersoner: {WORDS[row[key]]}" for key in ("about_individuals",) if key in row)


def as_text(data):
    return "\n".join(lines(data))


def paragraph(text, style=""):
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    half = len(text) // 2  # Word cuts words into runs wherever it likes
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (text[:half], text[half:])
    )
    return f"<w:p>{look}{runs}</w:p>"


def table(*rows):
    """Cells are text, or ready-made XML of the whole cell."""
    body = "".join(
        "<w:tr>"
        + "".join(c if c.startswith("<w:tc>") else f"<w:tc>{paragraph(c)}</w:tc>" for c in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{body}</w:tbl>"


def docx(*blocks, document=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        body = document or f'<w:document xmlns:w="{WORD}"><w:body>{"".join(blocks)}</w:body></w:document>'
        archive.writestr("word/document.xml", body)
    return out.getvalue()


def as_docx(data):
    return docx(*(paragraph(line) for line in lines(data)))


def as_docx_table(data):
    """Facts as paragraphs, the measures as one table."""
    every = list(rows(data))
    at = every.index(list(HEADINGS))
    above = [paragraph(": ".join(row)) for row in every[:at] if len(row) > 1]
    return docx(*above, table(*every[at:]))


FORMATS = {
    "plan.csv": as_csv,
    "windows.csv": lambda data: as_csv(data, encoding="cp1252"),
    "tabs.csv": lambda data: as_csv(data, separator="\t", encoding="utf-16"),
    "plan.xlsx": as_xlsx,
    "plan.docx": as_docx,
    "table.docx": as_docx_table,
    "plan.txt": lambda data: as_text(data).encode(),
}

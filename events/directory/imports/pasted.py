"""A list of addresses as it is copied from a mail: names, quotes, semicolons, commas, new lines."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.directory.imports.columns import Column
from events.directory.imports.problems import MOST_ROWS, NotAList, too_many_rows
from events.directory.imports.tables import Table, one_line

# One entry ends at a semicolon or a new line; a comma ends it only behind an address ("Hansen, Per <per@x.example>").
_ENTRY = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"|<[^<>\n]*>|[^;\n"<]|["<])+')
_BETWEEN = re.compile(r'(?<=>)\s*,|(?<![^\s,;<"])([^\s,;<>"]+@[^\s,;<>"]+)\s*,')
_ADDRESS = re.compile(r"<\s*(?:mailto:)?([^<>\s]*)\s*>")
_BARE = re.compile(r"(?:mailto:)?([^\s<>,;:\"()]+@[^\s<>,;:\"()]+)")
_PREFIX = re.compile(r"\A(?:to|cc|bcc|til|kopi|blindkopi|från|fra|till|kopia):\s", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    line: int
    name: str
    email: str


def table(text: str) -> Table:
    """Columns for name and e-mail; the row number is the line the address stands in. Raises NotAList."""
    found = addresses(text)
    if not any(each.email for each in found):
        raise NotAList(_("There is no e-mail address in the text."))
    if len(found) > MOST_ROWS:
        raise too_many_rows()
    header = [str(Column.NAME.label), str(Column.EMAIL.label)]
    rows = [(each.line, [each.name, each.email]) for each in found]
    return Table(header, rows, [], [Column.NAME, Column.EMAIL])


def addresses(text: str) -> list[Address]:
    """Every entry of the text; one without an address comes with its words as the name, so that none is lost."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = _PREFIX.sub("", one_line(line))
        for entry in _ENTRY.findall(line):
            found += [_read(part, number) for part in _divided(entry) if part.strip(" ,;")]
    return found


def _divided(entry: str) -> list[str]:
    """An entry cut at the commas that stand behind an address."""
    cuts, start = [], 0
    for match in _BETWEEN.finditer(entry):
        if entry.count('"', start, match.start()) % 2 == 0:
            cuts.append(entry[start : match.end()])
            start = match.end()
    return [*cuts, entry[start:]]


def _read(entry: str, line: int) -> Address:
    entry = entry.strip(" ,;")
    match = _ADDRESS.search(entry) or _BARE.search(entry)
    if match is None:
        return Address(line, _turned(entry), "")
    name = (entry[: match.start()] + " " + entry[match.end() :]).strip()
    email = match[1].strip("'")
    return Address(line, _turned(name) or _from_address(email), email)


def _turned(name: str) -> str:
    """A display name as a person writes it: "Hansen, Per" is Per Hansen."""
    name = name.strip(" ,;'()").strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = name.strip(" '\"")
    last, comma, first = name.partition(",")
    if comma and "," not in first and first.strip() and last.strip():
        name = f"{first.strip()} {last.strip()}"
    return " ".join(name.split())


def _from_address(email: str) -> str:
    """ "kari.nordmann@x.example" is Kari Nordmann; an address that names nobody is its own name."""
    words = [word for word in re.split(r"[._]", email.partition("@")[0]) if word]
    if len(words) > 1 and all(word.replace("-", "").isalpha() for word in words):
        return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in words)
    return email

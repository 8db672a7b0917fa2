"""CSV as people send it: any of the usual separators, with or without a line that names it."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from events.directory.imports.problems import NotAList, too_long, too_many_columns

SEPARATORS = (";", "\t", ",", "|")  # the first of equals is taken: Nordic Excel writes semicolons
_NAMED = re.compile(r'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Row number (as a spreadsheet counts, from 1) and cells. Raises NotAList where the quotes do not add up."""
    separator, text = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(number, error) from error
        yield number, cells


def separator_of(text: str) -> tuple[str, str]:
    """The separator, and the text without the line that named it."""
    if named := _NAMED.match(text):
        if named[1] in SEPARATORS or not (named[1].isalnum() or named[1] in "\"'\r\n "):
            return named[1], text[named.end() :]
        return ";", text[named.end() :]
    first = next((line for line in text[:100_000].splitlines() if line.strip(" ;,\t|")), "")
    bare = _QUOTED.sub("", first)
    counts = {separator: bare.count(separator) for separator in SEPARATORS}
    if max(counts.values()) > 5 * MOST_SEPARATORS:
        raise too_many_columns()
    return max(SEPARATORS, key=lambda separator: counts[separator]), text


MOST_SEPARATORS = 200


def _broken(number: int, error: csv.Error) -> NotAList:
    if "field limit" in str(error):
        return too_long(number)
    return NotAList(
        _("Row %(row)d: a quotation mark is missing or stands in the wrong place.") % {"row": number}
    )

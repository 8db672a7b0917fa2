"""What is wrong with a list, in words a person can act on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 20_000_000  # of a file as it was uploaded
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 5_000  # characters


class NotAList(ValueError):
    """The file cannot be read as a list of contacts at all; the text says why, in the active language."""


@dataclass(frozen=True)
class Problem:
    """Something about one row; `column` is its heading, or empty when the whole row is meant."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        if self.column:
            return _("Row %(row)d, %(column)s: %(text)s") % vars(self)
        return _("Row %(row)d: %(text)s") % vars(self)


def too_long(row: int) -> NotAList:
    return NotAList(
        _("Row %(row)d: a cell holds more than %(most)s characters.") % {"row": row, "most": MOST_CELL}
    )


def too_many_rows() -> NotAList:
    return NotAList(_("The list has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS})


def too_many_columns() -> NotAList:
    return NotAList(_("The list has more than %(most)s columns.") % {"most": MOST_COLUMNS})

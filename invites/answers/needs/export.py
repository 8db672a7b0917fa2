"""The totals as CSV for kitchen and venue: kinds, details and numbers; no name."""

import csv
import io

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.directory.formulas import guarded
from invites.answers.needs.reading import Totals

BOM = "\ufeff"  # without it Excel reads æ, ø and å wrong


def as_csv(totals: Totals, *, details: bool) -> bytes:
    """`details`: whether the reader may see them; languages to interpret are always told."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    write([_("Need"), _("Detail"), _("Told by")])
    for row in totals.rows:
        write([capfirst(row.kind.label), "", row.number])
        if details or row.shows_details:
            for words, number in row.details:
                write([capfirst(row.kind.label), guarded(words), number])
    return (BOM + out.getvalue()).encode()

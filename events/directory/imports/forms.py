"""The forms of an import: the list itself, and what its columns hold."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from events.directory.imports.columns import Column
from events.directory.imports.problems import MOST_BYTES, NotAList
from events.directory.imports.reading import read, read_pasted
from events.directory.imports.tables import Table

MOST_PASTED = 500_000  # characters
SAMPLES = 3


class ListForm(forms.Form):
    """A file or pasted text; `cleaned_data` holds the `table` and its `source`."""

    marks_optional = False
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("An Excel workbook (.xlsx), CSV or vCard (.vcf), with at most 20,000 contacts."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.vcf"}),
    )
    text = forms.CharField(
        label=_("Or paste addresses"),
        required=False,
        max_length=MOST_PASTED,
        help_text=_("Such as Kari Nordmann &lt;kari@forening.example&gt;, several on a line or one a line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        field = "file" if cleaned["file"] else "text"
        if not cleaned[field]:
            self.add_error("file", _("Choose a file, or paste addresses."))
            return cleaned
        try:
            cleaned["table"] = self._table(field)
        except NotAList as error:
            self.add_error(field, str(error))
            return cleaned
        cleaned["source"] = cleaned["file"].name if cleaned["file"] else str(_("pasted addresses"))
        return cleaned

    def _table(self, field: str) -> Table:
        if field == "text":
            return read_pasted(self.cleaned_data["text"])
        return read(self.cleaned_data["file"].read(MOST_BYTES + 1))


class ColumnsForm(forms.Form):
    """One choice a column of the list; beside it stand the first values of the column."""

    marks_optional = False

    def __init__(self, *args: Any, table: Table, columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, heading in enumerate(table.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading,
                required=False,
                choices=[("", _("Not imported")), *Column.choices],
                initial=columns[place],
                help_text=_examples(table, place),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for name, column in list(cleaned.items()):
            if column and column in chosen:
                first = self.fields[chosen[column]].label
                self.add_error(name, _("“%(first)s” holds this already.") % {"first": first})
            elif column:
                chosen[column] = name
        naming = {Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.ORGANISATION}
        if not self.errors and not naming & chosen.keys():
            self.add_error("column_0", _("No column holds the name. Choose which one does."))
        return cleaned

    def columns(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


def _examples(table: Table, place: int) -> str:
    """The first values, escaped: a help text is put into the page as it is, and these are a stranger's words."""
    values = dict.fromkeys(cells[place] for _number, cells in table.rows[:50] if cells[place])
    shown = [value if len(value) <= 40 else f"{value[:40]}…" for value in list(values)[:SAMPLES]]
    return escape(" · ".join(shown)) if shown else str(_("The column is empty."))

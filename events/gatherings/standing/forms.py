"""The page of a body's standing items: rows, as on the event form."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation
from events.gatherings.agenda import ItemKind, ItemLevel
from events.gatherings.rows import LAST, Level
from events.gatherings.standing.models import LONGEST, StandingItem
from events.gatherings.typed import Line, Rows, TypedForm, with_another_row

ITEMS = "items"
MOST = 50


class Kind(forms.ChoiceField):
    """The sort of matter. A row in which nothing but the usual one is chosen is an empty row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) and data != (initial or ItemKind.STANDING)


class StandingForm(TypedForm):
    """One standing item. Without an order number it comes last."""

    position = forms.IntegerField(label=_("Order"), required=False, min_value=1, max_value=9999)
    minutes = forms.IntegerField(label=_("Length in minutes"), required=False, min_value=1, max_value=LONGEST)
    title = Line(
        label=_("What"),
        max_length=300,
        error_messages={"required": _("Write what happens, or tick “Remove this item”.")},
    )
    kind = Kind(
        label=_("Sort of matter"),
        required=False,
        choices=[("", _("Not said")), *ItemKind.choices],
        initial=ItemKind.STANDING,
    )
    level = Level(
        label=_("Who may read it"),
        required=False,
        choices=ItemLevel.choices,
        initial=ItemLevel.PARTICIPANTS,
    )


StandingFormSet = cast(
    "type[Rows]",
    forms.formset_factory(
        StandingForm, formset=Rows, extra=1, max_num=MOST, absolute_max=MOST, can_delete=True
    ),
)


class StandingPage:
    """All items of one body. Not valid when only another row was asked for."""

    def __init__(self, data: QueryDict | None, *, body: Organisation) -> None:
        self.adding = data is not None and data.get("add") == ITEMS
        names = ("position", "title", "kind", "level", "minutes")
        rows = StandingItem.objects.of(body.tenant_id).filter(body=body)
        there = list(rows.values(*names)) if data is None else None
        if data is not None and self.adding:
            data = with_another_row(data, ITEMS)
        self.rows = StandingFormSet(data, prefix=ITEMS, initial=there)
        if self.adding:
            self._keep_quiet()

    def is_valid(self) -> bool:
        return not self.adding and self.rows.is_valid()

    def items(self) -> list[dict[str, Any]]:
        """The items in the order their numbers give; removed and empty rows left out."""
        given = [(place, row.cleaned_data) for place, row in enumerate(self.rows.forms, start=1)]
        wanted = [(place, row) for place, row in given if row.get("title") and not row["DELETE"]]
        return [_item(row) for place, row in sorted(wanted, key=lambda pair: _order(*pair))]

    def _keep_quiet(self) -> None:
        for part in (self.rows, *self.rows.forms):
            part.judged = False
        self.rows.forms[-1].fields["title"].widget.attrs["autofocus"] = True


def _order(place: int, row: dict[str, Any]) -> tuple[int, int]:
    """By number. Among equals, who was moved up comes first, and who was moved down comes last."""
    new = row["position"] or LAST
    return new, (new > place) - (new < place)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    level = row["level"] or ItemLevel.RESTRICTED  # what was not sent is opened to nobody
    return {"title": row["title"], "kind": row["kind"], "level": level, "minutes": row["minutes"]}

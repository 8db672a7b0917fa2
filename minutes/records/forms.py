"""The rows of the edit page; see formsets.py for the page's form as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minutes.records.fields import Choice, Day, RowForm, Text, When, line, lines, whole_number
from minutes.records.models import WAS_THERE, Attendance, Phase

CAME = [(status.value, status.label) for status in WAS_THERE]


class AttendanceRow(RowForm):
    section = "attendance"
    essential = ("status",)

    status = Choice(label=_("attendance"), choices=Attendance.Status.choices, required=False)
    substitute_for = Text(label=_("Substitute for"), max_length=200, required=False, widget=line())

    @property
    def person(self) -> Attendance | None:
        people: dict[int | None, Attendance] = self.context["people"]
        return people.get(whole_number(self["id"].value()))


class WalkinRow(RowForm):
    section = "walkins"
    essential = ("name",)

    name = Text(label=_("Name"), max_length=200, required=False, widget=line())
    organisation = Text(
        label=_("Organisation"), max_length=200, required=False, widget=line(list="known-organisations")
    )
    status = Choice(label=_("Attendance"), choices=CAME, required=False)
    substitute_for = Text(label=_("Substitute for"), max_length=200, required=False, widget=line())


class HeadcountRow(RowForm):
    section = "headcounts"
    essential = ("organisation", "count")

    organisation = Text(
        label=_("Organisation or group"),
        max_length=200,
        required=False,
        widget=line(list="known-organisations"),
    )
    count = forms.IntegerField(
        label=_("Number present"),
        min_value=1,
        max_value=100_000,
        required=False,
        widget=forms.NumberInput(attrs={"class": "ds-input", "size": "6", "inputmode": "numeric"}),
    )


class ItemRow(RowForm):
    section = "items"
    essential = ("title",)
    missing = _("Give the item a title.")

    @property
    def is_from_programme(self) -> bool:
        return str(self["id"].value() or "") in self.context["programme"]

    @property
    def about(self) -> list[str]:
        """The measures that the agenda says it is about."""
        named: list[str] = self.context["about"].get(str(self["id"].value() or ""), [])
        return named

    title = Text(label=_("Title of the item"), max_length=300, required=False, widget=line())
    notes = Text(label=_("Notes"), max_length=50_000, required=False, widget=lines(5))


class OutcomeRow(RowForm):
    """What decisions, action points and measure updates have in common: they may belong to an item."""

    item = Choice(label=_("Item"), coerce=int, required=False)

    def __init__(self, *args: Any, context: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, context=context, **kwargs)
        self.fields["item"].choices = [("", _("No particular item")), *context["items"]]  # type: ignore[attr-defined]


class InformationRow(OutcomeRow):
    section = "information"
    essential = ("text",)

    text = Text(label=_("Information"), max_length=5_000, required=False, widget=lines(2))
    field_order = ("text", "item")


class DecisionRow(OutcomeRow):
    section = "decisions"
    essential = ("text",)

    text = Text(label=_("Decision"), max_length=5_000, required=False, widget=lines(2))
    basis = Text(label=_("Basis"), max_length=500, required=False, widget=line())
    dissent = Text(label=_("Dissent"), max_length=2_000, required=False, widget=lines(1))
    field_order = ("text", "basis", "dissent", "item")


class ActionRow(OutcomeRow):
    section = "actions"
    essential = ("text", "owner")

    text = Text(label=_("What is to be done"), max_length=5_000, required=False, widget=lines(2))
    owner = Text(label=_("Who"), max_length=200, required=False, widget=line(list="known-people"))
    due = When(label=_("By when"), required=False)
    not_before = Day(
        label=_("Not before"),
        required=False,
        help_text=_("It is not taken up in meetings, and nobody is reminded, before that day."),
    )
    field_order = ("text", "owner", "due", "not_before", "item")


class ReferralRow(OutcomeRow):
    section = "referrals"
    essential = ("text", "owner")

    text = Text(label=_("What is referred"), max_length=5_000, required=False, widget=lines(2))
    owner = Text(
        label=_("Referred to"), max_length=200, required=False, widget=line(list="known-organisations")
    )
    field_order = ("text", "owner", "item")


class UpdateRow(OutcomeRow):
    section = "updates"
    essential = ("measure", "phase", "text")

    measure = Choice(label=_("Measure"), coerce=int, required=False)
    phase = Choice(label=_("New status"), choices=[("", "–"), *Phase.choices], required=False)
    text = Text(label=_("What was done"), max_length=5_000, required=False, widget=lines(2))
    field_order = ("measure", "phase", "text", "item")

    def __init__(self, *args: Any, context: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, context=context, **kwargs)
        self.fields["measure"].choices = [("", _("Choose a measure")), *context["measures"]]  # type: ignore[attr-defined]


ROWS: dict[str, type[RowForm]] = {
    row.section: row
    for row in (
        AttendanceRow,
        WalkinRow,
        HeadcountRow,
        ItemRow,
        InformationRow,
        DecisionRow,
        ActionRow,
        ReferralRow,
        UpdateRow,
    )
}

"""Forms of plans, focus areas, measures and the bodies responsible."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from events.dates import VagueDate
from events.directory.typed import Line, OneOf, VagueDateField
from events.plans.models import (
    FocusArea,
    Measure,
    Plan,
    Recurrence,
    ResponsibilityLabel,
    ResponsibilityPart,
)
from events.plans.sections import LARGEST_NUMBER
from events.plans.typed import Lines, Prose

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DATE_HELP = _("As exact as you know it: 7.9.2016, September 2016, autumn 2016 or 2016.")


class Correcting(forms.Form):
    """A form whose title and number, once adopted, change only with a reason."""

    reason = Line(
        label=_("Reason for the correction"),
        required=False,
        max_length=300,
        help_text=_(
            "Needed when you change the title or the number as adopted. It stands in the audit trail."
        ),
    )

    def __init__(self, *args: Any, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan is None or plan.is_draft:
            del self.fields["reason"]

    def facts(self) -> dict[str, Any]:
        """Everything but the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def why(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


class PlanForm(Correcting):
    title = Line(label=_("Title"), max_length=300)
    owner = Line(
        label=_("Owner"),
        max_length=200,
        help_text=_("A name the directory does not know yet is added there."),
    )
    made_with = Line(label=_("Made with"), max_length=200, required=False)
    period_from = VagueDateField(label=_("Applies from"), required=False, help_text=DATE_HELP)
    period_to = VagueDateField(label=_("Applies until"), required=False)
    decided_by = Line(label=_("Background decided by"), max_length=200, required=False)
    decided_on = forms.DateField(label=_("Decided on"), required=False, widget=DATE)
    builds_on = Line(label=_("Builds on (such as the national plan)"), max_length=300, required=False)
    builds_on_link = forms.CharField(
        label=_("Address of that plan"),
        max_length=500,
        required=False,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Begins with https://"),
    )
    goals = Lines(label=_("Goals"), required=False, longest=1000, help_text=_("One a line."))
    foreword = Prose(label=_("Foreword"), required=False, max_length=20_000)
    foreword_by = Line(label=_("Foreword signed by"), max_length=300, required=False)
    rule = Line(label=_("Rule for who leads"), max_length=300, required=False)
    predecessor = OneOf(
        label=_("Succeeds"), queryset=Plan.objects.none(), required=False, empty_label=_("No plan")
    )

    def __init__(self, *args: Any, tenant: Any, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        plans = Plan.objects.of(tenant)
        if plan is not None:
            plans = plans.exclude(pk=plan.pk)
        self.fields["predecessor"].queryset = plans  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = cleaned.get("period_from"), cleaned.get("period_to")
        if begin and end and end.first < begin.first:
            self.add_error("period_to", _("That is before it begins."))
        if cleaned.get("owner") and not _is_a_name(cleaned["owner"]):
            self.add_error("owner", _("Write a name with letters."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        for name in ("period_from", "period_to"):
            facts |= _vague(name, facts.pop(name))
        facts.pop("owner")
        return facts

    @classmethod
    def as_it_is(cls, plan: Plan) -> dict[str, Any]:
        facts = {name: getattr(plan, name) for name in cls.base_fields if hasattr(plan, name)}
        return {
            **facts,
            "owner": plan.owner.name,
            "period_from": plan.applies_from,
            "period_to": plan.applies_to,
        }


class AdoptForm(forms.Form):
    adopted_by = Line(label=_("Adopted by"), max_length=200, help_text=_("Such as the municipal council."))
    adopted_on = forms.DateField(label=_("Adopted on"), widget=DATE)


class EndForm(forms.Form):
    ended_on = forms.DateField(label=_("Ended on"), widget=DATE)
    reason = Line(label=_("Reason"), max_length=300)


class AreaForm(Correcting):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=LARGEST_NUMBER)
    title = Line(label=_("Title"), max_length=300)


class MeasureForm(Correcting):
    focus_area = OneOf(label=_("Focus area"), queryset=FocusArea.objects.none(), empty_label=None)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=LARGEST_NUMBER)
    title = Line(label=_("Title as adopted"), max_length=300)
    aliases = Lines(label=_("Also called"), required=False, longest=300, help_text=_("One name a line."))
    description = Prose(label=_("Description"), required=False, max_length=20_000)
    recurrence = forms.ChoiceField(label=_("Standing or one-off"), required=False, choices=Recurrence.choices)
    deadline = VagueDateField(label=_("Deadline"), required=False, help_text=DATE_HELP)
    national_measure = forms.IntegerField(
        label=_("Number of the national measure"), required=False, min_value=1, max_value=LARGEST_NUMBER
    )
    to_be_considered = forms.BooleanField(label=_("To be considered"), required=False)
    note = Line(label=_("Note"), max_length=300, required=False)
    about_individuals = forms.BooleanField(
        label=_("The measure concerns individuals"),
        required=False,
        help_text=_("Pages where somebody might write about a case then warn of it."),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        self.fields["focus_area"].queryset = FocusArea.objects.of(plan.tenant_id).filter(plan=plan)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        deadline = facts.pop("deadline")
        return {**facts, **_vague("deadline_from", deadline, "deadline_precision")}

    @classmethod
    def as_it_is(cls, measure: Measure) -> dict[str, Any]:
        return {name: getattr(measure, name) for name in cls.base_fields if hasattr(measure, name)}


class PossibleForm(forms.Form):
    title = Line(label=_("A possible measure"), max_length=300)


class BodyForm(forms.Form):
    name_as_written = Line(
        label=_("Name as the plan writes it"),
        max_length=200,
        help_text=_("A name the directory does not know yet is added there."),
    )
    unit = Line(
        label=_("Unit"), max_length=200, required=False, help_text=_("What the plan has in brackets.")
    )
    part = forms.ChoiceField(label=_("Part"), choices=ResponsibilityPart.choices)
    label = forms.ChoiceField(label=_("Kind of responsibility"), choices=ResponsibilityLabel.choices)

    def clean_name_as_written(self) -> str:
        name = str(self.cleaned_data["name_as_written"])
        if not _is_a_name(name):
            raise forms.ValidationError(_("Write a name with letters."))
        return name


def _is_a_name(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _vague(name: str, when: VagueDate | None, precision: str = "") -> dict[str, Any]:
    return {
        name: when.first if when else None,
        precision or f"{name}_precision": when.precision if when else None,
    }

"""Forms of expert groups and recommendations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.typed import Line, VagueDateField
from events.plans.models import Measure, Plan
from events.plans.recommending.models import ExpertGroup, Recommendation, Verdict
from events.plans.sections import LARGEST_NUMBER
from events.plans.typed import Prose, Several


class GroupForm(forms.Form):
    name = Line(label=_("Name"), max_length=200)
    set_up = VagueDateField(
        label=_("Set up"),
        required=False,
        help_text=_("As exact as you know it: 7.9.2016, September 2016, autumn 2016 or 2016."),
    )
    task = Prose(label=_("Task"), required=False, max_length=2000, rows=3)
    result = Prose(label=_("What came of it"), required=False, max_length=2000, rows=3)

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        when = facts.pop("set_up")
        facts["set_up_from"] = when.first if when else None
        return {**facts, "set_up_precision": when.precision if when else None}

    @classmethod
    def as_it_is(cls, group: ExpertGroup) -> dict[str, Any]:
        return {name: getattr(group, name) for name in cls.base_fields}


class RecommendationForm(forms.Form):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=LARGEST_NUMBER)
    text = Prose(label=_("Recommendation"), max_length=2000, rows=3)
    verdict = forms.ChoiceField(label=_("What was decided"), choices=Verdict.choices)
    reason = Prose(
        label=_("Reason"),
        required=False,
        max_length=2000,
        rows=3,
        help_text=_("Needed when the recommendation is rejected."),
    )
    measures = Several(label=_("Measures that follow it"), queryset=Measure.objects.none(), required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].queryset = Measure.objects.of(plan.tenant_id).filter(plan=plan)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == Verdict.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Say why it is rejected."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "measures"}

    @classmethod
    def as_it_is(cls, row: Recommendation) -> dict[str, Any]:
        facts = {name: getattr(row, name) for name in cls.base_fields if name != "measures"}
        return {**facts, "measures": list(row.measures.values_list("pk", flat=True))}

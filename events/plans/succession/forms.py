"""Forms of a plan that follows, and of what became of a measure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.typed import Line
from events.plans.models import Measure, Plan
from events.plans.succession.models import Fate, MeasureStep
from events.plans.typed import Several


class SucceedForm(forms.Form):
    title = Line(label=_("Title of the new plan"), max_length=300)


class FateForm(forms.Form):
    fate = forms.ChoiceField(label=_("What became of it"), choices=Fate.choices)
    new = Several(
        label=_("Measures of the plan that follows"), queryset=Measure.objects.none(), required=False
    )
    reason = Line(
        label=_("Reason"), max_length=300, required=False, help_text=_("Needed when the measure ended.")
    )

    def __init__(self, *args: Any, later: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].queryset = Measure.objects.of(later.tenant_id).filter(plan=later)  # type: ignore[attr-defined]

    @classmethod
    def as_it_is(cls, steps: list[MeasureStep]) -> dict[str, Any]:
        if not steps:
            return {"fate": Fate.KEPT}
        new = [step.new_id for step in steps if step.new_id]
        return {"fate": steps[0].fate, "reason": steps[0].reason, "new": new}

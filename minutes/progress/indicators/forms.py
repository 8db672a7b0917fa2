"""Forms of indicators and their values."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.directory.typed import Line, OneOf, VagueDateField
from events.plans.models import Plan
from events.plans.typed import Prose
from minutes.progress.discreet import Discreet
from minutes.progress.indicators.models import (
    DIGITS,
    FIRST_YEAR,
    LAST_YEAR,
    PLACES,
    Direction,
    Indicator,
    Rhythm,
)
from minutes.progress.indicators.words import number

TYPED = re.compile(r"[-\u2212]?\d+(?:[.,]\d+)?")
LARGEST = Decimal(10) ** (DIGITS - PLACES)


class Number(forms.CharField):
    """A figure as people write it: "1 234,5" or "1234.5". Not negative, two decimals at most."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        typed = re.sub(r"\s", "", str(super().clean(value)))
        if not typed:
            return None
        if not TYPED.fullmatch(typed):
            raise forms.ValidationError(_("Write a number, such as 60 or 36.5."))
        if typed[0] in "-\u2212" and Decimal(typed[1:].replace(",", ".")):
            raise forms.ValidationError(_("A value is never below zero."))
        found = Decimal(typed.lstrip("-\u2212").replace(",", "."))
        if found >= LARGEST:
            raise forms.ValidationError(
                _("The number is too large. Choose a larger unit, such as thousands.")
            )
        if found != found.quantize(Decimal(10) ** -PLACES):
            words = ngettext("At most %(n)d decimal, please.", "At most %(n)d decimals, please.", PLACES)
            raise forms.ValidationError(words % {"n": PLACES})
        return found


class IndicatorForm(Discreet):
    name = Line(label=gettext_lazy("Name"), max_length=200)
    definition = Prose(
        label=gettext_lazy("Definition"),
        required=False,
        max_length=5_000,
        rows=3,
        help_text=gettext_lazy("What is counted, and what is not."),
    )
    unit = Line(
        label=gettext_lazy("Unit"), required=False, max_length=60, help_text=gettext_lazy("Such as people.")
    )
    source = Line(
        label=gettext_lazy("Source"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Where the figure comes from, such as the yearly report."),
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm.choices)
    direction = forms.ChoiceField(label=gettext_lazy("Wished direction"), choices=Direction.choices)
    whole = OneOf(
        label=gettext_lazy("Part of"),
        queryset=Indicator.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other indicator"),
        help_text=gettext_lazy(
            "Then the share in percent is shown, and the wished direction and the goal are of the share."
        ),
    )
    goal = Number(label=gettext_lazy("Goal"), required=False)
    goal_by = VagueDateField(
        label=gettext_lazy("By when"),
        required=False,
        help_text=gettext_lazy("As exact as you know it: 7.9.2016, September 2016, autumn 2016 or 2016."),
    )

    def __init__(self, *args: Any, plan: Plan, indicator: Indicator | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Indicator.objects.of(plan.tenant_id).filter(plan=plan, whole__isnull=True)
        if indicator is not None:
            rows = rows.exclude(pk=indicator.pk)
        self.fields["whole"].queryset = rows  # type: ignore[attr-defined]
        if indicator is not None and indicator.parts.exists():  # a part has no parts of its own
            del self.fields["whole"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        whole, goal = facts.get("whole"), facts.get("goal")
        if facts.get("goal_by") and goal is None and "goal" not in self.errors:
            self.add_error("goal", _("Say what is to be reached by then."))
        if whole is not None and goal is not None and goal > 100:
            self.add_error("goal", _("A share is 100 percent at most."))
        if whole is not None and facts.get("rhythm") and whole.rhythm != facts["rhythm"]:
            self.add_error("rhythm", _("The indicator that it is part of has another rhythm."))
        return facts

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        by = facts.pop("goal_by")
        return {
            **facts,
            "goal_from": by.first if by else None,
            "goal_precision": by.precision if by else None,
        }

    @classmethod
    def as_it_is(cls, indicator: Indicator) -> dict[str, Any]:
        return {name: getattr(indicator, name) for name in cls.base_fields}


class ValueForm(forms.Form):
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=int, choices=list(MONTHS.items()))
    value = Number(label=gettext_lazy("Value"))

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not indicator.is_monthly:
            del self.fields["month"]

    def facts(self) -> dict[str, Any]:
        return {"month": 0, **self.cleaned_data}


class ChangedValueForm(forms.Form):
    value = Number(label=gettext_lazy("Value"))

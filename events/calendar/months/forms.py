"""What the agenda is narrowed by, all of it in the address."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.calendar.months.grid import EARLIEST, LATEST
from events.calendar.selections import Wanted
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.times import Day
from events.plans.choosing import findable
from events.plans.models import Measure
from events.tenancy.models import Membership


class AgendaForm(forms.Form):
    """From which day on, and which meetings. An empty field does not narrow; `events` needs a valid form."""

    marks_optional = False
    day = Day(_("From"))
    kind = forms.ChoiceField(label=_("Kind of meeting"), required=False)
    city = forms.ChoiceField(label=_("Town"), required=False)
    measure = forms.ModelChoiceField(
        label=_("Measure"), required=False, queryset=Measure.objects.none(), empty_label=_("all")
    )
    mine = forms.BooleanField(label=_("Only meetings I am responsible for"), required=False)

    def __init__(self, data: QueryDict, *, membership: Membership) -> None:
        super().__init__(data)
        self.membership = membership
        tenant, every = membership.tenant, ("", _("all"))
        towns = Event.objects.of(tenant).exclude(city="").order_by("city").values_list("city", flat=True)
        self._choices("kind", [every, *Event.Kind.choices])
        self._choices("city", [every, *((town, town) for town in towns.distinct())])
        self.fields["measure"].queryset = findable(tenant)  # type: ignore[attr-defined]

    def _choices(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def begins(self, today: dt.date) -> dt.date:
        """The day asked for, or today, within the years that meetings can be in."""
        return min(max(self.cleaned_data.get("day") or today, EARLIEST), LATEST)

    def events(self) -> EventQuerySet:
        asked = self.cleaned_data
        measure = asked["measure"].pk if asked["measure"] else None
        wanted = Wanted(kind=asked["kind"], measure=measure, city=asked["city"])
        events = wanted.among(Event.objects.of(self.membership.tenant))
        return events.filter(responsible=self.membership) if asked["mine"] else events

    @property
    def narrows(self) -> bool:
        return any(self[name].value() for name in ("kind", "city", "measure", "mine"))

"""The forms of the event pages. What is said here is checked again by the services and the database."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation
from events.gatherings import rows
from events.gatherings.models import Event, EventFormat
from events.gatherings.times import TimesForm
from events.gatherings.typed import Choices, Line, Rows, Text, TypedForm, with_another_row
from events.plans.choosing import choosable
from events.plans.models import Measure
from events.tenancy.models import Membership, Tenant, User
from events.tenancy.permissions import Permission, Role

PLANNERS = [role for role in Role if Permission.MANAGE_EVENTS in role.permissions]
FAR_OFF = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LABELS: dict[str, Any] = {
    "is_public": _("Show the meeting on the public front page and in the public calendar")
}
HELP: dict[str, Any] = {
    "language": _("The language of the meeting."),
    "venue": _("The name of the building."),
    "place_for_invited": _("Those who accept always see the whole place."),
    "contact_name": _("Shown to those who are invited."),
}
# Which field of which form shows what the services say about an Event field.
SHOWN_AT = {"starts_at": ("times", "start_date"), "answer_by": ("times", "deadline_date")}


# Fields the form takes from the model as they are, in the order of the page.
PLAIN = (
    *("kind", "title", "purpose", "language", "venue", "room", "address", "district", "city"),
    *("online_url", "place_for_public", "place_for_invited", "chair", "capacity", "is_public"),
    *("responsible", "contact_name", "contact_email", "contact_phone"),
)
ONE_LINE = ("venue", "room", "address", "district", "city", "chair", "contact_name", "contact_phone")


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user)


class FactsForm(TypedForm):
    """Everything but times, hosts and programme. `version` is the state of the event that the writer saw."""

    title = Line(label=_("Title"), max_length=200, error_messages={"required": _("Write a title.")})
    purpose = Text(
        label=_("Purpose"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": False}),
    )
    format_name = Line(
        label=_("Format"),
        required=False,
        max_length=100,
        help_text=_("Choose one you have used before, or write a new one."),
        widget=forms.TextInput(attrs={"list": "formats", "autocomplete": "off"}),
    )
    online_url = forms.URLField(
        label=_("Link for those who join online"),
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    capacity = forms.IntegerField(
        label=_("Number of seats"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Leave empty when everybody who is invited has a seat."),
    )
    measures = Choices(
        label=_("Measures it is planned to advance"),
        required=False,
        queryset=Measure.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    responsible = Colleague(
        label=_("Who is responsible for the meeting"),
        required=False,
        queryset=Membership.objects.none(),
        help_text=_("Only your colleagues see it. The meeting is in that person's own calendar feed."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, tenant: Tenant, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        own = [name for name in PLAIN if name not in self.fields]
        classes = dict.fromkeys(ONE_LINE, Line)
        self.fields |= forms.fields_for_model(
            Event, own, labels=LABELS, help_texts=HELP, field_classes=classes
        )
        offered = choosable(tenant, chosen=initial.get("measures", ())).select_related("focus_area")
        self.fields["measures"].queryset = offered  # type: ignore[attr-defined]
        colleagues = Membership.objects.of(tenant).current().filter(role__in=PLANNERS).select_related("user")
        self.fields["responsible"].queryset = colleagues  # type: ignore[attr-defined]
        self.formats = EventFormat.objects.of(tenant).values_list("name", flat=True)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PLAIN}

    def seen_version(self) -> dt.datetime:
        """The version the writer saw; what is no version at all counts as too old, never as none."""
        written = str(self.cleaned_data["version"])
        try:
            seen = dt.datetime.fromisoformat(written)
        except ValueError:
            return NEVER
        return seen if seen.tzinfo and NEVER < seen < FAR_OFF else NEVER

    def measure_groups(self) -> Iterator[tuple[str, list[Any]]]:
        """The check boxes under the plan and focus area their measure belongs to."""
        groups: dict[str, list[Any]] = {}
        for box in self["measures"].subwidgets:
            measure = box.data["value"].instance
            groups.setdefault(f"{measure.plan.title}: {measure.focus_area}", []).append(box)
        yield from groups.items()


class Entry:
    """The four forms of one page, filled from one POST: facts, times, host bodies and programme."""

    def __init__(
        self, data: QueryDict | None, *, tenant: Tenant, by: User, event: Event | None = None
    ) -> None:
        adding = data.get("add", "") if data else ""
        if data is not None:
            data = with_another_row(data, adding) if adding in (rows.HOSTS, rows.PROGRAMME) else data.copy()
        self.data, self.event, self.adding = data, event, adding
        self.organisations = Organisation.objects.of(tenant).values_list("name", flat=True)
        self.facts = FactsForm(data, tenant=tenant, initial=_first(tenant, by, event))
        self.times = TimesForm(data, tenant=tenant, event=event)
        # Only for a fresh page: on a sent one, a row is as it was typed, whatever somebody else saved meanwhile.
        hosts, items = (rows.host_rows(event), rows.programme_rows(event)) if data is None else (None, None)
        self.hosts = rows.HostFormSet(data, prefix=rows.HOSTS, initial=hosts, form_kwargs={"tenant": tenant})
        about = {"measures": rows.measures_offered(tenant, event)}
        self.programme = rows.ProgrammeFormSet(data, prefix=rows.PROGRAMME, initial=items, form_kwargs=about)
        self.is_outdated = False
        self.fewer: int | None = None  # the number of seats that was asked for and is below those taken
        if adding:
            self._keep_quiet(adding)

    @property
    def forms(self) -> list[Any]:
        return [self.facts, self.times]

    @property
    def formsets(self) -> list[Rows]:
        return [self.hosts, self.programme]

    def is_valid(self) -> bool:
        """False also when only another row was asked for."""
        if self.adding:
            return False
        valid = [part.is_valid() for part in (*self.forms, *self.formsets)]
        return all(valid)  # after each was asked, so that each shows its errors

    def given(self) -> dict[str, Any]:
        """The arguments of `services.create` and `services.change`."""
        return {
            "facts": {**self.facts.facts(), **self.times.moments()},
            "format_name": self.facts.cleaned_data["format_name"],
            "measures": self.facts.cleaned_data["measures"],
            "hosts": rows.hosts_given(self.hosts),
            "programme": rows.programme_given(self.programme, self.event),
        }

    def uid(self) -> uuid.UUID | None:
        """The same for the same form sent twice, another one as soon as anything in it differs."""
        key = self.facts.cleaned_data["key"]
        if key is None or self.data is None:
            return None
        typed = {name: values for name, values in self.data.lists() if name != "csrfmiddlewaretoken"}
        return uuid.uuid5(key, hashlib.sha256(repr(sorted(typed.items())).encode()).hexdigest())

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Shows what a service said about Event fields at the fields of this page."""
        for name, message in errors.items():
            form, field = SHOWN_AT.get(name, ("facts", name))
            getattr(self, form).add_error(field, message)

    def carry_version(self, changed_at: dt.datetime) -> None:
        """After somebody else's change was told of: the next save knows of it."""
        self.is_outdated = True
        if self.data is not None:
            self.data["version"] = changed_at.isoformat()

    def _keep_quiet(self, adding: str) -> None:
        for part in (*self.forms, *self.formsets):
            part.judged = False
        for row in (*self.hosts.forms, *self.programme.forms):
            row.judged = False
        newest = getattr(self, adding).forms[-1] if adding in (rows.HOSTS, rows.PROGRAMME) else None
        if newest is not None:
            newest.fields["name" if adding == rows.HOSTS else "title"].widget.attrs["autofocus"] = True


class CancelForm(forms.Form):
    reason = Line(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Shown on the meeting’s page, to you and your colleagues."),
    )


class FilterForm(forms.Form):
    """The search of the list. Never refuses: what it cannot read is left out."""

    q = Line(label=_("Search in titles"), required=False, max_length=200)

    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


def _first(tenant: Tenant, by: User, event: Event | None) -> dict[str, Any]:
    """What the fields show before anybody typed."""
    if event is None:
        mine = {"contact_name": by.name, "contact_email": by.email, "contact_phone": tenant.contact_phone}
        me = Membership.objects.of(tenant).held_by(by)
        return {**mine, "responsible": me, "language": tenant.language, "key": uuid.uuid4()}
    planned = [link.measure_id for link in event.measure_links.all()]
    name = event.format.name if event.format else ""
    plain = {field: getattr(event, field) for field in PLAIN}
    return {**plain, "measures": planned, "format_name": name, "version": event.changed_at.isoformat()}

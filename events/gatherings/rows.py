"""The rows of the event form that there can be many of: host bodies and programme items."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import Organisation
from events.gatherings.agenda import ItemKind, ItemLevel, ItemMeasure, addresses
from events.gatherings.models import Event, ProgrammeItem
from events.gatherings.typed import Line, Rows, Text, TypedForm
from events.plans.choosing import choosable
from events.tenancy.models import Tenant

MOST_ROWS = 200
LAST = 10_000
HOSTS, PROGRAMME = "hosts", "programme"
MORE = ("kind", "level", "papers")


class HostForm(TypedForm):
    """One host body by name: a text field with suggestions, which stays quick with a thousand organisations."""

    name = Line(
        label=_("Host body"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.found: Organisation | None = None

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        self.found = Organisation.objects.of(self.tenant).named(name) if name else None
        if name and self.found is None:
            raise forms.ValidationError(
                _("No organisation in the directory is called “%(name)s”."), params={"name": name}
            )
        return name


class Level(forms.ChoiceField):
    """Who may read an item. A row in which nothing but the usual level is chosen is an empty row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) and data != (initial or ItemLevel.PARTICIPANTS)


class Several(forms.TypedMultipleChoiceField):
    """Ids. What was sent by hand and is not among the choices is refused in words that say nothing of it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": _("One of the measures can no longer be chosen.")
    }


class ProgrammeForm(TypedForm):
    """One item of the programme. Without an order number it comes last."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(label=_("Order"), required=False, min_value=1, max_value=9999)
    day = forms.IntegerField(label=_("Day"), required=False, min_value=1, max_value=60)
    starts = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    title = Line(
        label=_("What"),
        max_length=300,
        error_messages={"required": _("Write what happens, or tick “Remove this item”.")},
    )
    kind = forms.ChoiceField(
        label=_("Sort of matter"), required=False, choices=[("", _("Not said")), *ItemKind.choices]
    )
    level = Level(
        label=_("Who may read it"),
        required=False,
        choices=ItemLevel.choices,
        initial=ItemLevel.PARTICIPANTS,
        help_text=_(
            "What is for your own staff is in no invitation, on no page of invitees and in no calendar."
        ),
    )
    papers = Text(
        label=_("Papers"),
        required=False,
        max_length=2000,
        help_text=_("Links, one a line. Only your own staff see them."),
        widget=forms.Textarea(attrs={"rows": 2, "cols": False}),
    )
    speakers = Text(
        label=_("Speakers"),
        required=False,
        max_length=2000,
        help_text=_("One a line: the name, then a comma and the office."),
        widget=forms.Textarea(attrs={"rows": 2, "cols": False}),
    )

    measures = Several(
        label=_("Measures the item is about"),
        required=False,
        coerce=int,
        help_text=_("Only your own staff see it. What is decided under the item counts for them."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, measures: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = measures  # type: ignore[attr-defined]

    def clean_papers(self) -> str:
        try:
            return "\n".join(addresses(str(self.cleaned_data["papers"])))
        except ValueError as wrong:
            words = _("“%(line)s” is no web address. Begin with https://.")
            raise forms.ValidationError(words, params={"line": str(wrong)[:60]}) from None

    def clean_speakers(self) -> list[dict[str, str]]:
        speakers = []
        for row in str(self.cleaned_data["speakers"]).splitlines():
            name, _comma, office = (part.strip() for part in row.partition(","))
            if max(len(name), len(office)) > 200:
                raise forms.ValidationError(_("A name or an office is longer than 200 characters."))
            if name:
                speakers.append({"name": name, "office": office})
        return speakers


HostFormSet = cast(
    "type[Rows]",
    forms.formset_factory(
        HostForm, formset=Rows, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS, can_delete=False
    ),
)
ProgrammeFormSet = cast(
    "type[Rows]",
    forms.formset_factory(
        ProgrammeForm, formset=Rows, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS, can_delete=True
    ),
)


def host_rows(event: Event | None) -> list[dict[str, Any]]:
    """What the host rows show first."""
    links = event.host_links.select_related("organisation") if event else ()
    return [{"name": link.organisation.name} for link in links]


def programme_rows(event: Event | None) -> list[dict[str, Any]]:
    """What the programme rows show first."""
    items = event.programme.prefetch_related("appearances", "measure_links") if event else ()
    return [_written(item) for item in items]


def measures_offered(tenant: Tenant, event: Event | None) -> list[tuple[int, str]]:
    """What an item may be about: measures in force, and those that an item of `event` names already. One query."""
    links = ItemMeasure.objects.of(tenant).filter(item__event=event).values_list("measure", flat=True)
    measures = list(choosable(tenant, chosen=links if event else ()))
    several = len({measure.plan_id for measure in measures}) > 1
    return [(one.pk, f"{one} ({one.plan.title})" if several else str(one)) for one in measures]


def hosts_given(rows: Rows) -> list[Organisation]:
    return [row.found for row in rows.forms if row.found is not None]


def programme_given(rows: Rows, event: Event | None) -> list[dict[str, Any]]:
    """The items in the order their numbers give, those without a number last; removed and empty rows left out.

    A speaker who was there before keeps the role and the item its place and notes, which this form does not show.
    """
    known = {item.pk: item for item in event.programme.prefetch_related("appearances")} if event else {}
    cleaned = [row.cleaned_data for row in rows.forms]
    wanted = [(given, known.get(given["id"] or 0)) for given in cleaned if _is_wanted(given)]
    return [_item(given, item) for given, item in sorted(wanted, key=lambda pair: _order(*pair))]


def _is_wanted(given: dict[str, Any]) -> bool:
    return bool(given.get("title")) and not given["DELETE"]


def _order(given: dict[str, Any], known: ProgrammeItem | None) -> tuple[int, int]:
    """By number. Among equals, who was moved up (or is new) comes first, and who was moved down comes last."""
    new, old = given["position"] or LAST, known.position if known else LAST
    return new, (new > old) - (new < old)


def _item(given: dict[str, Any], known: ProgrammeItem | None) -> dict[str, Any]:
    roles = {one.name: one.role for one in known.appearances.all()} if known else {}
    return {
        "id": known.pk if known else None,
        "day": given["day"] or 1,
        "starts": given["starts"],
        "kind": given["kind"],
        # What was not sent stays as it is: an item for our own staff is never opened by silence.
        "level": given["level"] or (known.level if known else ItemLevel.PARTICIPANTS),
        "papers": given["papers"],
        "title": given["title"],
        "measures": given["measures"],
        "speakers": [{**one, "role": roles.get(one["name"], "")} for one in given["speakers"]],
    }


def _written(item: ProgrammeItem) -> dict[str, Any]:
    speakers = (", ".join(filter(None, (one.name, one.office))) for one in item.appearances.all())
    return {
        "id": item.pk,
        "position": item.position,
        "day": item.day,
        "starts": item.starts,
        **{name: getattr(item, name) for name in MORE},
        "title": item.title,
        "speakers": "\n".join(speakers),
        "measures": [link.measure_id for link in item.measure_links.all()],
    }

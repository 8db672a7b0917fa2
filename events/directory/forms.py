"""Forms of the directory."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.labels.choices import choices, key, read, types_of
from events.directory.labels.models import known_tags
from events.directory.models import (
    Channel,
    Contact,
    Organisation,
    OrganisationAlias,
)
from events.directory.searching import fold
from events.directory.typed import Line, Tags, one_line
from events.tenancy.models import Tenant

CIRCLE = _("That would make a circle: the other organisation already leads back to this one.")

TAGS_HELP = _("Words of your own between commas, such as “youth, key person”. Never what anybody believes.")
TELEPHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
NEEDED = {  # what a channel cannot do without, and what is said when it lacks
    Channel.EMAIL.value: ("email", _("Enter an e-mail address, or choose another channel.")),
    Channel.PHONE.value: ("phone", _("Enter a telephone number, or choose another channel.")),
    Channel.LETTER.value: (
        "address",
        _("Enter a postal address here or on the organisation, or choose another channel."),
    ),
}


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    name = Line(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Type"))
    address = Line(label=_("Postal address"), max_length=300, required=False)
    city = Line(label=_("Town"), max_length=100, required=False)
    phone = Line(label=_("Telephone"), max_length=30, required=False)
    tags = Tags(help_text=TAGS_HELP)
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. A body is found by any of its names, also in plans that are imported."),
    )

    class Meta:
        model = Organisation
        fields = ("name", "address", "city", "email", "phone", "umbrella", "successor", "notes")
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "umbrella": _("The larger organisation this one belongs to."),
            "successor": _("The body that took over, after a reform for instance."),
            "notes": _("About the organisation. Write nothing about what anybody believes."),
        }

    field_order = (
        "name",
        "kind",
        "address",
        "city",
        "email",
        "phone",
        "umbrella",
        "successor",
        "aliases",
        "tags",
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant, self.types = tenant, types_of(tenant)
        self.known_tags = known_tags(tenant)
        self.fields["kind"].choices = [("", "---------"), *choices(self.types)]  # type: ignore[attr-defined]
        others = Organisation.objects.of(tenant).exclude(pk=self.instance.pk)
        for name in ("umbrella", "successor"):
            self.fields[name].queryset = others  # type: ignore[attr-defined]
        if self.instance.pk and not self.is_bound:
            row = self.instance
            self.initial["aliases"] = "\n".join(alias.name for alias in row.aliases.all())
            self.initial["kind"] = key(row.type) if row.type else row.kind
            self.initial["tags"] = ", ".join(tag.name for tag in row.tags.all())

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        self._refuse_a_taken_name(name)
        return name

    def clean_aliases(self) -> tuple[str, ...]:
        lines = (one_line(line) for line in self.cleaned_data["aliases"].splitlines())
        names = tuple({fold(line): line for line in lines if line}.values())
        for name in names:
            if len(name) > 200:
                raise forms.ValidationError(
                    _("“%(name)s…” is longer than 200 characters.") % {"name": name[:40]}
                )
            self._refuse_a_taken_name(name)
        return names

    def clean_umbrella(self) -> Organisation | None:
        return self._without_circle("umbrella")

    def clean_successor(self) -> Organisation | None:
        return self._without_circle("successor")

    def facts(self) -> dict[str, Any]:
        kind, own = read(self.cleaned_data["kind"], self.types)
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"kind": kind, "type": own}

    def _without_circle(self, field: str) -> Organisation | None:
        chosen: Organisation | None = self.cleaned_data[field]
        step, seen = chosen, set()
        while step is not None and step.pk not in seen:
            if step.pk == self.instance.pk:
                raise forms.ValidationError(CIRCLE)
            seen.add(step.pk)
            step = getattr(step, field)
        return chosen

    def _refuse_a_taken_name(self, name: str) -> None:
        same = Organisation.objects.of(self.tenant).filter(search=fold(name)).exclude(pk=self.instance.pk)
        other = OrganisationAlias.objects.of(self.tenant).filter(search=fold(name))
        taken = same.first() or getattr(
            other.exclude(organisation=self.instance.pk).select_related("organisation").first(),
            "organisation",
            None,
        )
        if taken:
            raise forms.ValidationError(
                _("“%(name)s” is already the name of %(other)s.") % {"name": name, "other": taken.name}
            )


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    name = Line(label=_("Name"), max_length=200)
    role = Line(
        label=_("Role"),
        max_length=200,
        required=False,
        help_text=_("What the person does there, such as chair or head teacher."),
    )
    phone = Line(label=_("Telephone"), max_length=30, required=False, widget=TELEPHONE)
    address = Line(label=_("Postal address"), max_length=300, required=False)
    channel = forms.ChoiceField(
        label=_("Preferred channel"),
        required=False,
        choices=[("", _("what is entered: e-mail first, then telephone, then letter")), *Channel.choices],
        help_text=_(
            "How the person wants to be invited. A letter goes to the organisation without an own address."
        ),
    )
    tags = Tags(help_text=TAGS_HELP)

    class Meta:
        model = Contact
        fields = (
            "name",
            "role",
            "organisation",
            "email",
            "phone",
            "address",
            "language",
            "valid_from",
            "valid_until",
        )
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "organisation": _("Leave empty for a person who belongs to no organisation."),
            "language": _("The language of invitations to this person."),
            "valid_from": _("The first day in this role. Before it the person is not invited."),
            "valid_until": _("The last day in this role. Afterwards the person is no longer invited."),
        }

    field_order = (*Meta.fields[:6], "channel", "language", "tags", "valid_from", "valid_until")

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant, self.known_tags = tenant, known_tags(tenant)
        self.fields["organisation"].queryset = Organisation.objects.of(tenant)  # type: ignore[attr-defined]
        if self.instance.pk and not self.is_bound:
            self.initial["channel"] = self.instance.channel
            self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dt.date | None = cleaned.get("valid_from")
        last: dt.date | None = cleaned.get("valid_until")
        if first and last and last <= first:
            self.add_error("valid_until", _("The last day must come after the first."))
        if self._is_there_already(cleaned.get("name", ""), cleaned.get("email", "")):
            self.add_error("email", _("A contact with this name and address exists already."))
        self._refuse_a_channel_that_leads_nowhere(cleaned)
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "channel")}

    def _refuse_a_channel_that_leads_nowhere(self, cleaned: dict[str, Any]) -> None:
        field, said = NEEDED.get(cleaned.get("channel", ""), ("", ""))
        of_organisation = getattr(cleaned.get("organisation"), "address", "") if field == "address" else ""
        if field and field not in self.errors and not cleaned.get(field) and not of_organisation:
            self.add_error(field, said)

    def _is_there_already(self, name: str, email: str) -> bool:
        same = Contact.objects.of(self.tenant).filter(name=name, email=email).exclude(pk=self.instance.pk)
        return bool(name and email) and same.exists()


class SuccessorForm(forms.Form):
    """The new person in a role that stays."""

    name = Line(label=_("Name"), max_length=200)
    from_day = forms.DateField(
        label=_("First day in the role"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day before is the last day of the person who leaves."),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = Line(label=_("Telephone"), max_length=30, required=False, widget=TELEPHONE)
    address = Line(label=_("Postal address"), max_length=300, required=False)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "phone", "address")}

"""Forms of the directory."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact, Organisation, OrganisationAlias, OrganisationKind
from events.directory.searching import fold
from events.tenancy.models import Tenant

CIRCLE = _("That would make a circle: the other organisation already leads back to this one.")


class SearchForm(forms.Form):
    """The filter of both lists. Never refuses: what it cannot read is left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    type = forms.ChoiceField(
        label=_("Type of organisation"),
        required=False,
        choices=[("", _("All types")), *OrganisationKind.choices],
    )

    def words(self) -> str:
        return self._value("q")

    def kind(self) -> str:
        return self._value("type")

    def _value(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. A body is found by any of its names, also in plans that are imported."),
    )

    class Meta:
        model = Organisation
        fields = ("name", "kind", "city", "umbrella", "successor", "notes")
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "umbrella": _("The larger organisation this one belongs to."),
            "successor": _("The body that took over, after a reform for instance."),
            "notes": _("About the organisation. Write nothing about what anybody believes."),
        }

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        others = Organisation.objects.of(tenant).exclude(pk=self.instance.pk)
        for name in ("umbrella", "successor"):
            self.fields[name].queryset = others  # type: ignore[attr-defined]
        if self.instance.pk and not self.is_bound:
            self.initial["aliases"] = "\n".join(alias.name for alias in self.instance.aliases.all())

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        self._refuse_a_taken_name(name)
        return name

    def clean_aliases(self) -> tuple[str, ...]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["aliases"].splitlines())
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
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

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
    class Meta:
        model = Contact
        fields = (
            "name",
            "role",
            "organisation",
            "email",
            "phone",
            "language",
            "valid_from",
            "valid_until",
        )
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "role": _("What the person does there, such as chair or head teacher."),
            "organisation": _("Leave empty for a person who belongs to no organisation."),
            "language": _("The language of invitations to this person."),
            "valid_until": _("The last day in this role. Afterwards the person is no longer invited."),
        }

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["organisation"].queryset = Organisation.objects.of(tenant)  # type: ignore[attr-defined]

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
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _is_there_already(self, name: str, email: str) -> bool:
        same = Contact.objects.of(self.tenant).filter(name=name, email=email).exclude(pk=self.instance.pk)
        return bool(name and email) and same.exists()

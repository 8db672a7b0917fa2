"""Forms of groups."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.directory.groups.models import ContactGroup
from events.directory.groups.rules import TEXT, Rule
from events.directory.labels import choices
from events.directory.labels.models import Tag
from events.directory.models import Organisation, OrganisationKind
from events.directory.searching import fold
from events.directory.typed import Line
from events.tenancy.models import InviteeLanguage, Tenant

NAMED = ("tags", "networks")


class GroupForm(forms.Form):
    """The name of a group whose members are chosen by hand."""

    name = Line(label=_("Name"), max_length=100)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not fold(name):
            raise forms.ValidationError(_("Write a word that can be read."))
        return name

    def rule(self) -> Rule | None:
        return None


class RuleForm(GroupForm):
    """A group's name and its rule. At least one condition must ask something."""

    types = forms.MultipleChoiceField(
        label=_("Type of organisation"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.TypedMultipleChoiceField(
        label=_("Tags"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    networks = forms.TypedMultipleChoiceField(
        label=_("Member of the network"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Language"), required=False, choices=InviteeLanguage, widget=forms.CheckboxSelectMultiple
    )
    town = Line(label=_("Town of the organisation"), max_length=TEXT, required=False)
    words = Line(
        label=_("Words"),
        max_length=TEXT,
        required=False,
        help_text=_("As in the search: name, role, organisation and tags, in any form of the word."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = choices.types_of(self.tenant)
        networks = Organisation.objects.of(self.tenant).filter(kind=OrganisationKind.NETWORK)
        offered: dict[str, Any] = {
            "types": _flat(choices.choices(self.own)),
            "tags": Tag.objects.of(self.tenant).values_list("pk", "name"),
            "networks": networks.values_list("pk", "name"),
        }
        for name, values in offered.items():
            self.fields[name].choices = list(values)  # type: ignore[attr-defined]
        for name in NAMED:
            if not offered[name]:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(value for name, value in cleaned.items() if name != "name"):
            raise forms.ValidationError(
                _("Ask for something: without a condition everybody would be in the group.")
            )
        return cleaned

    def rule(self) -> Rule | None:
        chosen = [choices.read(value, self.own) for value in self.cleaned_data["types"]]
        asked = {name: tuple(self.cleaned_data.get(name, ())) for name in (*NAMED, "languages")}
        return Rule(
            kinds=tuple(kind for kind, own in chosen if own is None),
            types=tuple(own.pk for _kind, own in chosen if own),
            town=self.cleaned_data["town"],
            words=self.cleaned_data["words"],
            **asked,
        )


def initial(group: ContactGroup) -> dict[str, Any]:
    """What the form of `group` begins with."""
    if (rule := group.rule) is None:
        return {"name": group.name}
    types = [*rule.kinds, *(f"t{pk}" for pk in rule.types)]
    return {"name": group.name, "types": types, **{k: v for k, v in rule.as_json().items() if k != "types"}}


def _flat(grouped: list[choices.Choice]) -> list[choices.Choice]:
    """Boxes to tick have no headings, so an own type says what it belongs under."""
    found: list[choices.Choice] = []
    for value, label in grouped:
        if isinstance(label, list):
            own = [(each, f"{capfirst(name)} ({label[0][1]})") for each, name in label[1:]]
            found += [label[0], *own]
        else:
            found.append((value, label))
    return found

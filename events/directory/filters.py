"""The filter of the lists of contacts and of organisations."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events.directory.labels.choices import choices, read, types_of
from events.directory.labels.models import Tag
from events.directory.models import Contact, ContactQuerySet, Organisation, OrganisationQuerySet
from events.tenancy.guards import HIGHEST_ID
from events.tenancy.models import Tenant


class SearchForm(forms.Form):
    """The filter of both lists. Never refuses: what it cannot read is left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    type = forms.ChoiceField(label=_("Type of organisation"), required=False)
    tag = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_ID, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant, self.types = tenant, types_of(tenant)
        self.fields["type"].choices = [("", _("All types")), *choices(self.types)]  # type: ignore[attr-defined]

    def words(self) -> str:
        return self._value("q")

    @cached_property
    def chosen_tag(self) -> Tag | None:
        """The tag the list is narrowed to, if it is one of the tenant's."""
        asked = self._value("tag")
        return Tag.objects.of(self.tenant).filter(pk=asked).first() if asked else None

    @property
    def asks_something(self) -> bool:
        return any(self._value(name) for name in self.fields)

    def contacts(self) -> ContactQuerySet:
        """The contacts that are asked for."""
        rows = Contact.objects.of(self.tenant).matching(self.words())
        if self.chosen_tag:
            rows = rows.filter(tags=self.chosen_tag)
        kind, own = read(self._value("type"), self.types)
        return rows.filter(organisation__type=own) if own else self._of_kind(rows, "organisation__kind", kind)

    def organisations(self) -> OrganisationQuerySet:
        """The organisations that are asked for."""
        rows = Organisation.objects.of(self.tenant).matching(self.words())
        if self.chosen_tag:
            rows = rows.filter(tags=self.chosen_tag)
        kind, own = read(self._value("type"), self.types)
        return rows.filter(type=own) if own else self._of_kind(rows, "kind", kind)

    @staticmethod
    def _of_kind(rows: Any, field: str, kind: str) -> Any:
        return rows.filter(**{field: kind}) if kind else rows

    def _value(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

"""What the components need to count before they draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet

from events.tenancy.demo import ROLES

register = template.Library()
Problem = tuple[str, str]  # the id of the element to go to ("" for none), and what is wrong


@register.simple_tag
def problems_in(
    form: BaseForm | None = None,
    forms: Iterable[BaseForm] | None = None,
    formsets: Iterable[BaseFormSet[Any]] | None = None,
) -> list[Problem]:
    """Everything wrong in the forms and formsets, in the order of the page. Unbound forms have nothing wrong."""
    found: list[Problem] = []
    for each in (form, *(forms or ())):
        found.extend(_in_form(each) if each else ())
    for formset in formsets or ():
        if formset.is_bound:
            found.extend(("", str(error)) for error in formset.non_form_errors())
        for each in formset.forms:
            found.extend(_in_form(each))
    return found


@register.simple_tag
def page_links(page: Page[Any]) -> list[int | None]:
    """The page numbers to offer, with None where numbers are left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def demo_roles() -> list[tuple[str, str]]:
    """The demo accounts as address and label, for the sign-in page in demo mode."""
    return [(email, str(label)) for email, label in ROLES.items()]


def _in_form(form: BaseForm) -> Iterator[Problem]:
    if not form.is_bound:
        return
    for error in form.non_field_errors():
        yield "", str(error)
    for field in form:
        for error in field.errors:
            yield getattr(field, "focus_id", field.id_for_label), f"{field.label}: {error}"

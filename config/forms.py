"""Draws every form field of the product with one template, so that label, help and error sit alike everywhere."""

from typing import Any

from django.forms import BoundField, MultiWidget, RadioSelect, Widget
from django.forms.renderers import TemplatesSetting


class HouseField(BoundField):
    """A bound field that knows Designsystemet's class and where its error summary points."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        own = (widget or self.field.widget).attrs.get("class", "")
        if isinstance(widget or self.field.widget, RadioSelect):
            built.pop("aria-invalid", None)  # ARIA 1.2 knows it on the group, not on a radio button
        return {**built, "class": f"ds-input {own}".strip()}

    @property
    def focus_id(self) -> str:
        """The id of the first element a keyboard can reach: the field itself, or the first choice of a group."""
        if isinstance(self.field.widget, MultiWidget):
            return f"{self.auto_id}_0"
        if self.use_fieldset and len(self.subwidgets) and (first := self.subwidgets[0].id_for_label):
            return str(first)
        return self.id_for_label or str(self.auto_id)

    @property
    def is_marked_optional(self) -> bool:
        """Optional fields say so, except in forms (filters, searches) where nothing is required.

        A form in which hardly anything is required says that once instead, with `marks_optional = False`.
        """
        if not getattr(self.form, "marks_optional", True):
            return False
        return not self.field.required and any(field.required for field in self.form.fields.values())


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = HouseField

"""Draws every form field of the product with one template, so that label, help and error sit alike everywhere."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

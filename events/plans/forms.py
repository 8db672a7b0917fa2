"""The forms of an import: the file or the text, and the button. Between the two the plan travels in the page."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.directory.typed import Line, OneOf
from events.plans.importing import completed
from events.plans.loading import NotReadable
from events.plans.models import Plan
from events.plans.written.formats import ENDINGS, MOST_BYTES, Written, of_file, of_text
from events.tenancy.models import Tenant

MOST_TEXT = 500_000  # characters; a plan of 300 measures has about 150,000
MOST_KEPT = 2_000_000


class PlanFileForm(forms.Form):
    """A file or pasted text; `cleaned_data` holds what is `written` in it, its `data` ready to be imported."""

    file = forms.FileField(
        label=gettext_lazy("Plan (file)"),
        required=False,
        help_text=gettext_lazy("YAML, CSV, Excel (.xlsx) or Word (.docx), 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the plan’s text"),
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    plan = OneOf(
        label=gettext_lazy("Into which plan"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=gettext_lazy("The one the file names, or a new one"),
    )
    title = Line(
        label=gettext_lazy("Title of a new plan"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Where the file does not say it."),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["plan"].queryset = Plan.objects.of(tenant).select_related("owner")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        field = "file" if cleaned["file"] else "text"
        if not cleaned[field]:
            self.add_error("file", _("Choose a file, or paste the text."))
            return cleaned
        try:
            written = cleaned["written"] = self._written(field)
        except NotReadable as error:
            self.add_error(field, str(error))
            return cleaned
        cleaned["data"] = completed(
            written.data, owner=self.tenant.name, title=cleaned["title"], plan=cleaned["plan"]
        )
        if len(json.dumps(cleaned["data"])) > MOST_KEPT:
            self.add_error(field, _("This is more text than a plan has."))
        return cleaned

    def _written(self, field: str) -> Written:
        if field == "text":
            return of_text(self.cleaned_data["text"])
        upload = self.cleaned_data["file"]
        return of_file(upload.name, upload.read(MOST_BYTES + 1))


class ConfirmForm(forms.Form):
    """The button below the preview. `kept` is judged anew: whoever posts it may have written it."""

    kept = forms.CharField(strip=False, max_length=MOST_KEPT, widget=forms.HiddenInput())
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())
    reason = Line(
        label=gettext_lazy("Reason for the correction"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "The plan is adopted, and titles in it would change. The reason stands in the audit trail."
        ),
    )

    def clean_kept(self) -> Any:
        try:
            return json.loads(self.cleaned_data["kept"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("The page was changed on its way. Choose the file again.")
            ) from error

"""Forms of the coordinator: the campaign itself, and whom to ask."""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.campaigns.models import Campaign, Participation
from events.campaigns.states import ParticipationState
from events.dates import VagueDate
from events.directory.typed import Line, VagueDateField, one_line
from events.gatherings.typed import Choices, Text
from events.tenancy.models import Tenant, User

MOST_ITEMS, MOST_NAMES, LONGEST_ITEM, LONGEST_NAME = 60, 200, 300, 200
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\s+(.+)")
VAGUE = {"trigger_when": "trigger", "begins": "from", "ends": "until"}  # field -> beginning of the columns
WHEN = _("As exact as you know it: 7.10.2014, October 2014, autumn 2014 or 2014.")


def _line(name: str, **kwargs: Any) -> Line:
    column: Any = Campaign._meta.get_field(name)
    return Line(label=capfirst(column.verbose_name), required=False, max_length=column.max_length, **kwargs)


def _text(name: str, rows: int, **kwargs: Any) -> Text:
    column: Any = Campaign._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": rows, "cols": False})
    return Text(
        label=capfirst(column.verbose_name), required=False, max_length=20_000, widget=widget, **kwargs
    )


class CampaignForm(forms.Form):
    """All of a campaign on one page; only a title is needed."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = Line(label=_("Title"), max_length=200, error_messages={"required": _("Write a title.")})
    theme = _line("theme")
    builds_on = _line("builds_on")
    begins = VagueDateField(label=_("From"), required=False, help_text=WHEN)
    ends = VagueDateField(label=_("Until"), required=False)
    coordinator_name = _line("coordinator_name")
    trigger_what = _line("trigger_what", help_text=_("Such as a letter, a decision or a new plan."))
    trigger_sender = _line("trigger_sender")
    trigger_to = _line("trigger_to")
    trigger_when = VagueDateField(label=_("When it was sent"), required=False)
    trigger_text = _text("trigger_text", 5)
    template = Text(
        label=_("Programme to begin from"),
        required=False,
        max_length=20_000,
        help_text=_(
            "One item a line, with or without a time: “17:00 Welcome”. Participants adapt it locally."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "cols": False}),
    )
    variation = _text("variation", 3)
    observers = _line("observers")
    observers_purpose = _line("observers_purpose")
    contact_name = _line("contact_name")
    contact_email = forms.EmailField(label=_("E-mail for questions"), required=False, max_length=254)
    contact_phone = _line("contact_phone")

    def clean_template(self) -> list[dict[str, Any]]:
        typed = [one_line(each) for each in str(self.cleaned_data["template"]).splitlines()]
        items = [_item(each) for each in typed if each]
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(_("At most %(n)s items, please.") % {"n": MOST_ITEMS})
        if any(len(item["title"]) > LONGEST_ITEM for item in items):
            raise forms.ValidationError(_("An item is longer than %(n)s characters.") % {"n": LONGEST_ITEM})
        return items

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = told.get("begins"), told.get("ends")
        if begins and ends and ends.first < begins.first:
            self.add_error("ends", _("That is before it begins."))
        return told

    def facts(self) -> dict[str, Any]:
        """Columns of `Campaign`."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("uid", "template")}
        for name, column in VAGUE.items():
            when: VagueDate | None = told.pop(name)
            told[f"{column}_on"] = when.first if when else None
            told[f"{column}_precision"] = when.precision if when else None
        return told


def _item(words: str) -> dict[str, Any]:
    if (found := CLOCK.fullmatch(words)) and int(found[1]) < 24 and int(found[2]) < 60:
        return {"starts": dt.time(int(found[1]), int(found[2])), "title": found[3]}
    return {"starts": None, "title": words}


def first(campaign: Campaign | None, tenant: Tenant, by: User) -> dict[str, Any]:
    """What the fields show before anybody typed."""
    if campaign is None:
        mine = {"contact_name": by.name, "contact_email": by.email, "contact_phone": tenant.contact_phone}
        return {"uid": uuid.uuid4(), "coordinator_name": tenant.name, **mine}
    plain = {
        name: getattr(campaign, name) for name in CampaignForm.base_fields if name not in ("uid", "template")
    }
    return {**plain, "template": "\n".join(str(item) for item in campaign.items.all())}


class AskForm(forms.Form):
    """Tenants of this installation to ask, and the names of others to list."""

    tenants = Choices(
        label=_("Who use Møteplass"),
        required=False,
        queryset=Tenant.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are asked on their own page, and answer there."),
    )
    names = Text(
        label=_("Others, by name"),
        required=False,
        max_length=20_000,
        help_text=_("One a line. They are counted on the board; you link meetings for them."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": False}),
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        why = "whom the coordinator has asked already"
        asked = Participation.objects.across_tenants(why).filter(campaign=campaign, name="")
        asked = asked.filter(state__in=(ParticipationState.ASKED, ParticipationState.JOINED))
        others = Tenant.objects.exclude(pk=campaign.tenant_id).exclude(pk__in=asked.values("tenant"))
        self.fields["tenants"].queryset = others  # type: ignore[attr-defined]

    def clean_names(self) -> list[str]:
        typed = [one_line(each) for each in str(self.cleaned_data["names"]).splitlines()]
        names = list(dict.fromkeys(filter(None, typed)))
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(_("At most %(n)s names, please.") % {"n": MOST_NAMES})
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(_("A name is longer than %(n)s characters.") % {"n": LONGEST_NAME})
        return names

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not told.get("tenants") and not told.get("names"):
            raise forms.ValidationError(gettext("Choose or write somebody."))
        return told

"""Forms of those who take part: which meeting, what the others are told of it, and what was learned."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.campaigns.models import CampaignEvent, Participation
from events.directory.typed import Line, OneOf
from events.gatherings.models import Event
from events.gatherings.typed import Text

TOLD = ("shared", "programme_is_public", "before_letter", "audience", "note")
LONGEST = 5000


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": False})


class Meeting(OneOf):
    """One of the tenant's own meetings, with its day."""

    def label_from_instance(self, obj: Any) -> str:
        when = f"{obj.starts_local:%d.%m.%Y}" if obj.starts_local else ""
        when = when or (obj.vague_date.words() if obj.vague_date else "")
        return f"{obj.title} ({when})" if when else str(obj.title)


class ToldForm(forms.Form):
    """What the others are told of a meeting."""

    shared = forms.BooleanField(
        label=_("Share title, time and town"),
        required=False,
        initial=True,
        help_text=_("Otherwise the meeting is counted and nothing else is told. Guests are never shown."),
    )
    programme_is_public = forms.BooleanField(
        label=_("The programme is public"),
        required=False,
        help_text=_("Then the coordinator sees its items and who speaks."),
    )
    before_letter = forms.BooleanField(label=_("It was planned before the campaign began"), required=False)
    audience = Text(
        label=_("Who the meeting is for"),
        required=False,
        max_length=LONGEST,
        help_text=_("Groups, one a line, such as “faith communities”. Never the name of a guest."),
        widget=lines(3),
    )
    note = Text(
        label=_("More about the meeting"),
        required=False,
        max_length=LONGEST,
        help_text=_("The coordinator reads it. Never write who the guests are."),
        widget=lines(2),
    )

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TOLD}


class LinkForm(ToldForm):
    """The same with the meeting: one there is, or a new draft with the campaign's programme."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    event = Meeting(
        label=_("Meeting"),
        required=False,
        queryset=Event.objects.none(),
        empty_label=_("a new one, with the programme of the campaign"),
    )
    title = Line(label=_("Title of a new meeting"), required=False, max_length=200)
    field_order = ("uid", "event", "title")

    def __init__(self, data: Any = None, *, participation: Participation) -> None:
        super().__init__(data, initial={"uid": uuid.uuid4()})
        inside = CampaignEvent.objects.of(participation.tenant_id).filter(
            participation__campaign=participation.campaign_id
        )
        own = Event.objects.of(participation.tenant_id).exclude(pk__in=inside.values("event"))
        self.fields["event"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not told.get("event") and not told.get("title"):
            self.add_error("title", _("Choose a meeting above, or write the title of a new one."))
        return told


class LearnForm(forms.Form):
    worked = Text(label=_("What worked"), required=False, max_length=LONGEST, widget=lines(5))
    change = Text(label=_("What to change"), required=False, max_length=LONGEST, widget=lines(5))

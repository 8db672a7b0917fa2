"""What a person says of a calendar address of their own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.calendar.forms import NonceForm
from events.calendar.selections import Detail
from events.calendar.sharing import ALARMS
from events.gatherings.typed import Line
from invites.answers.feeds.detail import TOLD
from invites.answers.feeds.models import OwnFeed


class OwnFeedForm(NonceForm):
    name = Line(
        label=_("Name of the feed"),
        max_length=OwnFeed._meta.get_field("name").max_length,
        help_text=_("Where you will use it, such as “Phone” or “Outlook at work”."),
    )
    detail = forms.TypedChoiceField(
        required=False,
        empty_value=Detail.FULL,
        label=_("How much the calendar tells"),
        choices=TOLD,
        initial=Detail.FULL,
        help_text=_("Choose less where others can see your calendar, such as at work."),
    )
    alarm = forms.TypedChoiceField(
        label=_("Reminder before the meeting"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=(("", _("none")), *ALARMS),
    )

"""Forms of the calendar feeds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.calendar.models import Feed
from events.tokens import new_nonce


class NonceForm(forms.Form):
    """A button whose double click counts once: the random nonce in the page decides which address is made."""

    nonce = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_nonce)


class FeedForm(NonceForm):
    name = forms.CharField(
        label=_("Name of the feed"),
        max_length=Feed._meta.get_field("name").max_length,
        help_text=_("Where you will use it, such as “Phone” or “Outlook at work”."),
    )

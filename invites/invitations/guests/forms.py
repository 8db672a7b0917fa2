"""What came of a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from invites.invitations.models import CallOutcome


class CallForm(forms.Form):
    """One select beside each name; the prefix is the invitation's id, so that labels stay apart."""

    outcome = forms.ChoiceField(label=_("What came of the call"), choices=CallOutcome.choices)

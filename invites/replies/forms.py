"""The button that was pressed."""

from django import forms

from invites.invitations.models import Reply


class DecisionForm(forms.Form):
    """What a message that waits is to count as; the buttons send nothing else."""

    reply = forms.ChoiceField(
        choices=[(one, one) for one in (Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED)]
    )

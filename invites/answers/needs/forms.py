"""The fields for needs in the form of an answer. None is ever filled in: who holds the link sees no need."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.gatherings.typed import Line
from invites.answers.needs.kinds import KINDS, LONGEST, REMOVE, NeedKind, detail_name
from invites.answers.needs.reading import number_told
from invites.invitations.models import Invitation

DETAILS = {
    NeedKind.DIET: _("Which diet or allergy?"),
    NeedKind.ACCESS: _("What makes it easy for you to take part?"),
    NeedKind.HEARING: _("What do you need to hear and be understood?"),
    NeedKind.INTERPRETER: _("Which language do you need an interpreter for?"),
    NeedKind.PRAYER: _("Anything we should know about the room for prayer?"),
    NeedKind.OTHER: _("What else do you need?"),
}


def fields_for(invitation: Invitation) -> dict[str, forms.Field]:
    """`need_kinds`, a line `need_<kind>` for each kind, and `need_remove` where some were told; nothing where needs are
    not asked for.

    Asks the database only where something was told beside the answer. None is required: that somebody needs nothing is
    said by writing nothing.
    """
    if not invitation.event.asks_needs:
        return {}
    known = number_told(invitation)
    fields: dict[str, forms.Field] = {KINDS: _kinds(invitation, known)}
    fields |= {detail_name(kind): _detail(label) for kind, label in DETAILS.items()}
    if known != 0:
        fields[REMOVE] = forms.BooleanField(
            label=_("Remove what I have told you about needs"), required=False
        )
    return fields


def _kinds(invitation: Invitation, known: int | None) -> forms.Field:
    return forms.MultipleChoiceField(
        label=_("What do you need?"),
        choices=NeedKind.choices,
        required=False,
        help_text=" ".join(filter(None, (_already(known), _for_whom(invitation)))),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the needs listed here.")},
    )


def _already(known: int | None) -> str:
    """How many, never which: who holds the link need not be the one who was asked."""
    if known is None:
        return gettext("You told us about needs, but they cannot be opened any more. Write them anew.")
    if not known:
        return ""
    text = ngettext(
        "You told us about %(number)d need. Write anew to replace it, or remove it.",
        "You told us about %(number)d needs. Write anew to replace them, or remove them.",
        known,
    )
    return text % {"number": known}


def _for_whom(invitation: Invitation) -> str:
    if invitation.for_organisation or invitation.event.companions:
        return gettext("Write for everybody who comes with this invitation, and how many need it.")
    return ""


def _detail(label: Any) -> forms.Field:
    return Line(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )

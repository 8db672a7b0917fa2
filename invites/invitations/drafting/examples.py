"""A made-up recipient and meeting, to show how the words of a mail read."""

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.visibility import line
from events.tenancy.models import Tenant
from invites.invitations.wording import Opening, Wording


def shown_as(tenant: Tenant, said: Wording, language: str) -> Opening:
    """The words as an example recipient would read them, in `language`."""
    with translation.override(language):
        example = {
            "name": "Kari Nordmann",
            "organisation": _("the Neighbourhood Association"),
            "quota": "2",
            "title": _("Dialogue meeting about safety"),
            "when": _("Wednesday 3 March 2027, 17:00–19:00"),
            "day": _("Wednesday 3 March 2027"),
            "place": _("the town centre"),
            "deadline": _("Monday 1 March 2027 at 12:00"),
            "sender": line(tenant.name),
            "contact": line(tenant.name),
            "change": _("The meeting begins at 18:00 instead of 17:00."),
            "reason": _("The chair is ill."),
        }
    return said.opening(example)

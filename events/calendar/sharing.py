"""What a person needs to bring an address into a calendar: a QR code, and the steps of each client."""

from dataclasses import dataclass
from typing import Any

import segno
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Client:
    """A calendar people use, how to add an address there, and how late it shows a change."""

    name: Any
    steps: Any
    delay: Any


# Before a meeting, in minutes.
ALARMS = ((15, _("15 minutes")), (60, _("1 hour")), (24 * 60, _("1 day")), (7 * 24 * 60, _("1 week")))
CLIENTS = (
    Client(
        _("Google Calendar, also for Android"),
        _(
            "On a computer: next to “Other calendars”, choose the plus sign, then “From URL”, and paste the address."
        ),
        _("up to 24 hours"),
    ),
    Client(
        _("Outlook on the web and new Outlook"),
        _("In the calendar: “Add calendar”, then “Subscribe from web”, and paste the address."),
        _("about 3 hours, at times 24"),
    ),
    Client(
        _("Outlook for Windows (classic)"),
        _("In the calendar: “Add”, then “From Internet”, and paste the address."),
        _("about 1 hour"),
    ),
    Client(
        _("Apple Calendar on Mac"),
        _(
            "“File”, then “New Calendar Subscription”, and paste the address. Choose how often it refreshes there."
        ),
        _("as you choose, from 5 minutes to a week"),
    ),
    Client(
        _("iPhone and iPad"),
        _(
            "In Calendar: “Calendars”, “Add Calendar”, then “Add Subscription Calendar”, and paste the address."
        ),
        _("as set under Fetch New Data, most often 1 hour"),
    ),
    Client(
        _("Thunderbird"),
        _("“New Calendar”, then “On the Network”, and paste the address. Leave the user name empty."),
        _("about 1 hour"),
    ),
)


def qr(address: str) -> str:
    """The address as a QR code, in a `data:` address for an image. White behind it, so that it reads in the dark."""
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="white"))

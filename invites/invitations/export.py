"""The guest list as CSV for a spreadsheet: BOM, semicolons, no formula, telephone numbers as they were written."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from events.directory.formulas import guarded
from invites.invitations.models import Representative
from invites.invitations.overview import Guest

BOM = "\ufeff"  # without it Excel reads æ, ø and å wrong


def as_csv(guests: Iterable[Guest]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    write(
        [
            _("Name"),
            _("Role"),
            _("Organisation"),
            _("Type of organisation"),
            _("E-mail"),
            _("Telephone"),
            _("Mail"),
            _("Mail at"),
            _("Answer"),
            _("Comment"),
            _("Answered"),
            _("Answer came"),
            _("Recorded by"),
            _("To call"),
            _("People who come"),
            _("Takes part"),
            _("Names of those who come or come along"),
        ]
    )
    for guest in guests:
        write([guarded(value) for value in _cells(guest)])
    return (BOM + out.getvalue()).encode()


def _cells(guest: Guest) -> list[str]:
    yes = _("yes")
    return [
        guest.name,
        guest.role,
        guest.organisation,
        guest.kind,
        guest.email,
        guest.phone,
        guest.mail,
        f"{guest.mail_at:%Y-%m-%d %H:%M}" if guest.mail_at else "",
        guest.answer,
        guest.comment,
        f"{guest.answered_at:%Y-%m-%d %H:%M}" if guest.answered_at else "",
        guest.source,
        guest.recorded_by,
        yes if guest.to_call else "",
        str(guest.seats) if guest.seats else "",
        guest.mode,
        "; ".join(_with_facts(one) for one in guest.named),
    ]


def _with_facts(one: Representative) -> str:
    """ "Amina Noor (chair, amina@moske.example)" """
    facts = ", ".join(filter(None, (one.role, one.email)))
    return f"{one.name} ({facts})" if facts else one.name

"""Mail that was put aside: what and why, and taking it in anew once the program reads it (CONTRACT, "Commands")."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invites.replies import services
from invites.replies.models import InboundMail, InboundState


class Command(BaseCommand):
    help = "Lists messages that were put aside, never their content; --replay takes them in anew, as of when they came."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replay", metavar="ID", help='the number of one message, or "all"')

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["replay"]
        aside = InboundMail.objects.filter(state=InboundState.QUARANTINED, settled_at=None).order_by("pk")
        if wanted is None:
            for row in aside.defer("raw", "envelope", "said"):
                self.stdout.write(_line(row))
        elif wanted == "all":
            for pk in list(aside.exclude(raw=None).values_list("pk", flat=True)):
                self._replay(InboundMail.objects.get(pk=pk))
        else:
            self._replay(_row(wanted))

    def _replay(self, row: InboundMail) -> None:
        try:
            self.stdout.write(_line(services.replay(row)))
        except services.Forgotten:
            raise CommandError(f"{row.pk}: the message is no longer kept, or no key opens it") from None


def _row(wanted: str) -> InboundMail:
    row = (
        InboundMail.objects.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None
    )
    if row is None:
        raise CommandError(f'{wanted}: no such message; give a number of the list, or "all"')
    return row


def _line(row: InboundMail) -> str:
    about = "an invitation" if row.invitation_id else "nothing of ours"
    when = f"{row.received_at:%Y-%m-%d %H:%M}"
    return f"{row.pk}  {when}  {row.kind}, {row.size} bytes, about {about}: {row.state} {row.reason}".rstrip()

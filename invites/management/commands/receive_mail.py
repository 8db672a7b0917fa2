"""Takes in one message from a mail server's pipe (CONTRACT, "Commands")."""

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from invites.replies import services
from invites.replies.keeping import Envelope

TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the message and comes back
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Reads one message from standard input. Exit code 0: it is kept; 75: it could not be kept, try again."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--envelope-to", default="", metavar="ADDRESS", help="whom the mail server got the message for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(services.LARGEST + 1)
        while sys.stdin.buffer.read(1 << 20):
            pass  # the rest of one that is too large, so that the pipe does not break
        try:
            services.receive(raw, came_with=Envelope(to=options["envelope_to"][:320], piped=True))
        except Exception as error:
            # The database is away, or the program broke: the message must not be lost to it.
            log.error("a message could not be kept: %s", type(error).__name__)
            sys.exit(TRY_LATER)

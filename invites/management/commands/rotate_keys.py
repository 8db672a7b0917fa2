"""Seals all needs and sensitive answers with the current key (README, "Commands"; docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand

from events import keyring
from invites.answers import resealing


class Command(BaseCommand):
    help = "Seals needs and sensitive answers anew with the first key of FIELD_KEYS. May run at any time, and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The current key is {keyring.current().rstrip('.')}.")
        closed = 0
        for count in resealing.rotate():
            closed += count.closed
            self.stdout.write(
                f"{count.table}: {count.resealed} sealed anew, {count.closed} cannot be opened."
            )
        if closed:
            self.stdout.write("What cannot be opened was left as it is: its key is not at hand.")
        else:
            self.stdout.write("Nothing is sealed with an older key any more.")

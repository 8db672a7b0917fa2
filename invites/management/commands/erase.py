"""Forgets a person at all tenants (CONTRACT, "Commands"); the same service as the person's own page."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from invites.answers.own import erasing, people


class Command(BaseCommand):
    help = "Erases what is held about whoever has an e-mail address. Shows what that is; does it with --yes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--yes", action="store_true", help="erase; without it nothing is changed")
        parser.add_argument("--silent", action="store_true", help="send no last mail that confirms it")

    def handle(self, *args: Any, **options: Any) -> None:
        found = people.at(options["address"])
        for contact in found:
            self.stdout.write(f"{contact.tenant.slug}: contact {contact.pk}")
            self._count(people.counts(contact))
            if options["yes"]:
                erasing.erase(contact, tell=not options["silent"])
        loose = people.loose(options["address"], erase=options["yes"])
        self._count(loose)
        if not found and not loose.total():
            self.stdout.write("nobody is known by this address")
        elif not options["yes"]:
            self.stdout.write("nothing was changed; --yes erases it")
        else:
            self.stdout.write("erased; approved minutes and free text by others stay")

    def _count(self, counts: Counter[str]) -> None:
        for what, number in sorted(counts.items()):
            self.stdout.write(f"  {what}: {number}")

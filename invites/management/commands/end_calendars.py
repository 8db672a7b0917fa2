"""Ends a person's own calendar addresses: for the organiser who hears that one has come into the wrong hands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from invites.answers.feeds import services
from invites.answers.own import people


class Command(BaseCommand):
    help = "Ends the calendar addresses that whoever has an e-mail address made. They can make new ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--tenant", default="", help="the short name of one tenant; all without")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = 0
        for contact in people.at(options["address"]):
            if options["tenant"] in ("", contact.tenant.slug):
                ended += services.end_all(contact)
        self.stdout.write(f"ended: {ended}")

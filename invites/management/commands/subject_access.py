"""Everything that is held about a person at all tenants, as JSON (CONTRACT, "Commands")."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from invites.answers.own import holdings, people


class Command(BaseCommand):
    help = "Writes all that is held about whoever has an e-mail address to standard output. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        held = [
            {"held_by": contact.tenant.name, **holdings.as_data(contact)}
            for contact in people.at(options["address"])
        ]
        held += people.named_only(options["address"])
        self.stdout.write(json.dumps(held, ensure_ascii=False, indent=2))

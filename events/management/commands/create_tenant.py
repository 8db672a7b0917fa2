"""`manage.py create_tenant`: the first step of an installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.tenancy import services
from events.tenancy.models import Language, Tenant


class Command(BaseCommand):
    help = "Makes a tenant and its first administrator, who then signs in with a code by e-mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name in addresses, such as sandefjord")
        parser.add_argument("name", help="full name, such as 'Sandefjord kommune'")
        parser.add_argument("--kind", choices=Tenant.Kind.values, default=Tenant.Kind.MUNICIPALITY)
        parser.add_argument("--language", choices=Language.values, default=Language.BOKMAL)
        parser.add_argument("--contact-email", required=True, help="for invitees' questions")
        parser.add_argument("--administrator-email", required=True)
        parser.add_argument("--administrator-name", required=True)

    def handle(self, **options: Any) -> None:
        facts = {name: options[name] for name in ("slug", "name", "kind", "language", "contact_email")}
        try:
            tenant = services.create_tenant(
                facts=facts,
                administrator_email=options["administrator_email"],
                administrator_name=options["administrator_name"],
            )
        except ValidationError as error:
            lines = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
            raise CommandError("\n".join(lines)) from error
        self.stdout.write(f"{tenant.name} is made; {options['administrator_email']} can sign in.")

"""`manage.py import_contacts FILE [--tenant SLUG] [--dry-run]`: contacts from CSV, XLSX or vCard, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from events.directory.imports import services
from events.directory.imports.columns import suggested
from events.directory.imports.matching import Plan
from events.directory.imports.problems import MOST_BYTES, NotAList
from events.directory.imports.reading import read
from events.directory.imports.tables import Table
from events.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Imports contacts from a CSV, XLSX or vCard file, all or nothing. The second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose contacts; needed when there are several tenants"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):  # commands speak English, as the rest of the command line does
            self._import(options["file"], _tenant(options["tenant"]), options["dry_run"])

    def _import(self, file: Path, tenant: Tenant, dry_run: bool) -> None:
        table = _table(file)
        columns = suggested(table.header, table.rows) if table.columns is None else table.columns
        if dry_run:
            plan = services.dry_run(tenant=tenant, table=table, columns=columns)
        else:
            try:
                plan, _batch = services.import_table(
                    tenant=tenant, by=None, source=file.name, table=table, columns=columns
                )
            except services.NotAsSeen as error:
                raise CommandError("The directory was changed meanwhile; nothing was written.") from error
        if plan.errors:
            raise CommandError("\n".join(f"{file}: {error}" for error in plan.errors))
        self._report(table, columns, plan, dry_run)

    def _report(self, table: Table, columns: list[str], plan: Plan, dry_run: bool) -> None:
        ignored = [heading for heading, column in zip(table.header, columns, strict=True) if not column]
        if ignored:
            self.stdout.write(f"Columns that were not read: {', '.join(ignored)}")
        for note in (*table.notes, *plan.notes):
            self.stdout.write(note)
        for new in plan.organisations.values():
            self.stdout.write(f"+ organisation {new.name}")
        self.stdout.write(f"{len(plan.added)} new, {len(plan.changed)} changed, {plan.unchanged} unchanged")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")


def _table(file: Path) -> Table:
    try:
        with file.open("rb") as source:
            return read(source.read(MOST_BYTES + 1))
    except (OSError, NotAList) as error:
        raise CommandError(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _tenant(slug: str | None) -> Tenant:
    """The one asked for, else the only one."""
    tenants = {tenant.slug: tenant for tenant in Tenant.objects.order_by("slug")}
    if slug and slug not in tenants:
        raise CommandError(f"There is no tenant {slug!r}. There are: {', '.join(tenants) or 'none yet'}.")
    if not slug and len(tenants) != 1:
        raise CommandError(f"Say whose contacts with --tenant: {', '.join(tenants) or 'there are none yet'}.")
    return tenants[slug] if slug else next(iter(tenants.values()))

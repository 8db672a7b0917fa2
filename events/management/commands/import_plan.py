"""`manage.py import_plan FILE [--tenant SLUG] [--dry-run]`: loads a plan from YAML; the second run changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from events.directory.searching import fold
from events.plans.importing import ImportResult, import_plan
from events.plans.loading import MOST_BYTES, NotReadable, load
from events.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Loads a plan from a YAML file, all or nothing. The second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose plan it is; needed when the owner's name does not tell"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):  # commands speak English, as the rest of the command line does
            self._import(options["file"], options["tenant"], options["dry_run"])

    def _import(self, file: Path, slug: str | None, dry_run: bool) -> None:
        try:
            with file.open("rb") as source:
                data = load(source.read(MOST_BYTES + 1))
        except (OSError, NotReadable) as error:
            raise CommandError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
        result = import_plan(data, tenant=_tenant(slug, data), dry_run=dry_run)
        if result.errors:
            raise CommandError("\n".join(f"{file}: {error}" for error in result.errors))
        self._report(result, dry_run)

    def _report(self, result: ImportResult, dry_run: bool) -> None:
        for line in result.created:
            self.stdout.write(f"+ {line}")
        for line in result.changed:
            self.stdout.write(f"~ {line}")
        self.stdout.write(
            f"{len(result.created)} new, {len(result.changed)} changed, {result.unchanged} unchanged"
        )
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")


def _tenant(slug: str | None, data: Any) -> Tenant:
    """The one asked for; else the one named like the plan's owner; else the only one."""
    tenants = {tenant.slug: tenant for tenant in Tenant.objects.order_by("slug")}
    if slug:
        if slug not in tenants:
            raise CommandError(f"There is no tenant {slug!r}. There are: {', '.join(tenants) or 'none yet'}.")
        return tenants[slug]
    plan = data.get("plan") if isinstance(data, dict) else None
    owner = fold(str(plan.get("owner", ""))) if isinstance(plan, dict) else ""
    named = [tenant for tenant in tenants.values() if fold(tenant.name) == owner]
    candidates = named or list(tenants.values())
    if len(candidates) != 1:
        raise CommandError(
            f"Say whose plan it is with --tenant: {', '.join(tenants) or 'there are none yet'}."
        )
    return candidates[0]

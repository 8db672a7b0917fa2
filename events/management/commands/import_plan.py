"""`manage.py import_plan FILE [--tenant SLUG] [--dry-run]`: loads a plan; the second run changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from events.directory.searching import fold
from events.plans.importing import completed, import_plan
from events.plans.loading import NotReadable
from events.plans.models import Plan
from events.plans.results import ImportResult
from events.plans.written.formats import MOST_BYTES, Written, of_file
from events.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Loads a plan from a YAML, CSV, XLSX, DOCX or text file, all or nothing. The second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--tenant", metavar="SLUG", help="whose plan it is; needed when the owner's name does not tell"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        parser.add_argument("--plan", metavar="KEY", help="into which plan, when the file does not say")
        parser.add_argument("--title", default="", help="title of a new plan, when the file does not say")
        parser.add_argument("--reason", default="", help="why titles of an adopted plan are corrected")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):  # commands speak English, as the rest of the command line does
            self._import(options["file"], options)

    def _import(self, file: Path, options: dict[str, Any]) -> None:
        written = _written(file)
        tenant = _tenant(options["tenant"], written.data)
        plan = _plan(tenant, options["plan"])
        data = completed(written.data, owner=tenant.name, title=options["title"], plan=plan)
        dry_run = options["dry_run"]
        result = import_plan(data, tenant=tenant, dry_run=dry_run, reason=options["reason"])
        for line in written.unread:
            self.stdout.write(f"? line {line.line}, not understood: {line.text}")
        if result.errors:
            raise CommandError("\n".join(f"{file}: {error}" for error in result.errors))
        self._report(result, dry_run)

    def _report(self, result: ImportResult, dry_run: bool) -> None:
        for sign, lines in (("+", result.created), ("~", result.changed), ("=", result.kept)):
            for line in lines:
                self.stdout.write(f"{sign} {line}")
        self.stdout.write(
            f"{len(result.created)} new, {len(result.changed)} changed, {result.unchanged} unchanged"
        )
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")


def _written(file: Path) -> Written:
    try:
        with file.open("rb") as source:
            return of_file(file.name, source.read(MOST_BYTES + 1))
    except (OSError, NotReadable) as error:
        raise CommandError(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _plan(tenant: Tenant, key: str | None) -> Plan | None:
    if not key:
        return None
    plans = {plan.key: plan for plan in Plan.objects.of(tenant).select_related("owner")}
    if key not in plans:
        raise CommandError(f"There is no plan {key!r}. There are: {', '.join(plans) or 'none yet'}.")
    return plans[key]


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

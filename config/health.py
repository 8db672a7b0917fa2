"""Alive and ready, for whoever watches the service. No login, no cookies, nothing about anybody."""

import datetime as dt
import logging
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.tenancy.guards import open_page
from invites.post import outbox

log = logging.getLogger(__name__)
MAIL_MAY_WAIT = dt.timedelta(minutes=15)


@open_page("says nothing about anybody")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponseBase:
    """200 as long as the process answers; touches neither database nor files."""
    return JsonResponse({"alive": True})


@open_page("says nothing about anybody")
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponseBase:
    """200 when the database answers, is migrated, and no due mail is older than 15 minutes; else 503."""
    try:
        found = _readiness()
    except DatabaseError:
        log.exception("readyz: the database does not answer")
        found = {"ready": False, "database": False}
    return JsonResponse(found, status=200 if found["ready"] else 503)


def _readiness() -> dict[str, Any]:
    if not _is_migrated():
        return {"ready": False, "database": True, "migrated": False}
    age = outbox.oldest_due_age() or dt.timedelta(0)
    return {
        "ready": age <= MAIL_MAY_WAIT,
        "database": True,
        "migrated": True,
        "oldest_due_mail_seconds": round(age.total_seconds()),
    }


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())

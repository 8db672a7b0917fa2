"""The version that says to calendars whether anything they show has changed."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from events.gatherings.models import ScheduleVersion


def schedule_changed(tenant_id: int) -> None:
    """Counts one more change to what the tenant's calendars show. Call it inside the change's transaction.

    One statement, and it locks the tenant's version row until commit; the first change of a tenant makes the row.
    """
    if _count_up(tenant_id):
        return
    try:
        with transaction.atomic():
            ScheduleVersion.objects.create(tenant_id=tenant_id, version=1)
    except IntegrityError:  # another request made the row just now
        _count_up(tenant_id)


def _count_up(tenant_id: int) -> int:
    version = ScheduleVersion.objects.filter(tenant_id=tenant_id)
    return version.update(version=F("version") + 1, changed_at=timezone.now())

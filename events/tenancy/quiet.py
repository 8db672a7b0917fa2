"""Quiet hours: mails that can wait are not sent at night or at weekends, on the tenant's own clock."""

import datetime as dt
from zoneinfo import ZoneInfo

from events.tenancy.models import Tenant

SATURDAY = 5


def is_quiet(moment: dt.datetime, tenant: Tenant) -> bool:
    """Whether `moment` (aware) falls into the tenant's quiet hours. Equal hours mean that no hour is quiet."""
    local = moment.astimezone(ZoneInfo(tenant.time_zone))
    if tenant.quiet_weekends and local.weekday() >= SATURDAY:
        return True
    time, start, end = local.time(), tenant.quiet_from, tenant.quiet_until
    return start <= time < end if start <= end else time >= start or time < end


def earliest(moment: dt.datetime, tenant: Tenant) -> dt.datetime:
    """`moment` itself when it is not quiet, else the end of the quiet hours (UTC). A second call changes nothing."""
    if not is_quiet(moment, tenant):
        return moment
    zone = ZoneInfo(tenant.time_zone)
    day = moment.astimezone(zone).date()
    for ahead in range(9):
        begins = dt.datetime.combine(day + dt.timedelta(days=ahead), tenant.quiet_until, zone).astimezone(
            dt.UTC
        )
        if begins >= moment and not is_quiet(begins, tenant):
            return begins
    return moment

"""The calendar pages of staff: a month, and an agenda by day."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.calendar.months import entries, showing
from events.calendar.months.forms import AgendaForm
from events.gatherings.models import Event, EventQuerySet
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.SEE_EVENTS)
@require_safe
def event_month(request: StaffRequest) -> HttpResponse:
    """The month of `?m=2026-10`, or this month; 400 with this month for one that means nothing."""

    def look_up(first: dt.date, last: dt.date) -> entries.Stretch:
        return _stretch(request, Event.objects.of(request.tenant), first, last)

    facts = showing.month(request.GET.get("m", ""), showing.today_at(request.tenant), look_up)
    return render(request, "calendar/months/month.html", facts, status=400 if facts["is_wrong"] else 200)


@staff_page(Permission.SEE_EVENTS)
@require_safe
def event_agenda(request: StaffRequest) -> HttpResponse:
    """Four weeks from a day on. A filter that means nothing is said at its field, and no list shown: 400."""
    form = AgendaForm(request.GET, membership=request.membership)
    facts: dict[str, Any] = {"form": form}
    if form.is_valid():
        today = showing.today_at(request.tenant)
        first, last = showing.period(form.begins(today))
        facts |= showing.agenda(_stretch(request, form.events(), first, last), today)
    status = 200 if form.is_valid() else 400
    return render(request, "calendar/months/agenda.html", facts, status=status)


def _stretch(request: StaffRequest, events: EventQuerySet, first: dt.date, last: dt.date) -> entries.Stretch:
    tenant = request.tenant
    return entries.for_staff(events, first, last, tenant=tenant.slug, reader_zone=tenant.time_zone)

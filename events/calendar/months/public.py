"""The month of one tenant that anybody may open: listed events, whitelisted fields only (rule 10)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from events.calendar.months import entries, showing
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, prefetch_for_seen
from events.languages import other_languages, wished
from events.tenancy.guards import open_page, publicly
from events.tenancy.models import Tenant


@open_page("listed events of one tenant, public fields only")
@require_safe
def public_month(request: HttpRequest, tenant: str) -> HttpResponse:
    """As the one of staff, in any of the ten languages, with no word about who reads it: the same for everybody.

    Asked for anew each time, so that a locked event is gone at once (ADR 0027).
    """
    owner = get_object_or_404(Tenant, slug=tenant)
    listed = prefetch_for_seen(Event.objects.of(owner).listed(), Audience.PUBLIC)

    def look_up(first: dt.date, last: dt.date) -> entries.Stretch:
        return entries.for_public(listed, first, last, reader_zone=owner.time_zone)

    language = wished(request.GET, request.headers)
    with translation.override(language):
        facts = showing.month(request.GET.get("m", ""), showing.today_at(owner), look_up)
        facts |= {"arranged_by": owner.name, "slug": owner.slug, "languages": other_languages()}
        status = 400 if facts["is_wrong"] else 200
        response = render(request, "calendar/months/public_month.html", facts, status=status)
    response["Content-Language"] = language
    return publicly(request, response)

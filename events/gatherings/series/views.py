"""The pages of a series: made out of a draft, seen as a list, let go on, published, changed as a whole."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events.gatherings import overview
from events.gatherings.forms import Entry
from events.gatherings.models import Event
from events.gatherings.refusals import ChangedMeanwhile, NotAllowed, NotPublishable
from events.gatherings.series import services, showing, wording
from events.gatherings.series.forms import ExtendForm, RepeatForm
from events.gatherings.series.models import Series
from events.gatherings.series.peers import unchanged_after
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

ON_A_PAGE = 50
ASK = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.SEE_EVENTS)
@require_safe
def series_detail(request: StaffRequest, pk: int) -> HttpResponse:
    series = _series(request, pk)
    events = Event.objects.of(request.tenant).filter(series=series).order_by("recurrence_at")
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "series": series,
        "words": wording.rule_words(series.rule),
        "page_obj": page,
        "drafts": events.filter(state=Event.State.DRAFT).count(),
    }
    return render(request, "gatherings/series/detail.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_repeat(request: StaffRequest, pk: int) -> HttpResponse:
    """GET shows the dates that the rule gives, POST makes them."""
    event = _event(request, pk)
    if event.series_id:
        return _to_series(request, event.series_id)
    can = event.state == Event.State.DRAFT and event.starts_at is not None
    form = RepeatForm(_sent(request), event=event) if can else None
    if request.method == "POST" and form and form.is_valid():
        try:
            series = services.make(event, by=request.user, rule=form.rule)
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The series is made. Its meetings are drafts that nobody else sees."))
            return _to_series(request, series.pk)
    facts = {"event": event, "form": form, "coming": _coming(form) if form else []}
    return render(request, "gatherings/series/repeat.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def series_extend(request: StaffRequest, pk: int) -> HttpResponse:
    """GET shows what a later end adds, POST adds it."""
    series = _series(request, pk)
    known = series.occurrences.count()
    form = ExtendForm(_sent(request), series=series)
    if request.method == "POST" and form.is_valid():
        ends = {name: form.cleaned_data[name] or None for name in ("until", "count")}
        try:
            added = services.extend(series, by=request.user, **ends)
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            said = ngettext("%(n)s draft was added.", "%(n)s drafts were added.", added) % {"n": added}
            messages.success(request, said)
            return _to_series(request, pk)
    facts = {"series": series, "form": form, "coming": _coming(form, after=known), "known": known}
    return render(request, "gatherings/series/extend.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def series_publish(request: StaffRequest, pk: int) -> HttpResponse:
    series = _series(request, pk)
    drafts = series.occurrences.filter(state=Event.State.DRAFT).order_by("recurrence_at")
    if request.method == "POST":
        done = services.publish_all(series, by=request.user)
        said = ngettext("%(n)s meeting is published.", "%(n)s meetings are published.", done.number)
        messages.success(request, said % {"n": done.number})
        for event, reason in done.refused:
            messages.warning(request, f"{wording.day_of(event)}: {reason}")
        return _to_series(request, pk)
    return render(request, "gatherings/series/publish.html", {"series": series, "drafts": drafts})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def event_edit_all(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    if not event.series_id or not overview.can_change(event):
        return redirect("event-detail", tenant=request.tenant.slug, pk=pk)
    data = request.POST if request.method == "POST" else None
    entry = Entry(data, tenant=request.tenant, by=request.user, event=event)
    if data is not None and entry.is_valid() and _change(request, event, entry):
        return _to_series(request, event.series_id)
    event = _event(request, pk) if data else event
    peers = unchanged_after(event)
    return render(
        request, "gatherings/form.html", {"entry": entry, "event": event, "peers": peers, "all": True}
    )


def _change(request: StaffRequest, event: Event, entry: Entry) -> bool:
    """Saves all, or shows why none."""
    try:
        number = services.change_all(
            event, by=request.user, version=entry.facts.seen_version(), **entry.given()
        )
    except ChangedMeanwhile as refused:
        entry.facts.add_error(None, str(refused))
        entry.carry_version(_event(request, event.pk).changed_at)
    except NotPublishable as refused:
        entry.refuse(refused.errors)
    except NotAllowed as refused:
        entry.facts.add_error(None, str(refused))
    else:
        said = ngettext("%(n)s meeting is changed.", "%(n)s meetings are changed.", number) % {"n": number}
        messages.success(request, said)
        return True
    return False


def _event(request: StaffRequest, pk: int) -> Event:
    return get_object_or_404(Event.objects.of(request.tenant).select_related("tenant", "format"), pk=pk)


def _series(request: StaffRequest, pk: int) -> Series:
    return get_object_or_404(Series.objects.of(request.tenant), pk=pk)


def _sent(request: StaffRequest) -> object:
    """What was filled in: sent to be done, or, with the address, to be shown."""
    return request.POST if request.method == "POST" else request.GET or None


def _coming(form: RepeatForm | ExtendForm, *, after: int = 0) -> list[showing.Coming]:
    if not form.is_bound or not form.is_valid():
        return []
    return showing.preview(form.rule, form.times, after=after)


def _to_series(request: StaffRequest, pk: int) -> HttpResponse:
    return redirect("series-detail", tenant=request.tenant.slug, pk=pk)

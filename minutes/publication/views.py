"""Reading minutes: the page, a version with its hash, the PDF."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from minutes.approval.models import MinutesVersion
from minutes.publication.pdf import render as render_pdf
from minutes.publication.rendition import latest_version, rendition
from minutes.records.models import Minutes
from minutes.records.sheet import sheet, with_html


@staff_page(Permission.SEE_MINUTES)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The minutes of an event as this reader may see them, or what stands in their place."""
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    minutes = _visible(request).filter(event=event).first()
    if minutes is None:
        return render(request, "publication/none.html", {"event": event})
    version = latest_version(minutes)
    return render(request, "publication/detail.html", _page(request, minutes, version))


@staff_page(Permission.SEE_MINUTES)
@require_safe
def show_version(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    version = _version(request, pk, number)
    return render(request, "publication/version.html", _page(request, version.minutes, version))


@staff_page(Permission.SEE_MINUTES)
@require_safe
def show_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The latest version, or the draft for those who may see drafts."""
    minutes = get_object_or_404(_visible(request), event_id=pk)
    return _pdf(request, minutes, latest_version(minutes))


@staff_page(Permission.SEE_MINUTES)
@require_safe
def show_version_pdf(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    version = _version(request, pk, number)
    return _pdf(request, version.minutes, version)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def show_canonical(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """The frozen text itself, so that anybody who has it can check the hash."""
    version = _version(request, pk, number)
    response = HttpResponse(version.canonical, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="referat-{pk}-v{number}.json"'
    return response


def _visible(request: StaffRequest) -> QuerySet[Minutes]:
    rows = Minutes.objects.of(request.tenant).visible_to(request.membership)
    return rows.select_related("event__format", "author", "tenant")


def _version(request: StaffRequest, pk: int, number: int) -> MinutesVersion:
    versions = MinutesVersion.objects.of(request.tenant).select_related("minutes__event")
    return get_object_or_404(versions, minutes__event_id=pk, number=number)


def _page(request: StaffRequest, minutes: Minutes, version: MinutesVersion | None) -> dict[str, object]:
    document = rendition(minutes, version, to=request.membership)
    words = sheet(document, language=request.LANGUAGE_CODE or "", sha256=version.sha256 if version else "")
    versions = MinutesVersion.objects.of(request.tenant).filter(minutes=minutes).defer("canonical")
    return {
        "minutes": minutes,
        "event": minutes.event,
        "version": version,
        "versions": versions,
        "sheet": with_html(words),
    }


def _pdf(request: StaffRequest, minutes: Minutes, version: MinutesVersion | None) -> HttpResponse:
    document = rendition(minutes, version, to=request.membership)
    pdf = render_pdf(document, document["event"]["language"], sha256=version.sha256 if version else "")
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"referat-{minutes.event_id}" + (f"-v{version.number}" if version else "-utkast")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response

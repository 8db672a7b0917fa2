"""Pages of possible duplicates: the list, "not the same", and merging two into one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.merging import fields, following, hints, services, words
from events.directory.merging.beside import pairs
from events.directory.merging.forms import FindForm, MergeForm, PairForm
from events.directory.merging.models import Merger, Row, Subject
from events.directory.services import NameTaken
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

PAIRS = 25  # a page
FOUND = 20  # rows to choose the other one from


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def duplicates(request: StaffRequest) -> HttpResponse:
    """Contacts that look alike, or organisations with ?what=organisation."""
    people, bodies = hints.of_contacts(request.tenant), hints.of_organisations(request.tenant)
    subject = Subject.ORGANISATION if request.GET.get("what") == "organisation" else Subject.CONTACT
    found = bodies if subject == Subject.ORGANISATION else people
    page = Paginator(list(found.items()), PAIRS).get_page(request.GET.get("page"))
    facts = {
        "subject": subject.value,
        "page_obj": page,
        "pairs": pairs(dict(page.object_list), _rows(request, subject), subject),
        "contacts": len(people),
        "organisations": len(bodies),
    }
    return render(request, "merging/list.html", facts)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_POST
def not_same(request: StaffRequest) -> HttpResponse:
    """Remembers that two rows are two. A second click changes nothing."""
    form = PairForm(request.POST)
    if not form.is_valid() or form.cleaned_data["one"] == form.cleaned_data["other"]:
        return redirect("directory-duplicates", tenant=request.tenant.slug)
    said = form.cleaned_data
    subject = Subject(said["subject"])
    one, other = (get_object_or_404(_rows(request, subject), pk=said[each]) for each in ("one", "other"))
    services.tell_apart(one, other, by=request.user)
    messages.success(request, _("Noted: these are not the same. They are not suggested again."))
    address = reverse("directory-duplicates", kwargs={"tenant": request.tenant.slug})
    return redirect(f"{address}?what={subject.value}")


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def contact_choose(request: StaffRequest, pk: int) -> HttpResponse:
    return _choose(request, Subject.CONTACT, pk)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_safe
def organisation_choose(request: StaffRequest, pk: int) -> HttpResponse:
    return _choose(request, Subject.ORGANISATION, pk)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    return _merge(request, Subject.CONTACT, pk, other)


@staff_page(Permission.MANAGE_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_merge(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    return _merge(request, Subject.ORGANISATION, pk, other)


def _choose(request: StaffRequest, subject: Subject, pk: int) -> HttpResponse:
    """Which other one it is, by words of its name; nothing is listed before something is asked."""
    row, form = get_object_or_404(_rows(request, subject), pk=pk), FindForm(request.GET)
    found = _rows(request, subject).matching(form.words()).exclude(pk=pk) if form.words() else ()  # type: ignore[attr-defined]
    facts = {"subject": subject.value, "row": row, "form": form, "found": found[:FOUND]}
    return render(request, "merging/choose.html", facts)


def _merge(request: StaffRequest, subject: Subject, pk: int, other: int) -> HttpResponse:
    """Asks which facts stay; a POST merges. Whoever comes second is led to the one that stayed."""
    rows = _rows(request, subject)
    kept, gone = rows.filter(pk=pk).first(), rows.filter(pk=other).first()
    if kept is None or gone is None or pk == other:
        return _merged_before(request, subject, pk, other)
    form = MergeForm(request.POST or None, kept=kept, gone=gone)
    if request.method == "POST" and form.is_valid():
        try:
            services.merge(kept=kept, gone=gone, facts=form.facts(), by=request.user)
        except services.AlreadyMerged:
            return _merged_before(request, subject, pk, other)
        except NameTaken:
            form.add_error(None, _("A third entry has this name already. Choose another name or address."))
        except following.NotMergeable:
            form.add_error(None, _("Something was added to one of the two just now. Please try once more."))
        else:
            messages.success(request, _("The two are one now. What the other one held stands below."))
            return redirect(f"{subject.value}-detail", tenant=request.tenant.slug, pk=pk)
    return render(request, "merging/merge.html", _facts(form, subject, kept, gone))


def _facts(form: MergeForm, subject: Subject, kept: Row, gone: Row) -> dict[str, Any]:
    return {
        "form": form,
        "subject": subject.value,
        "kept": kept,
        "gone": gone,
        "same": fields.same(kept, gone),
        "moves": words.counted(following.counts(gone)),
    }


def _merged_before(request: StaffRequest, subject: Subject, pk: int, other: int) -> HttpResponse:
    """To the kept one when these two were merged, either way round; else there is no such page."""
    known = Merger.objects.of(request.tenant).filter(
        subject=subject, kept_id__in=(pk, other), gone_id__in=(pk, other)
    )
    merger = known.first()
    if merger is None or not _rows(request, subject).filter(pk=merger.kept_id).exists():
        raise Http404
    messages.info(request, _("These two were merged already."))
    return redirect(f"{subject.value}-detail", tenant=request.tenant.slug, pk=merger.kept_id)


def _rows(request: StaffRequest, subject: Subject) -> "QuerySet[Any]":
    return fields.rows_of(subject, request.tenant)

"""The organiser's pages about an event's own questions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.gatherings.models import Event
from events.gatherings.overview import can_change
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission
from invites.answers.questions import editing, results, services, showing
from invites.answers.questions.forms import QuestionForm
from invites.answers.questions.models import Question, QuestionState

ASK = require_http_methods(["GET", "HEAD", "POST"])


@staff_page(Permission.SEE_GUESTS)
@require_safe
def question_list(request: StaffRequest, pk: int) -> HttpResponse:
    """What invitees are asked beyond their answer: needs, and the event's own questions."""
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    return render(request, "answers/questions/list.html", showing.facts(event))


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def question_add(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    if not can_change(event):
        return _too_late(request, event)
    form = _form(request, event, initial=showing.proposed(event))
    if request.method == "POST" and form.is_valid():
        editing.add(event, by=request.user, publish=form.publishing, **form.cleaned_data)
        return _saved(request, event, published=form.publishing)
    return render(request, "answers/questions/form.html", {"event": event, "form": form})


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def question_edit(request: StaffRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    event, published = question.event, question.state == QuestionState.PUBLISHED
    if not can_change(event) or question.state == QuestionState.CLOSED:
        return _too_late(request, event)
    form = _form(request, event, initial=showing.written(question), published=published)
    if request.method == "POST" and form.is_valid():
        try:
            editing.change(question, by=request.user, publish=form.publishing, **form.cleaned_data)
        except editing.Settled:
            return _too_late(request, event)
        return _saved(request, event, published=form.publishing)
    facts = {"event": event, "form": form, "question": question, "published": published}
    return render(request, "answers/questions/form.html", facts)


@staff_page(Permission.MANAGE_EVENTS)
@require_POST
def question_move(request: StaffRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    editing.move(question, up=request.POST.get("to") == "up")
    return _back(request, question.event)


@staff_page(Permission.MANAGE_EVENTS)
@require_POST
def question_close(request: StaffRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    try:
        editing.close(question, by=request.user)
    except editing.Settled:
        return _too_late(request, question.event)
    messages.success(request, _("The question is closed. Its answers stay until the day they are deleted."))
    return _back(request, question.event)


@staff_page(Permission.MANAGE_EVENTS)
@ASK
def question_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first, and says how many answers go along."""
    question = _question(request, pk)
    if request.method == "POST":
        editing.remove(question, by=request.user)
        messages.success(request, _("The question is removed."))
        return _back(request, question.event)
    facts = {"event": question.event, "question": question, "answered": question.answers.count()}
    return render(request, "answers/questions/remove.html", facts)


@staff_page(Permission.SEE_GUESTS)
@require_safe
def question_results(request: StaffRequest, pk: int) -> HttpResponse:
    """Totals without names, of those who come."""
    event = get_object_or_404(Event.objects.of(request.tenant), pk=pk)
    facts = {"event": event, "results": results.results(event)}
    return render(request, "answers/questions/results.html", facts)


@staff_page(Permission.SEE_GUESTS)
@ASK
def question_answers(request: StaffRequest, pk: int) -> HttpResponse:
    """Who answered what. Of a special category only for whoever may see needs, and on a POST, which is logged."""
    question = _question(request, pk)
    if question.is_special and not request.membership.may(Permission.SEE_NEEDS):
        raise PermissionDenied(Permission.SEE_NEEDS)
    asks = question.is_special and request.method != "POST"
    facts: dict[str, Any] = {"event": question.event, "question": question, "asks": asks}
    facts["people"] = () if asks else services.read(question, by=request.user)
    return render(request, "answers/questions/answers.html", facts)


def _question(request: StaffRequest, pk: int) -> Question:
    rows = Question.objects.of(request.tenant).select_related("event")
    found: Question = get_object_or_404(rows, pk=pk)
    return found


def _form(
    request: StaffRequest, event: Event, *, initial: dict[str, Any], published: bool = False
) -> QuestionForm:
    """To be published when the button said so; what is published stays so."""
    data = request.POST if request.method == "POST" else None
    publishing = published or "publish" in request.POST
    return QuestionForm(data, event=event, publishing=publishing, initial=initial)


def _saved(request: StaffRequest, event: Event, *, published: bool) -> HttpResponse:
    text = _("The question is published.") if published else _("The question is saved as a draft.")
    messages.success(request, text)
    return _back(request, event)


def _too_late(request: StaffRequest, event: Event) -> HttpResponse:
    messages.error(request, _("This question cannot be changed any more."))
    return _back(request, event)


def _back(request: StaffRequest, event: Event) -> HttpResponse:
    return redirect("question-list", tenant=request.tenant.slug, pk=event.pk)

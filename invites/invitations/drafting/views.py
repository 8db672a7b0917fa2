"""The pages on which a round is written: the mail before it is sent, its notes, its files, the tenant's own words."""

from typing import Any

from csp.constants import SELF
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.directory.models import Contact
from events.filetypes import NotAccepted
from events.gatherings.models import Event
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.models import InviteeLanguage
from events.tenancy.permissions import Permission
from invites.invitations import wording
from invites.invitations.choosing import Draft
from invites.invitations.drafting import rounds, services
from invites.invitations.drafting.examples import shown_as
from invites.invitations.drafting.forms import EnclosureForm, NoteForm, WordsForm
from invites.invitations.drafting.models import Enclosure, MailKind
from invites.invitations.drafting.notes import Notes, joined
from invites.invitations.services import invitable
from invites.invitations.waves.forms import WhenForm
from invites.post.framing import framed

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


# --- The mail before it is sent -----------------------------------------------------------------------------------
@staff_page(Permission.INVITE)
@READ_OR_WRITE
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The mail as each recipient gets it. A POST keeps the notes first, then goes where the button points."""
    event = _event(request, pk)
    round_ = rounds.of(request, event)
    if round_ is None or not invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    if request.method != "POST":
        return page(request, round_, None, request.GET.get("contact", ""))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page(request, round_, form, request.POST.get("reader", ""))
    round_.notes.take(form)
    Draft(request.session, event).keep_when(request.POST)
    reader = round_.reader(str(form.cleaned_data["reader"]))
    if request.POST.get("do") == "test":
        _send_trial(request, round_, reader)
    return redirect(f"{request.path}?contact={_goal(request, round_, reader)}")


@staff_page(Permission.INVITE)
@require_safe
def preview_mail(request: StaffRequest, pk: int, contact: int) -> HttpResponse:
    """The mail's HTML for the frame in the preview. Its links lead nowhere; nothing is stored."""
    event = _event(request, pk)
    people = Contact.objects.of(request.tenant).reachable().select_related("organisation")
    reader = get_object_or_404(people, pk=contact)
    if not invitable(event):
        return redirect("invitation-choose", tenant=request.tenant.slug, pk=event.pk)
    round_ = rounds.of(request, event) or rounds.Round(event, [reader], Notes(request.session, event))
    return framed(round_.letter(reader).html)


def page(
    request: StaffRequest,
    round_: rounds.Round,
    form: NoteForm | None,
    wanted: str,
    *,
    when: WhenForm | None = None,
) -> HttpResponse:
    """The preview of the round, with what was typed in `form` and `when` where that could not be kept."""
    reader = round_.reader(wanted)
    typed = {
        "greeting": round_.notes.greeting,
        "note": round_.notes.to_one.get(reader.pk, ""),
        "reader": reader.pk,
    }
    form = form or NoteForm(initial=typed)
    when = when or WhenForm.as_typed(Draft(request.session, round_.event).when, event=round_.event)
    facts = rounds.facts(round_, reader) | {"form": form, "when_form": when, "forms": [when]}
    response = render(request, "invitations/preview.html", facts)
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # as csp.decorators.csp_update does
    return response


def _send_trial(request: StaffRequest, round_: rounds.Round, reader: Contact) -> None:
    notes = round_.notes
    note = joined(notes.to_one.get(reader.pk, ""), notes.greeting)
    quota = round_.quotas.get(reader.pk, 0)
    try:
        services.send_trial(round_.event, by=request.user, contact=reader, note=note, quota=quota)
    except services.TooManyTrials:
        messages.error(request, _("You have sent many tests in the last hour. Wait a little."))
        return
    messages.success(
        request,
        _("A test is on its way to %(address)s. Its links lead nowhere, and nothing is put in your calendar.")
        % {"address": request.user.email},
    )


def _goal(request: StaffRequest, round_: rounds.Round, reader: Contact) -> int:
    """Whose mail is shown next."""
    _number, before, after = round_.place_of(reader)
    do = request.POST.get("do")
    if do == "show":
        return round_.reader(request.POST.get("contact", "")).pk
    return {"previous": before, "next": after}.get(do or "") or reader.pk


# --- Files that go along --------------------------------------------------------------------------------------------
@staff_page(Permission.INVITE)
@READ_OR_WRITE
def enclosures(request: StaffRequest, pk: int) -> HttpResponse:
    """The event's files, and the form that adds one."""
    event = _event(request, pk)
    posted = request.method == "POST"
    form = EnclosureForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid() and _added(request, event, form):
        return redirect("invitation-enclosures", tenant=request.tenant.slug, pk=event.pk)
    files = list(Enclosure.objects.of(request.tenant).filter(event=event))
    facts = {"event": event, "form": form, "enclosures": files, "total": sum(file.size for file in files)}
    return render(request, "invitations/enclosures.html", facts)


@staff_page(Permission.INVITE)
@require_safe
def enclosure_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as a download, never shown by the browser itself."""
    enclosure = get_object_or_404(Enclosure.objects.of(request.tenant), pk=pk)
    try:
        with enclosure.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type=enclosure.content_type)
    except OSError as error:
        raise Http404 from error
    response["Content-Disposition"] = content_disposition_header(True, enclosure.name) or "attachment"
    return response


@staff_page(Permission.INVITE)
@require_POST
def enclosure_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Removes the file, or says whether it goes along. A second click finds it done."""
    rows = Enclosure.objects.of(request.tenant).select_related("event")
    enclosure = get_object_or_404(rows, pk=pk)
    do = request.POST.get("do")
    if do == "remove" and services.remove_enclosure(enclosure, by=request.user):
        messages.success(request, _("The file is removed."))
    elif do in ("along", "aside"):
        services.send_along(enclosure, along=do == "along")
    return redirect("invitation-enclosures", tenant=request.tenant.slug, pk=enclosure.event_id)


def _added(request: StaffRequest, event: Event, form: EnclosureForm) -> bool:
    """Whether the file was taken; otherwise the reason stands beside the field."""
    upload = form.cleaned_data["file"]
    content = upload.read(services.LARGEST + 1)
    try:
        services.add_enclosure(
            event,
            by=request.user,
            name=upload.name,
            content=content,
            with_invitation=form.cleaned_data["along"],
        )
    except NotAccepted as error:
        form.add_error("file", str(error))
        return False
    messages.success(request, _("The file is added."))
    return True


# --- The tenant's own words -----------------------------------------------------------------------------------------
@staff_page(Permission.MANAGE_TENANT)
@require_safe
def wording_list(request: StaffRequest) -> HttpResponse:
    """Every kind of mail in every language, and whether the words are the tenant's own."""
    return render(request, "invitations/wordings.html", {"kinds": wording.overview(request.tenant)})


@staff_page(Permission.MANAGE_TENANT)
@READ_OR_WRITE
def wording_edit(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """The words of one mail. `do=look` shows what was typed in an example, and saves nothing."""
    if kind not in MailKind.values or language not in InviteeLanguage.values:
        raise Http404
    now = wording.words_for(request.tenant, kind, language)
    form = WordsForm(request.POST or None, kind=kind, initial={"subject": now.subject, "body": now.body})
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "look":
            services.write_words(
                request.tenant, by=request.user, kind=kind, language=language, **form.cleaned_data
            )
            messages.success(request, _("The text is saved. Mails that are not sent yet get it."))
            return redirect(_words_address(request, kind, language))
        now = form.wording()
    return render(request, "invitations/wording.html", _words_facts(request, form, now, kind, language))


@staff_page(Permission.MANAGE_TENANT)
@require_POST
def wording_reset(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    if kind not in MailKind.values or language not in InviteeLanguage.values:
        raise Http404
    if services.reset_words(request.tenant, by=request.user, kind=kind, language=language):
        messages.success(request, _("The built-in text is back."))
    return redirect(_words_address(request, kind, language))


def _words_address(request: StaffRequest, kind: str, language: str) -> str:
    at = {"tenant": request.tenant.slug, "kind": kind, "language": language}
    return reverse("wording-edit", kwargs=at)


def _words_facts(
    request: StaffRequest, form: WordsForm, now: wording.Wording, kind: str, language: str
) -> dict[str, Any]:
    return {
        "form": form,
        "kind": MailKind(kind),
        "words_language": InviteeLanguage(language),
        "own": now.own,
        "built_in": wording.built_in(kind, language),
        "placeholders": wording.explained(kind),
        "example": shown_as(request.tenant, now, language),
    }


def _event(request: StaffRequest, pk: int) -> Event:
    events = Event.objects.of(request.tenant).select_related("tenant")
    return get_object_or_404(events, pk=pk)

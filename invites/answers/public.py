"""The invitee's pages: the whole anonymous surface of invitations. No account, no JavaScript, no cookie.

GET and HEAD never write an answer (rule 1): link scanners and previews open every link of a mail. Only that a browser
showed the page is noted, once (ADR 16).

CSRF: exempt, on purpose. The token in the address is the only key; nothing the browser adds by itself (no session, no
cookie) is trusted, so a forged post needs the token, and who has the token needs no forgery. Django's check would ask
for a cookie and an Origin, which in-app browsers of mail clients drop ("Origin: null"), and an honest answer be lost.
"""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from events.calendar import render as ical
from events.gatherings.models import Event
from events.gatherings.visibility import place_opens_at, seen
from events.languages import InviteeLanguage, wished
from events.prepared import Prepared
from events.tenancy.guards import open_page, private, token_page
from events.tokens import digest
from invites.answers import limits, opening, services, showing
from invites.answers.choices import ONLINE, YES, said_before
from invites.answers.forms import AnswerForm, CodeForm, written
from invites.answers.models import AnswerSource
from invites.answers.people import named
from invites.answers.requests.services import TooMany, ask_late
from invites.invitations.lettering.codes import hashes
from invites.invitations.models import Invitation, InvitationQuerySet
from invites.invitations.notices import audience_of

# What taking an answer reads; the page with its hundred columns costs three times as much to look up.
TO_ANSWER = (
    "tenant__slug",
    "language",
    "reply",
    "replied_at",
    "party",
    "mode",
    "said_at",
    "said_sequence",
    "offered_until",
    "seat_group",
    "quota",
    "for_organisation",
    "revoked_at",
    "told_more",
    "stands_in_for",
    "contact__email",
    "event__title",
    "event__state",
    "event__sequence",
    "event__starts_at",
    "event__answer_by",
    "event__time_sequence",
    "event__answers_from_sequence",
    "event__locked_at",
    "event__asks_needs",
    "event__asks_questions",
    "event__capacity",
    "event__seats_taken",
    "event__somebody_waits",
    "event__per_organisation",
    "event__waitlist",
    "event__companions",
    "event__online_url",
    "event__venue",
    "event__room",
    "event__address",
)
READ_OR_ANSWER = require_http_methods(["GET", "HEAD", "POST"])


@token_page
@csrf_exempt
@gzip_page  # safe from guessing by length (BREACH): who can ask for this page knows its secret already
@READ_OR_ANSWER
def rsvp(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation, and the form to answer it."""
    answering = request.method == "POST"
    invitation = _to_answer(token) if answering else _invitation(token)
    if invitation is None:
        return unknown_link(request)
    language = _language(request, invitation)
    with translation.override(language):
        response = _take(request, token, invitation) if answering else _show(request, invitation)
    response["Content-Language"] = language
    return response


@token_page
@require_safe
def rsvp_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The event as a file for the invitee's own calendar, with as much of the place as the answer opens."""
    invitation = _invitation(token)
    if invitation is None or invitation.event.starts_at is None:
        return unknown_link(request)
    event = invitation.event
    with translation.override(_language(request, invitation)):
        shown = seen(event, audience_of(invitation))
        body = ical.vevent(
            shown,
            dtstamp=_stamp(invitation),
            last_modified=_stamp(invitation),
            url=request.build_absolute_uri(reverse("rsvp", args=[token])),
        )
    response = HttpResponse(
        ical.calendar([body], zones=ical.zones_of(shown)), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="event.ics"'
    return response


def _stamp(invitation: Invitation) -> dt.datetime:
    """When what the file tells last changed, so that a calendar that has an older one takes this."""
    event, now = invitation.event, timezone.now()
    opened = place_opens_at(event)
    moments = (event.changed_at, invitation.replied_at, opened if opened and opened <= now else None)
    return max(moment for moment in moments if moment)


@open_page(
    "one field for the short code of a letter; what it opens is the invitee's own page, tries are counted"
)
@csrf_exempt
@READ_OR_ANSWER
def code(request: HttpRequest) -> HttpResponse:
    """Where an invitee types the code of a letter; the right one leads to the page that its link opens."""
    language = wished(request.GET, request.headers)
    with translation.override(language):
        response = private(_typed(request) if request.method == "POST" else _code_page(request, CodeForm()))
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def unknown_link(request: HttpRequest) -> HttpResponse:
    """One page for a wrong, an expired and a revoked link, byte for byte the same, so that none can be told apart; in
    the language of the browser, for it is nobody's.
    """
    language = wished(request.GET, request.headers)
    with translation.override(language):
        response = render(request, "answers/unknown_link.html", status=404)
    response["Content-Language"] = language
    return response


def _typed(request: HttpRequest) -> HttpResponse:
    """One look-up whatever was typed. A wrong, an expired and a revoked code get one answer, byte for byte the same."""
    form = CodeForm(request.POST)
    form.is_valid()
    if wait := limits.take(request):
        response = render(request, "answers/too_many.html", {"minutes": -(-wait // 60)}, status=429)
        response["Retry-After"] = str(wait)
        return response
    links = Invitation.objects.across_tenants("the code names its own row").known()
    known = links.filter(code_hash__in=hashes(form.cleaned_data.get("code", "")))
    invitation = known.exclude(event__state=Event.State.DRAFT).order_by().first()
    try:
        token = invitation.token if invitation else ""
    except LookupError:  # the link was made with a key that is gone
        token = ""
    if not token:
        return _code_page(request, CodeForm.refused(), status=404)
    limits.give_back(request)
    chosen = request.GET.get("lang", "")
    language = f"?lang={chosen}" if chosen in InviteeLanguage.values else ""
    return redirect(reverse("rsvp", args=[token]) + language)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "answers/code.html", {"form": form, "languages": showing.other_languages()}, status=status
    )


def _invitation(token: str) -> Invitation | None:
    """The invitation with all that its page shows."""
    return _link(digest(token)).select_related("event__tenant", "tenant", "contact__organisation").first()


def _to_answer(token: str) -> Invitation | None:
    """The invitation with no more than an answer needs; anything else is read when it is asked for."""
    found: Invitation | None = _ANSWERED.first(token_hash=digest(token), now=timezone.now())
    return found


def _link(token_hash: Any, now: Any = None) -> InvitationQuerySet:
    """One look-up by hash, whatever the token: the time it takes tells nothing."""
    links = Invitation.objects.across_tenants("the link names its own row").open(now)
    return links.filter(token_hash=token_hash).exclude(event__state=Event.State.DRAFT).order_by()


def _language(request: HttpRequest, invitation: Invitation) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in InviteeLanguage.values else invitation.language


def _show(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method == "GET":
        opening.note(invitation, request.headers)
    standing, before = showing.standing(invitation), said_before(invitation)
    asked = request.GET.get("answer") or before
    if asked == YES and before == ONLINE:  # the mail's button says yes, not which
        asked = ONLINE
    initial = {"answer": asked, "comment": standing.comment if standing else ""}
    form = AnswerForm(invitation=invitation, initial=initial | written(named(invitation)))
    return _page(request, invitation, form)


def _take(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    """Takes a valid answer and goes back to the page; one that was refused is told why (409), nothing typed lost."""
    form = AnswerForm(request.POST, invitation=invitation)
    if not form.is_valid():
        return _again(request, token, form, status=200)
    if not _taken(invitation, form):
        return _again(request, token, form, status=409)
    language = f"?lang={translation.get_language()}" if "lang" in request.GET else ""
    return HttpResponseRedirect(
        request.path + language
    )  # `redirect` would first look for a page of that name


def _taken(invitation: Invitation, form: AnswerForm) -> bool:
    """Takes the answer; False when it was refused. Who of an organisation finds no seat stands in the form.

    After the deadline it becomes a request, once the page has said so: who opened it earlier reads that first.
    """
    said = form.cleaned_data
    what: dict[str, Any] = {"reply": said["answer"], "comment": said["comment"], "mode": said["mode"]}
    what["people"] = form.people()
    how: dict[str, Any] = {"source": AnswerSource.WEB, "to_sequence": said["sequence"]}
    try:
        if showing.closed_to(invitation) == "late":
            if "ask" not in form.data:
                return False
            ask_late(invitation, **what)
        else:
            services.answer(invitation, **what, **how, extras=form.extras())
    except (services.Refused, TooMany) as refused:
        _explain(form, refused)
        return False
    return True


def _explain(form: AnswerForm, refused: Exception) -> None:
    """Why an answer was not taken, where the page does not say it by itself."""
    if isinstance(refused, services.Full) and refused.room and form.people():
        form.too_many(refused.room)
    elif isinstance(refused, TooMany):
        form.add_error(None, _("You have asked as many times as one may. Get in touch with the organiser."))
    elif isinstance(refused, services.Moved):
        form.add_error(
            None, _("Time or place is new since you opened this page. Look at it, and answer again.")
        )


def _again(request: HttpRequest, token: str, form: AnswerForm, *, status: int) -> HttpResponse:
    invitation = _invitation(token)
    return _page(request, invitation, form, status=status) if invitation else unknown_link(request)


def _page(
    request: HttpRequest, invitation: Invitation, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "answers/rsvp.html", showing.facts(invitation, form), status=status)


_ANSWERED = Prepared(
    lambda token_hash, now: (
        _link(token_hash, now).select_related("tenant", "event", "contact").only(*TO_ANSWER)[:1]
    )
)

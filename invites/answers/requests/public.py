"""The invitee's page for sending somebody else. GET changes nothing; one POST names, another takes it back.

CSRF: exempt for the reason in answers/public.py: the token in the address is the only key, nothing a browser adds by
itself is trusted, and an honest post from a mail client's browser ("Origin: null") must not be lost.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.gatherings.models import Event
from events.gatherings.visibility import SeenEvent, seen
from events.languages import other_languages
from events.tenancy.guards import token_page
from events.tenancy.models import InviteeLanguage
from events.tokens import digest
from invites.answers.public import unknown_link
from invites.answers.requests import rules, services, showing
from invites.answers.requests.forms import SubstituteForm
from invites.answers.showing import masked
from invites.invitations import words
from invites.invitations.models import Invitation
from invites.invitations.notices import audience_of


@token_page
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def substitute(request: HttpRequest, token: str) -> HttpResponse:
    """Names somebody to come instead, and shows what became of it."""
    invitation = _invitation(token)
    if invitation is None:
        return unknown_link(request)
    asked = request.GET.get("lang", "")
    language = asked if asked in InviteeLanguage.values else invitation.language
    with translation.override(language):
        response = _post(request, invitation) if request.method == "POST" else _page(request, invitation)
    response["Content-Language"] = language
    return response


def _invitation(token: str) -> Invitation | None:
    links = Invitation.objects.across_tenants("the link names its own row").open()
    found = links.filter(token_hash=digest(token)).exclude(event__state=Event.State.DRAFT).order_by()
    return found.select_related("event__tenant", "tenant", "contact__organisation").first()


def _post(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.POST.get("take_back"):
        if waits := showing.named(invitation):
            services.take_back(waits)
        return redirect(request.get_full_path())
    form = SubstituteForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form)
    if _named(invitation, form):
        return redirect(request.get_full_path())
    return _page(request, invitation, form, status=409)


def _named(invitation: Invitation, form: SubstituteForm) -> bool:
    """Names the person; False when that was refused, which then stands in the form."""
    try:
        services.ask_substitute(invitation, person=form.person(), comment=form.cleaned_data["comment"])
    except services.NotThisPerson:
        form.not_this_person()
    except services.TooMany:
        form.add_error(None, _("You have named as many people as one may. Ask the organiser."))
    except services.NotAllowed:
        form.add_error(None, _("Nobody else can be named here now. Ask the organiser."))
    else:
        return True
    return False


def _page(
    request: HttpRequest, invitation: Invitation, form: SubstituteForm | None = None, *, status: int = 200
) -> HttpResponse:
    event, tenant, shown = invitation.event, invitation.event.tenant, _seen(invitation)
    standing = showing.facts(invitation)
    facts = standing | {
        "seen": shown,
        "when": words.when(shown, reader_zone=tenant.time_zone),
        "host": tenant.name,
        "name": masked(invitation.contact.name),
        "form": form or SubstituteForm(initial={"language": invitation.language}),
        "open": rules.may_name(invitation) and not standing["instead"],
        "named": showing.named(invitation),
        "approved": event.substitutes == "approve" or event.answers_closed,
        "languages": other_languages(),
        "link": f"/rsvp/{invitation.token}/",
        "questions_to": shown.contact_email or tenant.contact_email,
        "questions_phone": shown.contact_phone or tenant.contact_phone,
    }
    return render(request, "answers/substitute.html", facts, status=status)


def _seen(invitation: Invitation) -> SeenEvent:
    return seen(invitation.event, audience_of(invitation))

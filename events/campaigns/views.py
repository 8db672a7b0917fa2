"""Pages of the coordinator: campaigns, who takes part, and the board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.campaigns import services
from events.campaigns.board import board
from events.campaigns.forms import AskForm, CampaignForm, first
from events.campaigns.models import Campaign, Participation
from events.campaigns.refusals import NotNow
from events.campaigns.states import ParticipationState
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

ASK = require_http_methods(["GET", "HEAD", "POST"])
WHO = "the coordinator sees who takes part in its campaign, and what they learned"


@staff_page(Permission.SEE_CAMPAIGNS)
@require_safe
def campaign_list(request: StaffRequest) -> HttpResponse:
    asked = (
        Participation.objects.of(request.tenant).filter(name="").exclude(state=ParticipationState.WITHDRAWN)
    )
    facts = {
        "campaigns": Campaign.objects.of(request.tenant),
        "participations": asked.select_related("campaign__tenant").order_by("-asked_at", "-pk"),
    }
    return render(request, "campaigns/list.html", facts)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_create(request: StaffRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, initial=first(None, request.tenant, request.user))
    if request.method == "POST" and form.is_valid():
        facts = {
            "facts": form.facts(),
            "items": form.cleaned_data["template"],
            "uid": form.cleaned_data["uid"],
        }
        campaign = services.start(tenant=request.tenant, by=request.user, **facts)
        messages.success(request, _("The campaign is saved as a draft. Nobody else sees it yet."))
        return _to(request, campaign)
    return render(request, "campaigns/form.html", {"form": form})


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_edit(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    form = CampaignForm(request.POST or None, initial=first(campaign, request.tenant, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            facts, items = form.facts(), form.cleaned_data["template"]
            services.change(campaign, by=request.user, facts=facts, items=items)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The changes are saved."))
            return _to(request, campaign)
    return render(request, "campaigns/form.html", {"form": form, "campaign": _campaign(request, pk)})


@staff_page(Permission.SEE_CAMPAIGNS)
@require_safe
def campaign_detail(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    rows = Participation.objects.across_tenants(WHO).filter(campaign=campaign).select_related("tenant")
    participations = list(rows.exclude(state=ParticipationState.WITHDRAWN))
    facts = {
        "campaign": campaign,
        "items": campaign.items.all(),
        "participations": participations,
        "learned": [row for row in participations if row.noted_at],
    }
    return render(request, "campaigns/detail.html", facts)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@require_POST
def campaign_open(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    if services.open_campaign(campaign, by=request.user):
        messages.success(request, _("The campaign is open. Now ask others to take part."))
    return _to(request, campaign)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first: a closed campaign stays closed."""
    campaign = _campaign(request, pk)
    if request.method == "POST":
        if services.close(campaign, by=request.user):
            messages.success(request, _("The campaign is closed."))
        return _to(request, campaign)
    return render(request, "campaigns/close.html", {"campaign": campaign})


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_ask(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    form = AskForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask(campaign, by=request.user, tenants=form.cleaned_data["tenants"])
            asked += services.list_names(campaign, by=request.user, names=form.cleaned_data["names"])
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            n = len(asked)
            messages.success(request, ngettext("%(n)s is added.", "%(n)s are added.", n) % {"n": n})
            return _to(request, campaign)
    return render(request, "campaigns/ask.html", {"form": form, "campaign": campaign})


@staff_page(Permission.MANAGE_CAMPAIGNS)
@require_POST
def campaign_withdraw(request: StaffRequest, pk: int, participant: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    rows = Participation.objects.across_tenants(WHO).filter(campaign=campaign).select_related("tenant")
    row = get_object_or_404(rows, pk=participant)
    if services.withdraw(campaign, row, by=request.user):
        messages.success(request, _("“%(name)s” is taken out.") % {"name": row})
    return _to(request, campaign)


@staff_page(Permission.SEE_CAMPAIGNS)
@require_safe
def campaign_board(request: StaffRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    return render(request, "campaigns/board.html", {"campaign": campaign, "board": board(campaign)})


def _campaign(request: StaffRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.of(request.tenant).select_related("tenant"), pk=pk)


def _to(request: StaffRequest, campaign: Campaign) -> HttpResponse:
    return redirect("campaign-detail", tenant=request.tenant.slug, pk=campaign.pk)

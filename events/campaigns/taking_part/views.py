"""Pages of a tenant that was asked to take part in a campaign, or of the coordinator for those it listed by name."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.campaigns.models import CampaignEvent, Participation
from events.campaigns.refusals import AlreadyJoined, AlreadyLinked, NotNow
from events.campaigns.states import ParticipationState
from events.campaigns.taking_part import services
from events.campaigns.taking_part.forms import TOLD, LearnForm, LinkForm, ToldForm
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission

ASK = require_http_methods(["GET", "HEAD", "POST"])
OTHERS = "who takes part in a campaign knows who else does"


@staff_page(Permission.SEE_CAMPAIGNS)
@require_safe
def campaign_joined(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    others = Participation.objects.across_tenants(OTHERS).taking_part().filter(campaign=row.campaign)
    facts = {
        "participation": row,
        "campaign": row.campaign,
        "items": row.campaign.items.all(),
        "links": row.links.select_related("event__format"),
        "others": others.exclude(pk=row.pk).select_related("tenant"),
    }
    return render(request, "campaigns/joined.html", facts)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@require_POST
def campaign_join(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    try:
        services.join(row, by=request.user)
    except (AlreadyJoined, NotNow) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You take part. Now link your first meeting."))
    return _to(request, row)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@require_POST
def campaign_decline(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    if services.decline(row, by=request.user):
        messages.success(request, _("The coordinator sees that you do not take part."))
    return _to(request, row)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_leave(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    if request.method == "POST":
        if services.leave(row, by=request.user):
            messages.success(
                request, _("You have left the campaign. The others no longer see your meetings.")
            )
        return _to(request, row)
    return render(request, "campaigns/leave.html", {"participation": row, "campaign": row.campaign})


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_link(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    form = LinkForm(request.POST if request.method == "POST" else None, participation=row)
    if request.method == "POST" and form.is_valid():
        try:
            link = _link(request, row, form)
        except (AlreadyLinked, NotNow) as refused:
            form.add_error("event", str(refused))
        else:
            messages.success(request, _("“%(title)s” is in the campaign.") % {"title": link.event.title})
            return _to(request, row)
    facts = {"form": form, "participation": row, "campaign": row.campaign}
    return render(request, "campaigns/link_form.html", facts)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_link_edit(request: StaffRequest, pk: int) -> HttpResponse:
    link = _own_link(request, pk)
    start = {name: getattr(link, name) for name in TOLD}
    form = ToldForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        services.change_link(link, by=request.user, told=form.told())
        messages.success(request, _("The changes are saved."))
        return _to(request, link.participation)
    facts = {"form": form, "link": link, "participation": link.participation}
    return render(request, "campaigns/link_form.html", facts | {"campaign": link.participation.campaign})


@staff_page(Permission.MANAGE_CAMPAIGNS)
@require_POST
def campaign_unlink(request: StaffRequest, pk: int) -> HttpResponse:
    link = _own_link(request, pk)
    services.unlink(link, by=request.user)
    messages.success(request, _("“%(title)s” is no longer in the campaign.") % {"title": link.event.title})
    return _to(request, link.participation)


@staff_page(Permission.MANAGE_CAMPAIGNS)
@ASK
def campaign_learn(request: StaffRequest, pk: int) -> HttpResponse:
    row = _participation(request, pk)
    data = request.POST if request.method == "POST" else None
    form = LearnForm(data, initial={"worked": row.worked, "change": row.change})
    if request.method == "POST" and form.is_valid():
        try:
            services.learn(row, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. The coordinator can read it."))
            return _to(request, row)
    facts = {"form": form, "participation": row, "campaign": row.campaign}
    return render(request, "campaigns/learn.html", facts)


def _participation(request: StaffRequest, pk: int) -> Participation:
    rows = Participation.objects.of(request.tenant).exclude(state=ParticipationState.WITHDRAWN)
    return get_object_or_404(rows.select_related("campaign__tenant", "tenant"), pk=pk)


def _own_link(request: StaffRequest, pk: int) -> CampaignEvent:
    rows = CampaignEvent.objects.of(request.tenant)
    return get_object_or_404(rows.select_related("event", "participation__campaign__tenant"), pk=pk)


def _link(request: StaffRequest, row: Participation, form: LinkForm) -> CampaignEvent:
    asked, told = form.cleaned_data, form.told()
    if asked["event"]:
        return services.link(row, asked["event"], by=request.user, told=told)
    uid = uuid.uuid5(asked["uid"] or uuid.uuid4(), asked["title"])
    return services.link_new(row, by=request.user, facts={"title": asked["title"]}, told=told, uid=uid)


def _to(request: StaffRequest, row: Participation) -> HttpResponse:
    return redirect("campaign-joined", tenant=request.tenant.slug, pk=row.pk)

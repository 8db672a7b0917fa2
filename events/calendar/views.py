"""Pages where a member of staff makes, renews and revokes feeds."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events.calendar import files, services, serving, sharing
from events.calendar.forms import FeedForm, NonceForm
from events.calendar.models import Feed, FeedQuerySet
from events.tenancy.guards import StaffRequest, staff_page
from events.tenancy.permissions import Permission


@staff_page(Permission.SEE_EVENTS)
@require_safe
def feed_list(request: StaffRequest) -> HttpResponseBase:
    return _list(request, _form(request))


@staff_page(Permission.SEE_EVENTS)
@require_POST
def feed_create(request: StaffRequest) -> HttpResponseBase:
    """Shows the address at once instead of redirecting: it is in no table, so no later page could."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _list(request, form)
    asked, held_by = form.cleaned_data, form.cleaned_data.get("held_by", "")
    facts = {"name": asked["name"], "nonce": asked["nonce"], "selected": form.selected(), "held_by": held_by}
    try:
        feed, token = services.create(membership=request.membership, **facts)
    except services.NameTaken:
        form.add_error(
            "name",
            _("You already have a feed with this name. Choose another, or give that one a new address."),
        )
        return _list(request, form)
    return _shown_once(request, feed, token)


@staff_page(Permission.SEE_EVENTS)
@require_POST
def feed_renew(request: StaffRequest, pk: int) -> HttpResponseBase:
    feed, form = get_object_or_404(_within_reach(request).alive(), pk=pk), NonceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The address was not changed. Try once more."))
        return redirect("feed-list", tenant=request.tenant.slug)
    return _shown_once(
        request, feed, services.renew(feed, by=request.membership, nonce=form.cleaned_data["nonce"])
    )


@staff_page(Permission.SEE_EVENTS)
@require_POST
def feed_revoke(request: StaffRequest, pk: int) -> HttpResponseBase:
    feed = get_object_or_404(_within_reach(request), pk=pk)
    services.revoke(feed, by=request.membership)
    messages.success(request, _("“%(name)s” no longer works.") % {"name": feed.name})
    return redirect("feed-list", tenant=request.tenant.slug)


@staff_page(Permission.SEE_EVENTS)
@require_safe
def event_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    language = request.user.language or request.tenant.language
    return serving.one(request, files.for_staff(request.tenant, pk, language=language))


def _may_share(request: StaffRequest) -> bool:
    return request.membership.may(Permission.MANAGE_EVENTS)


def _form(request: StaffRequest, data: Any = None) -> FeedForm:
    return FeedForm(data, tenant=request.tenant, may_share=_may_share(request))


def _within_reach(request: StaffRequest) -> FeedQuerySet:
    """The member's own feeds, and the shared ones for who may share."""
    feeds = Feed.objects.of(request.tenant).of_member(request.membership, with_shared=_may_share(request))
    return feeds.select_related("organisation", "campaign", "measure")


def _list(request: StaffRequest, form: FeedForm) -> HttpResponse:
    feeds = list(_within_reach(request).alive().with_leavers())
    shown: dict[str, Any] = {"form": form, "clients": sharing.CLIENTS}
    shown["feeds"] = [feed for feed in feeds if feed.membership_id]
    shown["shared"] = [feed for feed in feeds if not feed.membership_id]
    shown["public_address"] = services.public_address(request.tenant.slug)
    return render(request, "calendar/feed_list.html", shown | {"nonce": NonceForm()["nonce"].initial})


def _shown_once(request: StaffRequest, feed: Feed, token: str) -> HttpResponse:
    address = services.secret_address(token)
    shown = {"feed": feed, "address": address, "qr": sharing.qr(address), "clients": sharing.CLIENTS}
    return render(request, "calendar/feed_address.html", shown)

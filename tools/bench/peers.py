"""The ordinary way: what a competent Django developer writes who has an afternoon."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django_ical.views import ICalFeed

from events.gatherings.models import Event
from events.tokens import digest
from invites.answers.forms import AnswerForm
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail


class DjangoIcal(ICalFeed):  # type: ignore[misc]
    """The public feed with django-ical: the same events and the same properties, written anew at each request."""

    product_id = "-//bench//django-ical//EN"
    title = "Sandefjord kommune"
    timezone = "Europe/Oslo"

    def get_object(self, request: HttpRequest, tenant: str) -> str:
        return tenant

    def items(self, tenant: str) -> Any:
        events = Event.objects.across_tenants("one tenant, by its slug").in_calendar()
        return events.filter(tenant__slug=tenant, is_public=True).order_by("starts_at")

    def item_guid(self, event: Event) -> str:
        return f"{event.uid}@127.0.0.1"

    def item_title(self, event: Event) -> str:
        return event.title

    def item_description(self, event: Event) -> str:
        return event.purpose

    def item_location(self, event: Event) -> str:
        return event.city

    def item_categories(self, event: Event) -> list[str]:
        return [str(event.get_kind_display())]

    def item_link(self, event: Event) -> str:
        return f"/event/{event.pk}/"

    def item_start_datetime(self, event: Event) -> dt.datetime | None:
        return event.starts_local

    def item_end_datetime(self, event: Event) -> dt.datetime | None:
        return event.ends_local

    def item_updateddate(self, event: Event) -> dt.datetime:
        return event.changed_at


@csrf_exempt
def plain_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The same checks as ours, with a lock on the event and a count of the seats, as the tutorials teach it."""
    with transaction.atomic():
        invitation = _open_invitation(token)
        form = AnswerForm(request.POST, invitation=invitation)
        if not form.is_valid():
            return HttpResponse(status=400)
        event = Event.objects.of(invitation.tenant_id).select_for_update().get(pk=invitation.event_id)
        said = form.cleaned_data["answer"]
        if event.answers_closed or (said == "accepted" and _is_full(event, invitation)):
            return HttpResponse(status=409)
        invitation.reply, invitation.replied_at = said, timezone.now()
        invitation.save()
        event.seats_taken = event.invitations.filter(reply="accepted").count()
        event.save()
        answer = Answer.objects.create(
            tenant=invitation.tenant,
            invitation=invitation,
            reply=said,
            comment=form.cleaned_data["comment"],
            source="web",
            answered_at=invitation.replied_at,
            event_sequence=event.sequence,
        )
        OutgoingMail.objects.create(
            tenant=invitation.tenant,
            kind="receipt",
            subject_id=answer.pk,
            to_address=invitation.contact.email,
        )
    return redirect(request.path)


def _open_invitation(token: str) -> Invitation:
    invitations = Invitation.objects.across_tenants("the token is the key").open()
    found = invitations.select_related("event", "contact", "tenant").filter(token_hash=digest(token)).first()
    if found is None:
        raise Http404
    return found


def _is_full(event: Event, invitation: Invitation) -> bool:
    others = event.invitations.filter(reply="accepted").exclude(pk=invitation.pk)
    return event.capacity is not None and others.count() >= event.capacity

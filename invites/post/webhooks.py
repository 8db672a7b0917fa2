"""Where the mail provider tells what became of our mails (CONTRACT: /hooks/sendgrid/events/)."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.http import require_POST

from events.tenancy.guards import hook
from invites.post import delivery, sendgrid_events
from invites.post.provider_models import DeliveryEvent, EventSource

log = logging.getLogger(__name__)
LARGEST = 5 * 1024 * 1024  # SendGrid sends at most 768 kB at a time
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@hook
@require_POST
def sendgrid_events_hook(request: HttpRequest) -> HttpResponse:
    """Keeps the events, then brings the mails in step. 2xx once the events are kept; a repetition changes nothing."""
    if not settings.SENDGRID_EVENT_PUBLIC_KEY:
        raise Http404
    try:
        body = _body(request)
        if not _is_genuine(request, body):
            return HttpResponse(status=403)
        reported, others = sendgrid_events.read(body, timezone.now())
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (sendgrid_events.Unreadable, UnreadablePostError):
        return HttpResponse(status=400)
    except sendgrid_events.UnusableKey:
        log.error("SENDGRID_EVENT_PUBLIC_KEY is not a public key, so the provider's events are refused")
        return HttpResponse(status=503)
    _take_in(reported, others)
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and len(length) < 12 and int(length) > LARGEST:
        raise RequestDataTooBig
    return request.body


def _is_genuine(request: HttpRequest, body: bytes) -> bool:
    key = sendgrid_events.public_key(settings.SENDGRID_EVENT_PUBLIC_KEY)
    signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    if not sendgrid_events.is_fresh(timestamp, timezone.now()):
        return False
    return sendgrid_events.is_genuine(key, body, signature=signature, timestamp=timestamp)


def _take_in(reported: list[sendgrid_events.Reported], others: int) -> None:
    rows = [
        DeliveryEvent(
            event_id=one.event_id,
            delivery_id=one.delivery_id,
            what=one.what,
            at=one.at,
            detail=one.detail,
            source=EventSource.SENDGRID,
        )
        for one in reported
    ]
    new, ours = delivery.take_in(rows)
    log.info(
        "events: %d new of %d, about %d deliveries of ours; %d not followed", new, len(rows), ours, others
    )

"""Where the mail provider hands over what came in (CONTRACT: /hooks/sendgrid/inbound/<secret>/)."""

import hmac
import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.http import require_POST

from events.tenancy.guards import hook
from invites.replies import services
from invites.replies.keeping import Envelope
from invites.replies.posted import NoMessage, posted

log = logging.getLogger(__name__)
LARGEST = services.LARGEST + 1024 * 1024  # the message with the form around it


class NothingPosted(Exception):
    """An empty body."""


@hook
@require_POST
def sendgrid_inbound_hook(request: HttpRequest, secret: str) -> HttpResponse:
    """2xx once the message is kept, whatever it is; 503 while it cannot be, so that the provider comes back."""
    wanted = settings.INBOUND_SECRET
    if not wanted or not hmac.compare_digest(secret.encode(), wanted.encode()):
        raise Http404
    try:
        _take_in(_body(request), request.headers.get("Content-Type", ""))
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (UnreadablePostError, NothingPosted):
        return HttpResponse(status=400)
    except (OperationalError, InterfaceError) as error:
        log.error("a message could not be kept: %s", type(error).__name__)
        return HttpResponse(status=503)
    return HttpResponse(status=204)


def _take_in(body: bytes, content_type: str) -> None:
    """What holds no message is kept as it is, unreadable: the provider may be set up in another mode."""
    try:
        said = posted(body, content_type)
    except NoMessage:
        row = services.receive(body, problem="the hook's form holds no message")
    else:
        row = services.receive(said.raw, came_with=Envelope(said.envelope_to, said.dkim, said.spf))
    log.info("a message came in: %s, %s", row.kind, row.state)


def _body(request: HttpRequest) -> bytes:
    """Read from the stream: the limit for forms (6 MB) is not one for mails."""
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length[:12]) > LARGEST:
        raise RequestDataTooBig
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise RequestDataTooBig
    if not body:
        raise NothingPosted
    return body

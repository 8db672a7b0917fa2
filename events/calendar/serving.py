"""A feed over HTTP: 304 when unchanged, kept bytes otherwise, 503 when they cannot be had. Never an empty calendar."""

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from events.calendar import stored
from events.calendar.stored import Kept, OpenedFeed

log = logging.getLogger(__name__)

RETRY_AFTER = 600  # seconds
GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=(?P<q>[\d.]+)\s*)?(?:,|$)", re.IGNORECASE)


def answer(request: HttpRequest, find: Callable[[], OpenedFeed | None]) -> HttpResponse:
    """The response to GET or HEAD. Clients delete what an empty calendar lacks, so a failure says so instead."""
    try:
        feed = find()
        response = _nothing() if feed is None else _respond(request, feed)
    except Exception:
        log.exception("a feed could not be written")
        response = _later()
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def accepts_gzip(request: HttpRequest) -> bool:
    found = GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return found is not None and (found["q"] or "1").strip("0.") != ""


def _respond(request: HttpRequest, feed: OpenedFeed) -> HttpResponse:
    shown = stored.current(feed)
    gzipped = accepts_gzip(request)
    at = int(shown.changed_at.timestamp())
    response = get_conditional_response(request, _etag(shown, gzipped), at)
    if response is None:
        shown, octets = stored.body(feed, shown, gzipped=gzipped)
        response = _full(request, octets, feed, gzipped)
    response["ETag"] = _etag(shown, gzipped)
    response["Last-Modified"] = http_date(shown.changed_at.timestamp())
    response["Cache-Control"] = (
        # Kept, but asked for each time: a locked event is gone at once (ADR 0027).
        f"{'public' if feed.public else 'private'}, no-cache"
    )
    response["Vary"] = "Accept-Encoding"
    return response


def _full(request: HttpRequest, octets: bytes, feed: OpenedFeed, gzipped: bool) -> HttpResponse:
    response = HttpResponse(content_type="text/calendar; charset=utf-8")
    if request.method != "HEAD":
        response.content = octets
    response["Content-Length"] = str(len(octets))
    response["Content-Language"] = feed.language
    response["Content-Disposition"] = f'inline; filename="{feed.file_name}"'
    if gzipped:
        response["Content-Encoding"] = "gzip"
    return response


def _etag(shown: Kept, gzipped: bool) -> str:
    """Strong, so the compressed bytes have one of their own (RFC 9110, section 8.8.1)."""
    return f'"{shown.etag}{"-gz" if gzipped else ""}"'


def _nothing() -> HttpResponse:
    """The same for a token that is wrong, revoked or expired, and for a tenant that does not exist."""
    return _plain("There is no calendar at this address.", 404)


def _later() -> HttpResponse:
    response = _plain("The calendar cannot be had just now.", 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _plain(words: str, status: int) -> HttpResponse:
    response = HttpResponse(words + "\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response

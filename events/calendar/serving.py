"""A feed, or the file of one event, over HTTP: 304 when unchanged, kept bytes otherwise, 503 when they cannot be had.

Never an empty calendar.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from events.calendar import limits, stored
from events.calendar.files import EventFile
from events.calendar.stored import Kept, OpenedFeed

log = logging.getLogger(__name__)

RETRY_AFTER = 600  # seconds
SUFFIXES = {"": "", "gzip": "-gz", "br": "-br"}


def answer(request: HttpRequest, find: Callable[[], OpenedFeed | None], *, token: str = "") -> HttpResponse:
    """The response to GET or HEAD. Clients delete what an empty calendar lacks, so a failure says so instead.

    `token` is that of a secret feed, whose requests are counted. A public feed is everybody's, and costs no more.
    """
    try:
        response = _too_often() if token and limits.passed(token) else _found(request, find())
    except Exception:
        log.exception("a feed could not be written")
        response = _later()
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def one(request: HttpRequest, found: EventFile | None) -> HttpResponse:
    """The response for the file of one event: 404 when there is none, 304 when the asker has it."""
    if found is None:
        response = nothing()
    else:
        at = int(found.kept.changed_at.timestamp())
        whole = _saved(request, found)
        response = get_conditional_response(request, _etag(found.kept, ""), at, whole) or whole
        response["ETag"] = _etag(found.kept, "")
        response["Last-Modified"] = http_date(found.kept.changed_at.timestamp())
        response["Cache-Control"] = "public, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@lru_cache(maxsize=256)
def encoding(accepted: str) -> str:
    """The best of "br", "gzip" and "" (not compressed) for an Accept-Encoding header (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, _sign, weight = item.replace(" ", "").partition(";q=")
        weights[name.removeprefix("x-")] = float(weight) if weight.replace(".", "", 1).isdigit() else 1.0
    usual = weights.get("*", 0.0)
    ours = {name: weights.get(name, usual) for name in ("br", "gzip")}
    best = max(ours, key=lambda name: ours[name])
    return best if ours[best] > 0 else ""


def _found(request: HttpRequest, feed: OpenedFeed | None) -> HttpResponse:
    return nothing() if feed is None else _respond(request, feed)


def _respond(request: HttpRequest, feed: OpenedFeed) -> HttpResponse:
    shown = stored.current(feed)
    packed = encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    at = int(shown.changed_at.timestamp())
    response = get_conditional_response(request, _etag(shown, packed), at)
    if response is None:
        shown, octets = stored.body(feed, shown, packed)
        response = _full(request, octets, feed, packed)
    response["ETag"] = _etag(shown, packed)
    response["Last-Modified"] = http_date(shown.changed_at.timestamp())
    response["Cache-Control"] = (
        # Kept, but asked for each time: a locked event is gone at once (ADR 0027).
        f"{'public' if feed.public else 'private'}, no-cache"
    )
    response["Vary"] = "Accept-Encoding"
    return response


def _full(request: HttpRequest, octets: bytes, feed: OpenedFeed, packed: str) -> HttpResponse:
    response = HttpResponse(content_type=feed.media_type)
    if request.method != "HEAD":
        response.content = octets
    response["Content-Length"] = str(len(octets))
    response["Content-Language"] = feed.language
    response["Content-Disposition"] = f'inline; filename="{feed.file_name}"'
    if packed:
        response["Content-Encoding"] = packed
    return response


def _saved(request: HttpRequest, found: EventFile) -> HttpResponse:
    response = HttpResponse(content_type=stored.ICALENDAR)
    if request.method != "HEAD":
        response.content = found.octets
    response["Content-Length"] = str(len(found.octets))
    response["Content-Language"] = found.language
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


def _etag(shown: Kept, packed: str) -> str:
    """Strong, so the compressed bytes have one of their own (RFC 9110, section 8.8.1)."""
    return f'"{shown.etag}{SUFFIXES[packed]}"'


def nothing() -> HttpResponse:
    """The same for a token that is wrong, revoked or expired, and for a tenant that does not exist."""
    return _plain("There is no calendar at this address.", 404)


def misasked(complaint: str) -> HttpResponse:
    """400 for an address whose question means nothing, said in words. Never a calendar with less in it than asked."""
    response = _plain(complaint, 400)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _too_often() -> HttpResponse:
    response = _plain("This calendar is asked for too often.", 429)
    response["Retry-After"] = str(limits.WINDOW)
    return response


def _later() -> HttpResponse:
    response = _plain("The calendar cannot be had just now.", 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _plain(words: str, status: int) -> HttpResponse:
    response = HttpResponse(words + "\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response

"""The one page that every link of a locked event answers (the kill switch, ADR 0027).

The rooms that hand out links say here how to find out whether a token leads to a locked event; the guard of all pages
behind a token asks (guards.py).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from events.languages import wished

Finder = Callable[[str], bool]
_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """`finder(token)` is true for a token that would open something, were its event not locked."""
    _finders.append(finder)
    return finder


def is_closed(token: str) -> bool:
    return any(finder(token) for finder in _finders)


def page(request: HttpRequest) -> HttpResponse:
    """Says "closed" and nothing else: no title, no place, no name. Byte for byte the same for every link, in the
    language of the browser.
    """
    language = wished(request.GET, request.headers)
    with translation.override(language):
        response = render(request, "closed.html", status=410)
    response["Content-Language"] = language
    return response

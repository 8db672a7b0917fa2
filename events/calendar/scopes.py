"""Who may open a secret address. Rooms above register openers of their own, such as the invitee's."""

from collections.abc import Callable

from events.calendar.stored import OpenedFeed

# (digest of the token, everything) -> the feed it opens, or None when it opens none or is revoked.
Opener = Callable[[str, bool], OpenedFeed | None]
MOST_REMEMBERED = 10_000

_openers: dict[str, Opener] = {}
_opened_by: dict[str, str] = {}  # whom to ask first, so that a feed of any scope is opened by one statement


def register(name: str, opener: Opener) -> None:
    """Adds a scope; registering a name again replaces it. Called when the apps are loaded."""
    _openers[name] = opener


def open_feed(digest: str, *, everything: bool) -> OpenedFeed | None:
    """The feed that the token with this digest opens in any scope. `everything` lifts the window of months."""
    known = _opened_by.get(digest)
    for name in sorted(_openers, key=lambda each: each != known):
        if feed := _openers[name](digest, everything):
            if len(_opened_by) >= MOST_REMEMBERED:
                _opened_by.clear()
            _opened_by[digest] = name
            return feed
    return None

"""Who may open a secret address. Rooms above register openers of their own, such as the invitee's."""

from collections.abc import Callable

from events.calendar.stored import OpenedFeed

# (digest of the token, everything) -> the feed it opens, or None when it opens none or is revoked.
Opener = Callable[[str, bool], OpenedFeed | None]

_openers: dict[str, Opener] = {}


def register(name: str, opener: Opener) -> None:
    """Adds a scope; registering a name again replaces it. Called when the apps are loaded."""
    _openers[name] = opener


def open_feed(digest: str, *, everything: bool) -> OpenedFeed | None:
    """The feed that the token with this digest opens in any scope. `everything` lifts the window of months."""
    for opener in _openers.values():
        if feed := opener(digest, everything):
            return feed
    return None

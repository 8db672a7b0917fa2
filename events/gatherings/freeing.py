"""Seats that became free. The rooms above say what then happens, so that this one need not know of a waiting list."""

from collections.abc import Callable

from events.gatherings.models import Event

Handler = Callable[[Event], None]
_handlers: list[Handler] = []


def register(handler: Handler) -> Handler:
    """Called in the transaction that freed seats, which holds the event's row. Once, when the app starts."""
    _handlers.append(handler)
    return handler


def seats_freed(event: Event) -> None:
    """To be called when there may be more room than before. The caller has updated the event's row in a transaction."""
    for handler in _handlers:
        handler(event)

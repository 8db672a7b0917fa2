"""Who is newly invited. The rooms above say what then happens, so that this one need not know of a target mix."""

from collections.abc import Callable

from events.gatherings.models import Event

Handler = Callable[[Event], None]
_handlers: list[Handler] = []


def register(handler: Handler) -> Handler:
    """Called in the transaction that invited somebody to the event. Once, when the app starts."""
    _handlers.append(handler)
    return handler


def invited(event: Event) -> None:
    for handler in _handlers:
        handler(event)

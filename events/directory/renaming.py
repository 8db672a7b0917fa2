"""An organisation's name is read elsewhere: in calendars, for one. Rooms above say here what to do when it changes."""

from collections.abc import Callable

from events.directory.models import Organisation

_readers: list[Callable[[Organisation], None]] = []


def register(reader: Callable[[Organisation], None]) -> None:
    """`reader` is called with an organisation in the transaction that gave it another name, or merged another into it.

    Called when the apps are loaded; registering twice is called twice.
    """
    _readers.append(reader)


def renamed(organisation: Organisation) -> None:
    for reader in _readers:
        reader(organisation)

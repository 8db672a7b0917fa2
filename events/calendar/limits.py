"""How often one address may be asked. Counted in this process's memory: a poll that changes nothing costs no more."""

import time

WINDOW = 60  # seconds
MOST = 60  # in a window and a process: Google, Outlook and five devices together ask some ten times an hour

_counts: dict[str, int] = {}
_window = 0


def passed(key: str) -> bool:
    """True once `key` was asked for more than MOST times in this window. Each call counts."""
    global _window
    window = int(time.monotonic() // WINDOW)
    if window != _window:
        _counts.clear()
        _window = window
    _counts[key] = asked = _counts.get(key, 0) + 1
    return asked > MOST

"""Workers for the runs, `python -m tools.chaos.worker STEP NUMBER`.

A named step of a mail's way out: it kills itself (SIGKILL) at the NUMBERth time it comes by there. `hasty 0`: it waits
only moments where ours waits minutes, and ends when nothing is left to send.
"""

import datetime as dt
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

STEPS = ("claimed", "composed", "calling", "called", "settled")


def dying(work: Callable[..., Any], number: int) -> Callable[..., Any]:
    """`work`, and then the end of this process, at the `number`th call."""
    left = [number]

    def done(*args: Any, **kwargs: Any) -> Any:
        result = work(*args, **kwargs)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


def hasty() -> None:
    """Everything as it is, but for the waits: so that a provider's bad day fits into a test."""
    from invites.post import lanes, moves, outbox
    from invites.post.transports import sendgrid

    moves.FIRST_WAIT, moves.LONGEST_WAIT = dt.timedelta(seconds=0.2), dt.timedelta(seconds=1)
    lanes.FIRST_PAUSE, lanes.LONGEST_PAUSE = dt.timedelta(seconds=0.2), dt.timedelta(seconds=1)
    sendgrid.ANSWER_SECONDS = 1
    outbox.wake = lambda recipients: None
    while moves.all_mails().filter(state__in=("queued", "claimed", "calling")).exists():
        outbox.deliver()
        time.sleep(0.1)


def main(step: str, number: int) -> None:
    import django

    django.setup()
    if step == "hasty":
        hasty()
        return
    from invites.post import calling, delivering, moves, outbox
    from invites.post.transports import sendgrid

    place: dict[str, tuple[Any, str]] = {
        "claimed": (moves, "claim"),
        "composed": (delivering, "ready"),
        "calling": (calling, "begin"),
        "called": (sendgrid.SendGridTransport, "send"),
        "settled": (moves, "settle"),
    }
    owner, name = place[step]
    setattr(owner, name, dying(getattr(owner, name), number))
    while outbox.deliver():
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""A worker that kills itself (SIGKILL) at a named step: `python -m tools.chaos.worker STEP NUMBER`.

The steps of one mail's way out, in their order. NUMBER says at which time it comes by there.
"""

import os
import signal
import sys
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


def main(step: str, number: int) -> None:
    import django

    django.setup()
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

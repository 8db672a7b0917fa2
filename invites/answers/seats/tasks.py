"""Jobs of the waiting list."""

from invites.answers.seats import lapsing


def tick() -> int:
    """Each minute: offers that were not answered in time go to the next."""
    return lapsing.tick()

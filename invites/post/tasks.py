"""Jobs: wake-ups only. Each may run twice, or late, without harm (rule 2)."""

from invites.post import delivery, outbox


def deliver() -> int:
    return outbox.deliver()


def sweep() -> int:
    return outbox.sweep() + delivery.catch_up()

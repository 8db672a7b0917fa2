"""Jobs: wake-ups only. Each may run twice, or late, without harm (rule 2). Each leaves a heartbeat."""

from invites.post import delivery, outbox


def deliver() -> int:
    outbox.beat()
    return outbox.deliver()


def sweep() -> int:
    outbox.beat()
    return outbox.sweep() + delivery.catch_up()


def beat() -> None:
    outbox.beat()

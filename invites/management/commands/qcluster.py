"""Starts a worker (CONTRACT, "Commands"). django-q2's own command, which also sees to it that the outbox is swept."""

from typing import Any

from django_q.management.commands import qcluster
from django_q.models import Schedule

SWEEP = "invites.post.tasks.sweep"
CLEAN = "invites.replies.tasks.clean"


class Command(qcluster.Command):  # type: ignore[misc]
    help = "Starts a worker: it delivers the outbox, and sweeps it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        schedule_sweeps()
        super().handle(*args, **options)


def schedule_sweeps() -> None:
    """Makes the schedule rows unless they are there. Two workers starting at once may make two, which does no harm."""
    if not Schedule.objects.filter(func=CLEAN).exists():
        Schedule.objects.create(name="forget old mail", func=CLEAN, schedule_type=Schedule.DAILY, repeats=-1)
    if not Schedule.objects.filter(func=SWEEP).exists():
        Schedule.objects.create(
            name="sweep the outbox", func=SWEEP, schedule_type=Schedule.MINUTES, minutes=1, repeats=-1
        )

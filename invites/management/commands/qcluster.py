"""Starts a worker (CONTRACT, "Commands"). django-q2's own command, which also sees to it that the minute's jobs run."""

from typing import Any

from django_q.management.commands import qcluster
from django_q.models import Schedule

SWEEP = "invites.post.tasks.sweep"
SCHEDULES = (  # (what it is called, the job), each run every minute
    ("sweep the outbox", SWEEP),
    ("send the waves of invitations that are due", "invites.invitations.tasks.tick"),
    ("send the reminders that are due", "invites.invitations.reminders.tasks.tick"),
)


class Command(qcluster.Command):  # type: ignore[misc]
    help = "Starts a worker: it delivers the outbox, sweeps it every minute, and sends what is due."

    def handle(self, *args: Any, **options: Any) -> None:
        schedule_ticks()
        super().handle(*args, **options)


def schedule_ticks() -> None:
    """Makes the schedule rows that are missing. Two workers starting at once may make two, which does no harm."""
    for name, func in SCHEDULES:
        if not Schedule.objects.filter(func=func).exists():
            Schedule.objects.create(
                name=name, func=func, schedule_type=Schedule.MINUTES, minutes=1, repeats=-1
            )

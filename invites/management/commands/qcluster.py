"""Starts a worker (CONTRACT, "Commands"): django-q2's cluster as a child, and a watchdog that keeps it alive."""

import gc
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.management.commands import qcluster
from django_q.models import Schedule

from invites.post import leash
from invites.post.watchdog import Watchdog

SWEEP = "invites.post.tasks.sweep"
MINUTE = {"schedule_type": Schedule.MINUTES, "minutes": 1}
DAY = {"schedule_type": Schedule.DAILY}
SCHEDULES: tuple[tuple[str, str, dict[str, Any]], ...] = (  # what it is called, the job, how often
    ("sweep the outbox", SWEEP, MINUTE),
    ("send the waves of invitations that are due", "invites.invitations.tasks.tick", MINUTE),
    ("send the reminders that are due", "invites.invitations.reminders.tasks.tick", MINUTE),
    ("forget the addresses of last mails", "invites.answers.own.tasks.tick", MINUTE),
    ("hand free seats on", "invites.answers.seats.tasks.tick", MINUTE),
    ("tell the exact place where it opens", "invites.invitations.place.tasks.tick", MINUTE),
    ("remind of action points", "minutes.records.actions.tasks.tick", MINUTE),
    ("forget old mail", "invites.replies.tasks.clean", DAY),
    ("forget calendars of invitees that nobody can read", "invites.answers.feeds.tasks.clean", DAY),
    ("forget needs", "invites.answers.needs.tasks.clean", DAY),
    ("forget answers to questions", "invites.answers.questions.tasks.clean", DAY),
)


class Command(qcluster.Command):  # type: ignore[misc]
    help = "Starts a worker: it delivers the outbox, and is started again should it die. Stops on SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--child", action="store_true", help="The cluster itself, without a watchdog.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options.pop("child"):
            leash.wear()
            gc.freeze()  # what is loaded stays: the collector need not look through it in every worker
            super().handle(*args, **options)
        elif options["run_once"]:
            schedule_ticks()
            super().handle(*args, **options)
        else:
            Watchdog(_child(options["cluster_name"]), prepare=schedule_ticks).run()


def _child(cluster_name: str | None) -> list[str]:
    named = ["--name", cluster_name] if cluster_name else []
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster", "--child", *named]


@transaction.atomic
def schedule_ticks() -> None:
    """Makes the schedule rows that are missing. Two workers starting at once may make two, which does no harm."""
    known = set(Schedule.objects.values_list("func", flat=True))
    missing = [(name, func, often) for name, func, often in SCHEDULES if func not in known]
    Schedule.objects.bulk_create(
        Schedule(name=name, func=func, repeats=-1, **often) for name, func, often in missing
    )

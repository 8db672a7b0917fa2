from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "minutes"

    def ready(self) -> None:
        """The rooms that change things name their audit sentences, also in the worker, which loads no page."""
        from minutes.approval import services as approval  # noqa: F401 - registers itself
        from minutes.progress.indicators import services as indicators  # noqa: F401 - registers itself
        from minutes.progress.milestones import holdings as owners  # noqa: F401 - registers what milestones hold
        from minutes.progress.milestones import services as milestones  # noqa: F401 - registers itself
        from minutes.records import (
            campaigns,  # noqa: F401 - registers whether a meeting is reported
            holdings,  # noqa: F401 - registers what minutes hold about a person
            truth,  # noqa: F401 - registers itself
        )
        from minutes.records import services as records  # noqa: F401 - registers itself
        from minutes.records.actions import mails as reminders  # noqa: F401 - registers itself
        from minutes.records.actions import services as actions  # noqa: F401 - registers itself

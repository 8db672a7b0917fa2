"""`manage.py load_demo`: loads or refreshes the demo data; the second run changes nothing and sends nothing again."""

import logging
from typing import Any

from django.core.management.base import BaseCommand

from config.demo.loading import load_demo


class Command(BaseCommand):
    help = "Loads the demo: two municipalities and a ministry, a plan, meetings past and coming, invitations sent."

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("django-q").setLevel(
            logging.WARNING
        )  # a line for each wake-up would hide the steps
        load_demo(self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

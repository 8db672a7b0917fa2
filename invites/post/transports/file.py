"""One .eml file a message under MAIL_DIR; the mailbox page and the demo read it."""

import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from invites.post.letters import Letter
from invites.post.transports import mime
from invites.post.transports.base import Outcome, accepted, later


class FileTransport:
    name = "file"

    def __init__(self) -> None:
        self.folder: Path = settings.MAIL_DIR

    def prepare(self, letter: Letter) -> bytes:
        return mime.message(letter)

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        """Writes beside the goal and renames, so that a reader never meets half a message."""
        name = f"{timezone.now():%Y%m%dT%H%M%S.%fZ}-{letter.delivery_id}"
        beside, goal = self.folder / f".{name}.part", self.folder / f"{name}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(wire)
            beside.rename(goal)
        except OSError as error:  # full disk, folder not ours
            return later(error.strerror or type(error).__name__)
        return accepted(name)

    def close(self) -> None:
        """Nothing stays open."""

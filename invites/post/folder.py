"""Reads the mails that the `file` transport wrote: the list, one mail, its parts. Pure reading, nothing is kept."""

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f-]{36}")
HEAD_BYTES = 16 * 1024  # more than any header of ours


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    name: str
    at: datetime
    to: str
    subject: str


class NoSuchMail(LookupError):
    pass


def names() -> list[str]:
    """Names of all mails, newest first; [] when none was sent yet."""
    try:
        found = [path.stem for path in Path(settings.MAIL_DIR).glob("*.eml")]
    except FileNotFoundError:
        return []
    return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)


def to_whom(words: str) -> list[str]:
    """Names of the mails whose recipient's name or address holds `words`, letter case aside."""
    wanted = words.casefold()
    return [entry.name for entry in entries(names()) if wanted in entry.to.casefold()]


def entries(chosen: Sequence[str]) -> list[Entry]:
    """A mail that was deleted in the meantime is left out."""
    found = []
    for name in chosen:
        try:
            with _path(name).open("rb") as file:
                head = BytesHeaderParser(policy=email.policy.default).parsebytes(file.read(HEAD_BYTES))
        except FileNotFoundError:
            continue
        found.append(Entry(name, _time(name), str(head["To"] or ""), str(head["Subject"] or "")))
    return found


def raw(name: str) -> bytes:
    """The whole message as it was written. Raises NoSuchMail."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        raise NoSuchMail(name) from None


def mail(name: str) -> EmailMessage:
    message = email.message_from_bytes(raw(name), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the default policy makes no other
    return message


def part(message: EmailMessage, content_type: str) -> str:
    """The text of the first part of a type that is no attachment; "" when there is none."""
    for each in message.walk():
        if each.get_content_type() == content_type and not each.is_attachment():
            return str(each.get_content())
    return ""


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise NoSuchMail(name)
    return Path(settings.MAIL_DIR) / f"{name}.eml"


def _time(name: str) -> datetime:
    return datetime.strptime(name.partition("Z")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)

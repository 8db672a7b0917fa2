"""SendGrid: the one module that knows it. Its package builds the payload; our own kept-alive connection sends it.

The package takes 150 µs a payload, so it builds one of each shape, with marks where the recipient's values go, and
these are filled in (ADR 0009). Exactly "text/calendar; method=REQUEST" is taken as a content type, without charset, as
the last content; the attachment is application/ics (DESIGN, traps).
"""

import base64
import datetime as dt
import json
import re
import secrets
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from sendgrid.helpers.mail import Attachment as SentFile
from sendgrid.helpers.mail import (
    ClickTracking,
    Content,
    CustomArg,
    Email,
    Header,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    To,
    TrackingSettings,
)

from invites.post.letters import Address, Attachment, Letter
from invites.post.problems import Problem
from invites.post.transports import mime
from invites.post.transports.base import Outcome, accepted, later, plain_address, refused, unknown
from invites.post.transports.kept import BROKEN, Answer, KeptConnection, NotSent

PATH = "/v3/mail/send"
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
LONGEST_WAIT = dt.timedelta(hours=6)  # whatever Retry-After says
_MARK = f"mark{secrets.token_hex(8)}"  # no text of a letter is in a shape, so none can look like it
_FILL = re.compile(rf'"{_MARK}([a-z_0-9]+)x(?:@x\.example)?"')
_json = json.JSONEncoder(ensure_ascii=False).encode


class SendGridTransport:
    name = "sendgrid"

    def __init__(self) -> None:
        self.connection = KeptConnection(
            settings.SENDGRID_BASE_URL, connect_seconds=CONNECT_SECONDS, answer_seconds=ANSWER_SECONDS
        )
        self.head = self.connection.head(
            PATH,
            {
                "Authorization": f"Bearer {settings.SENDGRID_API_KEY}",
                "Content-Type": "application/json",
                "User-Agent": "moteplass",
            },
        )

    def prepare(self, letter: Letter) -> bytes:
        return payload(letter)

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        try:
            answer = self.connection.post(self.head, wire)
        except NotSent as error:
            return later(str(error))
        except BROKEN as error:  # time-out or a cut connection after we began to send
            return unknown(type(error).__name__)
        return _outcome(answer)

    def close(self) -> None:
        self.connection.close()


class Shape(NamedTuple):
    """What a payload holds, apart from the values."""

    to_name: bool
    from_name: bool
    reply_to: bool
    reply_name: bool
    headers: tuple[str, ...]
    contents: tuple[str, ...]  # their types
    files: tuple[str, ...]  # their types


def payload(letter: Letter) -> bytes:
    """The request's body, JSON in UTF-8. Raises ValueError for an address that cannot be used."""
    headers = mime.extra_headers(letter)
    contents = [("text/plain", letter.text or " "), ("text/html", letter.html)]
    if letter.calendar:
        method = letter.method if letter.method.isalpha() else "PUBLISH"
        contents.append((f"text/calendar; method={method}", letter.calendar.decode()))
    contents = [(kind, text) for kind, text in contents if text]
    files = _files(letter)
    shape = Shape(
        to_name=bool(mime.one_line(letter.to.name)),
        from_name=bool(mime.one_line(letter.sender.name)),
        reply_to=bool(letter.reply_to),
        reply_name=bool(letter.reply_to and mime.one_line(letter.reply_to.name)),
        headers=tuple(headers),
        contents=tuple([kind for kind, _text in contents]),
        files=tuple([mime.content_type(file) for file, _coded in files]),
    )
    values = {
        "subject": _json(mime.one_line(letter.subject) or "–"),
        "delivery_id": f'"{letter.delivery_id}"',
        **_address("to", letter.to),
        **_address("from", letter.sender),
        **(_address("reply", letter.reply_to) if letter.reply_to else {}),
        **{f"header{at}": _json(value) for at, value in enumerate(headers.values())},
        **{f"content{at}": _json(text) for at, (_kind, text) in enumerate(contents)},
        **{f"name{at}": _json(mime.file_name(file)) for at, (file, _coded) in enumerate(files)},
        **{f"file{at}": f'"{coded}"' for at, (_file, coded) in enumerate(files)},
    }
    parts = list(_frame(shape))
    parts[1::2] = [values[name] for name in parts[1::2]]
    return "".join(parts).encode("utf-8", "replace")


def _address(role: str, address: Address) -> dict[str, str]:
    return {role: _json(plain_address(address.email)), f"{role}_name": _json(mime.one_line(address.name))}


def _files(letter: Letter) -> list[tuple[Attachment, str]]:
    files = [(file, _coded(file)) for file in letter.attachments]
    if letter.calendar:
        invite = Attachment("invite.ics", "application/ics", letter.calendar)
        files.insert(0, (invite, base64.b64encode(letter.calendar).decode()))
    return files


@lru_cache(maxsize=8)
def _coded(file: Attachment) -> str:
    """The same file goes to every recipient of a batch."""
    return base64.b64encode(file.content).decode()


@lru_cache(maxsize=256)
def _frame(shape: Shape) -> tuple[str, ...]:
    """A payload as the package builds it: JSON at even places, names of values at odd ones."""
    mail = Mail(
        from_email=Email(_mark("from") + "@x.example", _mark("from_name") if shape.from_name else None)
    )
    mail.add_to(To(_mark("to") + "@x.example", _mark("to_name") if shape.to_name else None))
    if shape.reply_to:
        mail.reply_to = ReplyTo(
            _mark("reply") + "@x.example", _mark("reply_name") if shape.reply_name else None
        )
    mail.subject = _mark("subject")
    mail.custom_arg = CustomArg("delivery_id", _mark("delivery_id"))
    for at, name in enumerate(shape.headers):
        mail.add_header(Header(name, _mark(f"header{at}")))
    mail.tracking_settings = TrackingSettings(
        click_tracking=ClickTracking(enable=False, enable_text=False),
        open_tracking=OpenTracking(enable=False),
        subscription_tracking=SubscriptionTracking(enable=False),
    )
    for at, kind in enumerate(shape.contents):
        mail.add_content(Content(kind, _mark(f"content{at}")))
    for at, kind in reversed(list(enumerate(shape.files))):  # the package puts each before those it has
        mail.add_attachment(SentFile(_mark(f"file{at}"), _mark(f"name{at}"), kind, "attachment"))
    return tuple(_FILL.split(json.dumps(mail.get(), ensure_ascii=False)))


def _mark(name: str) -> str:
    return f"{_MARK}{name}x"


def _outcome(answer: Answer) -> Outcome:
    if 200 <= answer.status < 300:
        return accepted(answer.headers.get("x-message-id", ""))
    said = f"{answer.status} {_errors(answer)}".strip()
    if answer.status == 429:
        return later(said, Problem.BUSY, wait=_wait(answer))
    if answer.status in (
        401,
        403,
    ):  # our key or our sender: nobody's mail is at fault, so all wait for the operator
        return later(said, Problem.KEY)
    if 400 <= answer.status < 500:
        return refused(said)
    wait = _wait(answer)
    return later(said, wait=wait, pause=answer.status < 500 or wait is not None, strain=True)


def _errors(answer: Answer) -> str:
    """What SendGrid says is wrong: {"errors": [{"message": …}]}. Anything else says nothing."""
    try:
        errors = json.loads(answer.body)["errors"]
        return "; ".join(str(error["message"]) for error in errors)
    except (ValueError, LookupError, TypeError):
        return ""


def _wait(answer: Answer) -> dt.timedelta | None:
    """Retry-After in seconds or as a date (RFC 9110, section 10.2.3); None when it is missing or no such thing."""
    text = answer.headers.get("retry-after", "")
    try:
        wait = (
            dt.timedelta(seconds=int(text))
            if text.strip().isdigit()
            else parsedate_to_datetime(text) - timezone.now()
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, dt.timedelta(0)), LONGEST_WAIT)

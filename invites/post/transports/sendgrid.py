"""SendGrid: the one module that knows it. Its package builds the payload; our own kept-alive connection sends it.

Its client has no time-out and opens a connection per message (DESIGN, traps). Exactly "text/calendar; method=REQUEST"
is taken as a content type, without charset, as the last content; the attachment is application/ics.
"""

import base64
import datetime as dt
import json
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from django.conf import settings
from django.utils import timezone
from sendgrid.helpers.mail import (
    Attachment,
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

from invites.post.letters import Address, Letter
from invites.post.problems import Problem
from invites.post.transports import mime
from invites.post.transports.base import Outcome, accepted, later, plain_address, refused, unknown

PATH = "/v3/mail/send"
CONNECT_SECONDS, ANSWER_SECONDS = 5, 15
LONGEST_WAIT = dt.timedelta(hours=6)  # whatever Retry-After says
BEFORE_SENDING = (  # nothing left this machine
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
    urllib3.exceptions.ProxyError,
)


class SendGridTransport:
    window = 10

    def __init__(self) -> None:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        self.pool = urllib3.connection_from_url(
            settings.SENDGRID_BASE_URL, maxsize=1, timeout=timeout, retries=False
        )
        self.headers = {
            "Authorization": f"Bearer {settings.SENDGRID_API_KEY}",
            "Content-Type": "application/json",
            "User-Agent": "moteplass",
        }

    def prepare(self, letter: Letter) -> bytes:
        return json.dumps(payload(letter), ensure_ascii=False).encode("utf-8", "replace")

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        try:
            answer = self.pool.request("POST", PATH, body=wire, headers=self.headers, redirect=False)
        except BEFORE_SENDING as error:
            return later(type(error).__name__)
        except urllib3.exceptions.HTTPError as error:  # time-out or a cut connection after we began to send
            return unknown(type(error).__name__)
        return _outcome(answer)

    def close(self) -> None:
        self.pool.close()


def payload(letter: Letter) -> dict[str, Any]:
    """The request's body. Raises ValueError for an address that cannot be used."""
    mail = Mail(from_email=_address(Email, letter.sender))
    mail.add_to(_address(To, letter.to))
    if letter.reply_to:
        mail.reply_to = _address(ReplyTo, letter.reply_to)
    mail.subject = mime.one_line(letter.subject) or "–"
    mail.custom_arg = CustomArg("delivery_id", str(letter.delivery_id))
    for name, value in mime.extra_headers(letter).items():
        mail.add_header(Header(name, value))
    mail.tracking_settings = TrackingSettings(
        click_tracking=ClickTracking(enable=False, enable_text=False),
        open_tracking=OpenTracking(enable=False),
        subscription_tracking=SubscriptionTracking(enable=False),
    )
    texts = [("text/plain", letter.text or " "), ("text/html", letter.html)]
    if letter.calendar:
        texts.append((f"text/calendar; method={letter.method}", letter.calendar.decode()))
        coded = base64.b64encode(letter.calendar).decode()
        mail.add_attachment(Attachment(coded, "invite.ics", "application/ics", "attachment"))
    texts = [(kind, text) for kind, text in texts if text]
    for kind, _text in texts:
        mail.add_content(Content(kind, "-"))
    built: dict[str, Any] = mail.get()
    # Filled in afterwards: the helper refuses a text that begins like one of SendGrid's keys.
    for content, (_kind, text) in zip(built["content"], texts, strict=True):
        content["value"] = text
    return built


def _address(kind: type[Email], address: Address) -> Email:
    return kind(plain_address(address.email), mime.one_line(address.name) or None)


def _outcome(answer: urllib3.BaseHTTPResponse) -> Outcome:
    said = f"{answer.status} {_errors(answer)}".strip()
    if answer.status in (200, 202):
        return accepted(answer.headers.get("X-Message-Id", ""))
    if answer.status == 429:
        return later(said, Problem.BUSY, wait=_wait(answer))
    if answer.status in (401, 403):
        return refused(said, Problem.KEY, pause=True)
    if 400 <= answer.status < 500:
        return refused(said)
    return later(said, wait=_wait(answer))


def _errors(answer: urllib3.BaseHTTPResponse) -> str:
    """What SendGrid says is wrong: {"errors": [{"message": …}]}. Anything else says nothing."""
    try:
        errors = json.loads(answer.data)["errors"]
        return "; ".join(str(error["message"]) for error in errors)
    except (ValueError, LookupError, TypeError):
        return ""


def _wait(answer: urllib3.BaseHTTPResponse) -> dt.timedelta | None:
    """Retry-After in seconds or as a date (RFC 9110, section 10.2.3); None when it is missing or no such thing."""
    text = answer.headers.get("Retry-After", "")
    try:
        wait = (
            dt.timedelta(seconds=int(text))
            if text.strip().isdigit()
            else parsedate_to_datetime(text) - timezone.now()
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, dt.timedelta(0)), LONGEST_WAIT)

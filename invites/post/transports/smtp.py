"""A mail server: SMTP_URL smtp://, smtps:// or smtp+starttls://user:password@host:port. One connection for many mails.

Each step is its own call, because what a failure means depends on how far we came: before the message's last dot
nothing is sent, after it nobody knows.
"""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

from invites.post.letters import Letter
from invites.post.problems import Problem
from invites.post.transports import mime
from invites.post.transports.base import Outcome, accepted, later, plain_address, refused, unknown

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
SECONDS = 15  # for each step; a job ends well before its own time-out
CLOSING = 421  # the server is going away


@dataclass(frozen=True)
class Server:
    scheme: str
    host: str
    port: int
    user: str
    password: str


def server(url: str) -> Server:
    """Raises ValueError for a scheme we do not know or a missing host."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// with a host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, password)


class SmtpTransport:
    name = "smtp"

    def __init__(self) -> None:
        self.server = server(settings.SMTP_URL)
        self.connection: smtplib.SMTP | None = None

    def prepare(self, letter: Letter) -> bytes:
        return mime.message(letter)

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        used = self.connection is not None
        try:
            outcome = self._send(letter, wire)
        except smtplib.SMTPServerDisconnected:
            self.close()
            if not used:
                return later("the server hung up")
            return self.send(letter, wire)  # an idle connection was closed before we said anything: a new one
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            return later(_said(error.smtp_code, error.smtp_error), Problem.KEY)
        except (OSError, smtplib.SMTPException) as error:  # name, connection, certificate, greeting
            self.close()
            return later(_reason(error))
        if outcome.pause:
            self.close()
        return outcome

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _send(self, letter: Letter, wire: bytes) -> Outcome:
        """One mail. Raises only before the message itself went out."""
        if self.connection is None:
            self.connection = self._connect()
        smtp = self.connection
        for step, address in ((smtp.mail, letter.sender.email), (smtp.rcpt, letter.to.email)):
            code, said = step(plain_address(address))
            if code not in (250, 251):
                return self._no(smtp, code, said)
        code, said = smtp.docmd("DATA")
        if code != 354:
            return self._no(smtp, code, said)
        try:
            smtp.send(wire.replace(b"\r\n.", b"\r\n..") + b".\r\n")  # RFC 5321, section 4.5.2
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return unknown(_reason(error))
        return accepted(_said(code, said)) if code == 250 else self._no(smtp, code, said)

    def _no(self, smtp: smtplib.SMTP, code: int, said: bytes) -> Outcome:
        """4xx: come back later (greylisting); 5xx: never. The connection is kept for the next mail."""
        if code == CLOSING or code < 400:
            return later(_said(code, said))
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.rset()
        if code < 500:
            return later(_said(code, said), Problem.BUSY, pause=False)
        return refused(_said(code, said))

    def _connect(self) -> smtplib.SMTP:
        to, me = self.server, settings.REPLY_DOMAIN
        secure = ssl.create_default_context()
        if to.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, me, timeout=SECONDS, context=secure)
        else:
            smtp = smtplib.SMTP(to.host, to.port, me, timeout=SECONDS)
        try:
            if to.scheme == "smtp+starttls":
                smtp.starttls(context=secure)
            smtp.ehlo_or_helo_if_needed()
            if to.user:
                smtp.login(to.user, to.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__

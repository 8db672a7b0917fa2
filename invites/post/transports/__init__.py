"""The three ways out: `file`, `smtp`, `sendgrid` (CONTRACT, "Environment")."""

from collections.abc import Callable

from django.conf import settings

from invites.post.transports.base import Transport
from invites.post.transports.file import FileTransport
from invites.post.transports.sendgrid import SendGridTransport
from invites.post.transports.smtp import SmtpTransport

TRANSPORTS: dict[str, Callable[[], Transport]] = {
    "file": FileTransport,
    "smtp": SmtpTransport,
    "sendgrid": SendGridTransport,
}


def current_transport() -> Transport:
    """A new transport as MAIL_TRANSPORT says. It opens its connection at the first mail; the caller closes it."""
    return TRANSPORTS[settings.MAIL_TRANSPORT]()

"""Django's mail (sign-in codes) on our own transport: at once, and never through the outbox, for it holds a secret."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from email.utils import parseaddr

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from invites.post.letters import Address, Letter
from invites.post.transports import current_transport
from invites.post.transports.base import Fate, MailNotSent


class EmailBackend(BaseEmailBackend):
    """One message per recipient. Attachments are not sent; nobody attaches anything to a sign-in code."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many messages went out. Raises MailNotSent for the first that did not, unless told not to."""
        sent = 0
        with closing(current_transport()) as transport:
            for message in email_messages:
                try:
                    outcomes = [
                        transport.send(letter, transport.prepare(letter)) for letter in _letters(message)
                    ]
                    if any(outcome.fate is not Fate.ACCEPTED for outcome in outcomes):
                        raise MailNotSent("the mail service did not take the mail")
                except (MailNotSent, ValueError):
                    if not self.fail_silently:
                        raise
                else:
                    sent += bool(outcomes)
        return sent


def _letters(message: EmailMessage) -> Iterator[Letter]:
    sender = _address(message.from_email)
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = next((str(body) for body, kind in alternatives if kind == "text/html"), "")
    for recipient in message.recipients():
        yield Letter(
            to=_address(recipient),
            sender=sender,
            reply_to=_address(message.reply_to[0]) if message.reply_to else None,
            subject=str(message.subject),
            text=str(message.body),
            html=html,
            delivery_id=uuid.uuid4(),
            language=translation.get_language() or "",
        )


def _address(text: str) -> Address:
    name, email = parseaddr(text)
    return Address(email, name)

"""Keeps tokens and addresses out of the logs, whoever writes the line."""

import logging
import re

# Paths that carry a secret, reply addresses, and anything that looks like an e-mail address.
SECRETS = (
    (re.compile(r"(/(?:rsvp|calendar|hooks/sendgrid/inbound|accounts/[a-z/]*key)/)[A-Za-z0-9_:-]{8,}"), r"\1…"),
    (re.compile(r"svar-[a-z2-7]{16,}", re.IGNORECASE), "svar-…"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"), "…@…"),
)


def discreet(text: str) -> str:
    """`text` with every token and address replaced by an ellipsis."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


class DiscreetFilter(logging.Filter):
    """Rewrites the finished message; arguments and exception texts pass through it too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = discreet(logging.Formatter().formatException(record.exc_info))
        return True

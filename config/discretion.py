"""Keeps tokens and addresses out of the logs, whoever writes the line."""

import logging
import re

# Paths whose next part is a secret; in a query string the slashes may be escaped.
SECRET_PATHS = re.compile(
    r"((?:/|%2F)(?:rsvp|me(?:/address)?|calendar|hooks/sendgrid/inbound|accounts/[a-z/]*key)(?:/|%2F))[^/\s?#&\"'%]{8,}",
    re.IGNORECASE,
)
# The short code of a letter (eight signs, parted by a space or hyphen), which people write behind the page's address.
SHORT_CODES = re.compile(
    r"((?:/|%2F)svar(?:/|%2F))(?!\?lang=[a-z]{2}(?:[\s\"']|$))"
    r"(?:[A-Z0-9]{4}\s[A-Z0-9]{4}(?![A-Z0-9/])|[^\s\"'&]+)",
    re.IGNORECASE,
)
# Every token of ours is 32 base32 characters (events/tokens.py), wherever it stands.
TOKENS = re.compile(r"(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])", re.IGNORECASE)
# Anything with an @ before it or in the middle, also escaped as in a query string, also with a quoted name before it.
ADDRESSES = re.compile(
    r"(?:\"[^\"\n]*\"|[^\s@<>\"(),;:/?&=]*)(?:@|%40)[^\s@<>\"(),;:/?&=]+",
    re.IGNORECASE,
)


def discreet(text: str) -> str:
    """`text` with every token and address replaced by an ellipsis. Doing it twice changes nothing more."""
    text = SHORT_CODES.sub(r"\1…", SECRET_PATHS.sub(r"\1…", text))
    return ADDRESSES.sub("…@…", TOKENS.sub("…", text))


class DiscreetFilter(logging.Filter):
    """Rewrites the finished message; arguments, exception texts and stacks pass through it too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = discreet(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = discreet(record.stack_info)
        return True

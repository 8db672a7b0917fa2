"""Text that somebody typed, fit for a mail header, a calendar and a PDF."""

import re

# Everything a text must not hold in a mail header, a calendar or a PDF; line ends and tabs are treated apart.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029\x85]")


def line(words: str) -> str:
    """`words` on one line: no control characters, no line ends, no double spaces."""
    return " ".join(_CONTROL.sub("", _LINE_END.sub(" ", words)).split())


def text(words: str) -> str:
    r"""`words` without control characters; line ends become \n and stay."""
    return _CONTROL.sub("", _LINE_END.sub("\n", words)).strip()

"""Links that do not belong in a text that many get: our own secret ones, and foreign ones that hold a secret. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, unquote, urlsplit

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|\bwww\.)[^\s<>\"”»]+", re.IGNORECASE)
# Ours, also without the host before them: whoever has one answers or reads in somebody else's name.
_OWN = re.compile(
    r"(?:/|%2f)(?:rsvp|me|address)(?:/|%2f)[a-z2-7]{16,}|(?:/|%2f)calendar(?:/|%2f)[a-z0-9]{16,}|svar-[a-z2-7]{16,}@",
    re.IGNORECASE,
)
_SECRET_NAMES = re.compile(
    r"(?:^|[_-])(?:pwd|pw|pass|passwd|password|passord|passcode|pin|token|secret|sig|signature|jwt|auth|apikey|key|code"
    r"|session|sessionid|sid|otp|credential)s?$",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]{12,}")
_TURN = re.compile(r"(?<=[a-z])(?=[0-9A-Z])|(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
TURNS, ENDLESS = 4, 40  # changes between letters and digits, or the length, that no word has


class Why(Enum):
    OURS = "a link of ours that belongs to one recipient"
    SECRET = "a link with a password or token in it"  # noqa: S105 - a reason, not a password


@dataclass(frozen=True)
class Found:
    """`shown` names the link without its secret."""

    why: Why
    shown: str


def secret_links(text: str) -> list[Found]:
    """The links in `text` that must not be sent, each once."""
    return list(dict.fromkeys([*_ours(text), *_foreign(text)]))


def _ours(text: str) -> Iterator[Found]:
    for found in _OWN.finditer(text):
        yield Found(Why.OURS, re.sub(r"[a-z0-9]{16,}", "…", found[0], flags=re.IGNORECASE))


def _foreign(text: str) -> Iterator[Found]:
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?)]}'")
        if not _OWN.search(link) and _holds_a_secret(link):
            yield Found(Why.SECRET, _host(link))


def _holds_a_secret(link: str) -> bool:
    try:
        parts = urlsplit(link if "://" in link else f"//{link}")
    except ValueError:  # a broken address may hide anything
        return True
    if parts.password or (parts.username and "@" in parts.netloc):
        return True
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *parse_qsl(parts.fragment)]
    if any(value and _SECRET_NAMES.search(name) for name, value in pairs):
        return True
    pieces = [*unquote(parts.path).split("/"), *(value for _name, value in pairs), parts.fragment]
    return any(looks_random(piece) for piece in pieces)


def looks_random(piece: str) -> bool:
    """Whether a person could not have made it up: "kJ8s0aQ1x9Zp4w" and UUIDs, not "dialogmote-om-trygghet-2026"."""
    if _UUID.search(piece):
        return True
    return any(len(run) >= ENDLESS or len(_TURN.findall(run)) >= TURNS for run in _RUN.findall(piece))


def _host(link: str) -> str:
    bare = re.sub(r"^[a-z][a-z0-9+.-]*://", "", link, flags=re.IGNORECASE)
    return re.split(r"[/?#]", bare)[0].rpartition("@")[2][:100] + "/…"

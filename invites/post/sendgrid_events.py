"""Reading SendGrid's signed event webhook: is it genuine, and what does it tell. Pure: bytes in, facts out."""

import base64
import binascii
import datetime as dt
import json
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from invites.post.models import Delivery
from invites.post.transports.mime import one_line

# Against replay. SendGrid names no limit; five to ten minutes is the custom, and clocks differ. A repetition would
# change nothing anyway: each event counts once.
MOST_AGE = dt.timedelta(minutes=10)
LONGEST_ID = 110
EARLIEST = dt.datetime(2010, 1, 1, tzinfo=dt.UTC)
NAMES = {
    "processed": Delivery.PROCESSED,
    "deferred": Delivery.DEFERRED,
    "delivered": Delivery.DELIVERED,
    "bounce": Delivery.BOUNCED,
    "blocked": Delivery.BLOCKED,
    "dropped": Delivery.DROPPED,
    "spamreport": Delivery.COMPLAINED,
}


class UnusableKey(ValueError):
    """SENDGRID_EVENT_PUBLIC_KEY is no public key on the curve P-256."""


class Unreadable(ValueError):
    """The body is no JSON."""


@dataclass(frozen=True)
class Reported:
    """One event that we know what to do with."""

    event_id: str
    delivery_id: uuid.UUID
    what: Delivery
    at: dt.datetime
    detail: str


@lru_cache(maxsize=4)
def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key as SendGrid shows it (base64 of DER) or as PEM. Raises UnusableKey."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_public_key(text.replace("\\n", "\n").encode())
        else:
            key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey("not a public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("not on the curve P-256")
    return key


def is_genuine(key: ec.EllipticCurvePublicKey, body: bytes, *, signature: str, timestamp: str) -> bool:
    """Whether the holder of the key signed this body at this time (ECDSA with SHA-256 over time and body, as bytes)."""
    try:
        signed = base64.b64decode(signature, validate=True)
        key.verify(signed, timestamp.encode("ascii") + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def is_fresh(timestamp: str, now: dt.datetime) -> bool:
    """Whether it was signed in the last minutes; a clock that is ahead is forgiven as much."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= MOST_AGE.total_seconds()


def read(body: bytes, now: dt.datetime) -> tuple[list[Reported], int]:
    """The events that are about deliveries of ours or look so, and how many others there were. Raises Unreadable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    entries = told if isinstance(told, list) else [told]
    known = [event for event in (_event(entry, now) for entry in entries) if event]
    return known, len(entries) - len(known)


def _event(entry: Any, now: dt.datetime) -> Reported | None:
    """None for what we do not follow (opens, clicks, unsubscribes), and for what was not sent by us."""
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
        return None
    what, event_id = NAMES.get(entry["event"]), one_line(str(entry.get("sg_event_id") or ""))
    delivery_id = _uuid(entry.get("delivery_id"))
    if what is None or delivery_id is None or not 0 < len(event_id) <= LONGEST_ID:
        return None
    if entry["event"] == "bounce" and entry.get("type") == "blocked":
        what = Delivery.BLOCKED
    return Reported(f"sg-{event_id}", delivery_id, what, _moment(entry.get("timestamp"), now), _detail(entry))


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any, now: dt.datetime) -> dt.datetime:
    """The event's own time in whole seconds; now when it is missing or impossible."""
    try:
        at = dt.datetime.fromtimestamp(int(value), dt.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return at if EARLIEST <= at <= now + dt.timedelta(days=1) else now


def _detail(entry: dict[str, Any]) -> str:
    """What the recipient's server answered, in one line: `5.1.1 550 no such user`."""
    texts = [entry.get(name) for name in ("status", "reason", "response")]
    said = dict.fromkeys(one_line(text) for text in texts if isinstance(text, str) and text.strip())
    status, *rest = said or [""]
    if rest and status and status in rest[0]:
        return " ".join(rest)[:300]
    return " ".join(said)[:300]

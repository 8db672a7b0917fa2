"""The short code of a letter: typed by hand where a link cannot be clicked (ADR 0015).

Eight characters of an alphabet without look-alikes, derived from the row's nonce like its link, so that a letter can be
printed again and a stolen database holds no code. Only a keyed hash is stored: a plain one of so few bits is guessed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings

from events.tokens import derive
from invites.invitations.models import Invitation

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"  # without 0 O, 1 I L, B (8), S (5), Z (2)
LENGTH = 8
ATTEMPTS = (
    4  # a code that another invitation has already is made anew; even of a million a second one is rare
)
# What people read instead of a character of the alphabet.
READ_AS = str.maketrans({"B": "8", "S": "5", "Z": "2", "O": "Q", "0": "Q"})


def seal(invitation: Invitation, *, attempt: int = 0) -> None:
    """Sets the stored hash of the code that belongs to the row's nonce."""
    invitation.code_hash = _hash(
        _derived(invitation.nonce, attempt, settings.SECRET_KEY), settings.SECRET_KEY
    )


def code_of(invitation: Invitation) -> str:
    """The code as it is printed, "XXXX-XXXX". Never log it, never show it on a page of staff.

    Raises LookupError for a row that has none, or whose key is gone: it needs a new invitation.
    """
    for key in _keys():
        for attempt in range(ATTEMPTS):
            code = _derived(invitation.nonce, attempt, key)
            if hmac.compare_digest(_hash(code, key), invitation.code_hash or ""):
                return f"{code[:4]}-{code[4:]}"
    raise LookupError("no key at hand made this code")


def hashes(typed: str) -> list[str]:
    """What the database may hold of the code that somebody typed, one for each key; made also of what is no code."""
    return [_hash(_read(typed), key) for key in _keys()]


def _read(typed: str) -> str:
    """Letter case, spaces, hyphens of any kind and look-alikes aside; "" for what is no code."""
    bare = "".join(sign for sign in typed[:100].upper() if sign.isalnum()).translate(READ_AS)
    return bare if len(bare) == LENGTH and all(sign in ALPHABET for sign in bare) else ""


def _derived(nonce: str, attempt: int, key: str) -> str:
    token = derive("code" if not attempt else f"code{attempt}", nonce, key=key)
    number = int.from_bytes(base64.b32decode(token.upper()))
    signs = []
    for _place in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[at])
    return "".join(signs)


def _hash(code: str, key: str) -> str:
    return hmac.new(key.encode(), f"letter code:{code}".encode(), hashlib.sha256).hexdigest()


def _keys() -> Iterator[str]:
    yield from (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)

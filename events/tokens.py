"""Secret links: unguessable, stored only as a hash, made again when a mail is written.

A token is derived from the server's key and a random nonce in the row, so that a mail composed an hour after it was
queued holds the same link, while a stolen database holds none (ADR 0003).
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

TOKEN_BYTES = 20  # 160 bits: 32 base32 characters, and rule 3 asks for 128 or more


def new_nonce() -> str:
    """A fresh random nonce (128 bits, hex). A new nonce in a row revokes all links made from the old one."""
    return secrets.token_hex(16)


def digest(token: str) -> str:
    """What the database keeps of a token: its SHA-256 (hex). Case does not matter in a token."""
    return hashlib.sha256(token.lower().encode()).hexdigest()


def derive(purpose: str, nonce: str, *, key: str | None = None) -> str:
    """The token (32 lower-case base32 characters) for `purpose` ("rsvp", "reply", ...) and a row's `nonce`."""
    secret = (key or settings.SECRET_KEY).encode()
    mac = hmac.new(secret, f"{purpose}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:TOKEN_BYTES]).decode().lower()


def recover(purpose: str, nonce: str, expected: str) -> str:
    """The token whose digest is `expected`, also when the server's key was rotated since (SECRET_KEY_FALLBACKS).

    Raises LookupError when no key made it: the link cannot be written again and needs a new nonce.
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = derive(purpose, nonce, key=key)
        if hmac.compare_digest(digest(token), expected):
            return token
    raise LookupError(f"no key at hand made this {purpose} token")


def new_token() -> str:
    """A random token (160 bits) to be shown once, for links that are never written again (feeds)."""
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()

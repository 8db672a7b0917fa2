"""The key ring: small texts sealed so that a stolen database tells nothing of them (ADR 0025).

A sealed value names its key: "<key id>.<base64url of nonce, ciphertext and tag>" (AES-256-GCM). It opens only for the
`place` it was sealed for, so that one copied into another row stays shut, and it is padded, so that its length says
nothing of what is inside. Keys come from FIELD_KEYS, the first is the current one; without any the current one is
derived from SECRET_KEY, and what was sealed so still opens once FIELD_KEYS is set.
"""

import base64
import binascii
import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes; a random nonce of 96 bits is good for 2**32 values of one key (SP 800-38D)
LENGTH, BLOCK = 4, 256
PURPOSE = b"moteplass key ring"

Keys = tuple[tuple[str, bytes], ...]


class CannotOpen(ValueError):
    """No key at hand opens it, it was changed, or it was sealed for another place."""


def seal(text: str, *, place: str) -> str:
    """`text` sealed with the current key for `place` ("need:7:31"); twice the same text gives two values."""
    name, box = next(iter(_ring().items()))
    content = text.encode()
    framed = len(content).to_bytes(LENGTH, "big") + content
    nonce = secrets.token_bytes(NONCE)
    inside = box.encrypt(nonce, framed.ljust(-(-len(framed) // BLOCK) * BLOCK, b"\0"), _bound(name, place))
    return f"{name}.{base64.urlsafe_b64encode(nonce + inside).decode()}"


def unseal(sealed: str, *, place: str) -> str:
    """What `seal` was given. Raises CannotOpen."""
    name, _dot, written = sealed.partition(".")
    if (box := _ring().get(name)) is None:
        raise CannotOpen(f"the key {name!r} is not at hand")
    try:
        raw = base64.urlsafe_b64decode(written)
        framed = box.decrypt(raw[:NONCE], raw[NONCE:], _bound(name, place))
    except (InvalidTag, binascii.Error, ValueError):
        raise CannotOpen(f"the key {name!r} does not open it here") from None
    return framed[LENGTH : LENGTH + int.from_bytes(framed[:LENGTH], "big")].decode()


def current() -> str:
    """How every value sealed with the current key begins."""
    return next(iter(_ring())) + "."


def _bound(name: str, place: str) -> bytes:
    return f"{name} {place}".encode()


def _ring() -> dict[str, AESGCM]:
    return _made_of(tuple(settings.FIELD_KEYS), (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made_of(keys: Keys, of_server: tuple[str, ...]) -> dict[str, AESGCM]:
    return {name: AESGCM(key) for name, key in (*keys, *map(_derived, of_server))}


def _derived(secret: str) -> tuple[str, bytes]:
    """A key of the server's own secret. Its name is a digest of the key; "~" keeps it apart from FIELD_KEYS' names."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return "~" + hashlib.sha256(PURPOSE + key).hexdigest()[:12], key

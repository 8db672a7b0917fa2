"""Sealing what came by mail, so that a stolen database tells nothing of it. The key is derived from the server's."""

import base64
import zlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"moteplass inbound mail"
PACKED = b"\x01"


class Sealed(ValueError):
    """No key at hand opens it."""


def seal(content: bytes) -> bytes:
    """Packed first, and without the letters that the box would spell it in: a mail of 30 MB is 22 MB, not 40."""
    return PACKED + base64.urlsafe_b64decode(_box().encrypt(zlib.compress(content, level=1)))


def unseal(sealed: bytes) -> bytes:
    """Also what was sealed with an earlier key (SECRET_KEY_FALLBACKS), or before packing. Raises Sealed when no key
    opens it.
    """
    octets = bytes(sealed)
    try:
        if octets.startswith(PACKED):
            return zlib.decompress(_box().decrypt(base64.urlsafe_b64encode(octets[len(PACKED) :])))
        return _box().decrypt(octets)
    except InvalidToken:
        raise Sealed("no key at hand opens it") from None


def _box() -> MultiFernet:
    return _made_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made_of(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)

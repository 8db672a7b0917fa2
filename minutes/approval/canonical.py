"""Canonical JSON (RFC 8785, JCS): the same facts give the same bytes everywhere, so a hash means something."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any


def canonical(facts: Mapping[str, Any]) -> str:
    """`facts` as one line: keys sorted by UTF-16 code unit (RFC 8785, 3.2.3), no spaces, text in Unicode's form C.

    Takes text, whole numbers, booleans, None, lists and dicts with text keys; raises TypeError on anything else.
    Floats are refused, because their spelling is the one hard part of the RFC and no minutes need them.
    """
    return json.dumps(_plain(facts), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        pairs = sorted(((_key(key), each) for key, each in value.items()), key=lambda pair: _utf16(pair[0]))
        return {key: _plain(each) for key, each in pairs}
    raise TypeError(f"canonical JSON of minutes has no {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("keys are text")
    return unicodedata.normalize("NFC", key)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")

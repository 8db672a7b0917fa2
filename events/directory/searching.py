"""Text as search compares it, alike on both databases (SQLite's LIKE knows only a-z when it ignores letter case)."""

import unicodedata

# Letters that Unicode does not take apart; people without a Nordic keyboard type them like this.
NORDIC = str.maketrans({"ø": "o", "æ": "ae", "ð": "d", "þ": "th", "ł": "l"})


def fold(*texts: str) -> str:
    """`texts` joined by newlines, without letter case, accents and runs of spaces: "Bærum  MOSKÉ" -> "baerum moske"."""
    return "\n".join(_folded(text) for text in texts if text)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.translate(NORDIC).split())

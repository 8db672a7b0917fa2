"""Text as search compares it, alike on both databases (SQLite's LIKE knows only a-z when it ignores letter case).

A word is found in any of its forms: beside the text itself stand the stems of its words, as the Snowball stemmers of
the Nordic languages and English cut them. Names of people have no forms, so theirs are compared as they are: who looks
for Hansen is not shown every Hans.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import snowballstemmer
from django.db.models import Q, TextField
from django.db.models.lookups import Contains

# Letters that Unicode does not take apart; people without a Nordic keyboard type them like this.
NORDIC = str.maketrans({"ø": "o", "æ": "ae", "ð": "d", "þ": "th", "ł": "l"})
LANGUAGES = ("norwegian", "danish", "swedish", "english")
WORD = re.compile(r"[^\W\d_]{3,40}")
TWICE = re.compile(
    r"(..)\1|(.)\2"
)  # "radikaliserering", "trossamfunn": what is doubled by mistake, or not doubled
SHORTEST = 3  # a stem of one or two letters says nothing


@TextField.register_lookup
class Holds(Contains):
    """`contains`, which PostgreSQL answers twice as quickly by position as by LIKE; on SQLite LIKE is the quicker."""

    lookup_name = "holds"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"strpos({column}, %s) > 0", [*parameters, self.rhs]

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["contains"]) % rhs


def fold(*texts: str) -> str:
    """`texts` joined by newlines, without letter case, accents and runs of spaces: "Bærum  MOSKÉ" -> "baerum moske".

    NUL goes, too: PostgreSQL takes none, and whatever is searched for has come through here.
    """
    return "\n".join(_folded(text.replace("\0", "")) for text in texts if text)


def indexed(*texts: str) -> str:
    """The text a search looks through: `texts` folded, then the stems of their words between bars."""
    folded = fold(*texts)
    found = {stem for word in WORD.findall(folded) for stem in stems(word)}
    return f"{folded}\n|{'|'.join(sorted(found))}|" if found else folded


def holding_every(words: str, *columns: str) -> Q:
    """Rows in which one of `columns` (texts made by `indexed`) holds each of `words`, as typed or in another form."""
    every = Q()
    for word in dict.fromkeys(fold(words).replace("|", " ").split()):  # bars stand between stems
        asked = {word} | {f"|{stem}|" for stem in stems(word)}
        some = Q()
        for column in columns:
            for part in sorted(asked):
                some |= Q(**{f"{column}__holds": part})
        every &= some
    return every


@lru_cache(maxsize=20_000)
def stems(word: str) -> frozenset[str]:
    """The stems of one folded word, one or a few; none for numbers, addresses and words too short to have forms."""
    if not WORD.fullmatch(word):
        return frozenset()
    return frozenset(stem for stem in map(_stem, LANGUAGES, [word] * len(LANGUAGES)) if len(stem) >= SHORTEST)


def _stem(language: str, word: str) -> str:
    """Cut until nothing comes off, so that "moskeen" and "moské" end alike. A stemmer has state: one a call."""
    cut, stemmer = word, snowballstemmer.stemmer(language)
    while (shorter := str(stemmer.stemWord(cut))) != cut and len(shorter) >= SHORTEST:
        cut = shorter
    return TWICE.sub(lambda found: found[1] or found[2], cut)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.translate(NORDIC).split())

"""When two names mean the same body or person: a small measure, without comparing everything with everything.

A name becomes words: folded, without punctuation and little words, each cut back to its stem, so that "Sandefjord
menighet", "menigheten i Sandefjord" and "SANDEFJORD MENIGHET" are the same words. Two names of bodies are alike when
their words are the same in any order, when they are the same letters with other spaces, or when one long word differs
by one letter (put in, left out, wrong, or swapped with its neighbour). `keys` gives strings of which alike names share
one, so that a look-up replaces the comparison: 10,000 names cost some 150,000 short strings and no square.
"""

import re
from dataclasses import dataclass

from events.directory.searching import fold

LITTLE = frozenset(
    ("i", "og", "for", "av", "til", "pa", "ved", "the", "of", "and", "in", "at", "as", "den", "det")
)
# Endings of Norwegian nouns, longest first; what is left keeps at least four letters.
ENDINGS = ("ene", "ens", "en", "et", "er", "a", "e", "s")
LONG = 6  # letters of a word in which one wrong letter is a slip; in a shorter one ("Hol", "Hof") it is another name
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Words:
    """`stems` in the name's own order; `letters` are all its letters without the spaces."""

    stems: tuple[str, ...]
    letters: str


def words(name: str) -> Words:
    """A name that says nothing but little words keeps those."""
    return folded_words(fold(name))


def folded_words(folded: str) -> Words:
    """The same for a name that was folded before, as the `search` columns are."""
    found = _WORD.findall(folded)
    telling = [word for word in found if word not in LITTLE] or found
    return Words(tuple(map(_stem, telling)), _stem("".join(telling)))


def person(folded: str) -> str:
    """A person's name whatever the order of its parts: "Nordmann, Kari" is "Kari Nordmann"."""
    return " ".join(sorted(_WORD.findall(folded)))


def keys(name: Words) -> set[str]:
    """Strings of which two alike names share at least one; what shares one is for `alike` to judge."""
    if not name.stems:
        return set()
    shared = {" ".join(sorted(name.stems)), f"={name.letters}"}
    for at, word in enumerate(name.stems):
        if _may_slip(word):
            rest = " ".join(sorted(name.stems[:at] + name.stems[at + 1 :]))
            shared |= {f"{rest}|{each}" for each in (word, *_one_letter_less(word))}
    return shared


def alike(one: Words, other: Words) -> bool:
    """Whether two names mean the same body."""
    if not one.stems or not other.stems:
        return False
    if one.letters == other.letters or sorted(one.stems) == sorted(other.stems):
        return True
    left, right = list(one.stems), list(other.stems)
    for word in one.stems:
        if word in right:
            left.remove(word)
            right.remove(word)
    return len(left) == len(right) == 1 and _slip(left[0], right[0])


def _stem(word: str) -> str:
    """Cut until nothing more comes off, so that forms of one word meet: kirken, kirka, kirke -> kirk."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return _stem(word.removesuffix(ending))
    return word


def _may_slip(word: str) -> bool:
    return len(word) >= LONG and not any(letter.isdigit() for letter in word)


def _one_letter_less(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _slip(one: str, other: str) -> bool:
    """Whether two long words are one letter apart."""
    if not (_may_slip(one) and _may_slip(other)) or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])

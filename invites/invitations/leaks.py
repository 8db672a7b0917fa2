"""Does a text give away the place that is hidden from those who have not said yes (rule 5)? Pure: words in, words out.

Better one refusal too many than one address told: what a text says cannot be taken back once it is sent.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from events.directory.searching import fold

SHORTEST = 4  # letters or digits of a word that gives a place away by itself
LONG_NUMBER = 6  # digits of a meeting number, which people write in groups
_TOKEN = re.compile(r"[^\W_]+")
_GROUPED = re.compile(r"\d(?:[ \u00a0.-]?\d){5,}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How a Nordic noun ends when it is definite, plural or a genitive: "rådhus" is also "rådhuset".
_ENDINGS = _words("a e n s t en et er ene ens ets ern as enes ar arna") | {""}
_STREETS = (
    _words("g gt gate gata gaten gatan gade gaden"),
    _words("v vn vei veien veg vegen vagen vej vejen"),
    _words("pl plass plassen plads pladsen plats platsen"),
    _words("alle alleen allen"),
    _words("torg torget torv torvet"),
    _words("st street rd road"),
)
_STREET_WORDS = frozenset[str]().union(*_STREETS)
_ROOMS = _words("rom rommet moterom moterommet room hall hallen sal salen lokale lokalet etasje floor")
# Words of places that also name those who are invited; alone they tell nothing, together with a name they do.
_COMMON = _words(
    "kommune senter senteret center centre skole skolen skule kirke kirken church moske moskeen mosque "
    "menighet menigheten forening foreningen barnehage politi politistasjon synagoge tempel hotell hotel "
    "ungdomsskole school huset bygg bygget inngang with under over ved hos"
)
_FILLERS = frozenset(("nr", "no", "nummer", "number"))


@dataclass(frozen=True)
class Hidden:
    """What a text may not hold. `words` by themselves, `phrases` as neighbours, `numbers` however they are grouped."""

    words: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    room_numbers: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    address: str = ""  # of the online meeting, without its scheme

    def found_in(self, text: str) -> list[str]:
        """The words of `text` that give the place away, as they are written there, each once."""
        tokens = _tokens(text)
        hits = dict.fromkeys([*self._alone(tokens), *self._together(tokens), *self._online(text)])
        return [hit for hit in hits if not any(hit != other and hit in other for other in hits)]

    def _alone(self, tokens: Sequence[tuple[str, str]]) -> Iterator[str]:
        for at, (word, written) in enumerate(tokens):
            if self._tells(word):
                yield written
            elif at + 1 < len(tokens) and word + tokens[at + 1][0] in self.words:
                yield f"{written} {tokens[at + 1][1]}"

    def _tells(self, word: str) -> bool:
        return word in self.words or any(_same(word, hidden) for hidden in self.words)

    def _together(self, tokens: Sequence[tuple[str, str]]) -> Iterator[str]:
        kept = [token for token in tokens if token[0] not in _FILLERS]
        for at, (word, written) in enumerate(kept):
            for phrase in self.phrases:
                piece = kept[at : at + len(phrase)]
                if len(piece) == len(phrase) and all(
                    _same(a[0], b) for a, b in zip(piece, phrase, strict=True)
                ):
                    yield " ".join(each[1] for each in piece)
            if word in _ROOMS and at + 1 < len(kept) and kept[at + 1][0] in self.room_numbers:
                yield f"{written} {kept[at + 1][1]}"

    def _online(self, text: str) -> Iterator[str]:
        if self.address and self.address in _plain(text):
            yield self.address
        for grouped in _GROUPED.finditer(text):
            if any(number in re.sub(r"\D", "", grouped[0]) for number in self.numbers):
                yield grouped[0]


def hidden(*, places: Iterable[str], room: str, online_url: str, shown: Iterable[str]) -> Hidden:
    """`places` are the venue, the address and other rungs of the ladder that the reader may not know, `room` likewise.

    `shown` are texts that every reader sees anyway (the place as far as it is told, the sender, the hosts): their
    words are no secret.
    """
    seen = {word for each in shown for word, _written in _tokens(each)}
    told = [[word for word, _written in _tokens(each)] for each in shown]
    fields = [[word for word, _written in _tokens(each)] for each in (*places, room)]
    alone = {word for field in fields for word in field if _tells_alone(word, seen)}
    phrases = {
        tuple(field) for field in fields if len(field) > 1 and not any(_within(field, t) for t in told)
    }
    link = _Link(online_url)
    return Hidden(
        words=frozenset((alone | link.words) - seen),
        phrases=tuple(sorted(phrases)),
        room_numbers=frozenset(
            word for word, _written in _tokens(room) if any(letter.isdigit() for letter in word)
        ),
        numbers=link.numbers,
        address=link.address,
    )


class _Link:
    """What is telling in the address of an online meeting. Its host is not, unless it is all there is."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url) if url else None
        path = (parts.path + (f"?{parts.query}" if parts.query else "")).rstrip("/") if parts else ""
        self.address = _plain((parts.netloc if parts else "") + path)
        pieces = {fold(piece) for piece in re.split(r"[/?&=;:@]+", unquote(path)) if piece}
        self.words = {piece for piece in pieces if _telling(piece)}
        self.numbers = frozenset(re.findall(rf"\d{{{LONG_NUMBER},}}", path))


def _telling(piece: str) -> bool:
    return len(piece) >= 12 or (len(piece) >= SHORTEST and any(letter.isdigit() for letter in piece))


def _plain(text: str) -> str:
    return re.sub(r"https?://|\bwww\.", "", unquote(text)).casefold()


def _tokens(text: str) -> list[tuple[str, str]]:
    """(folded, as written) of each word; marks that do not show (soft hyphens, zero-width spaces) are taken out."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return [(fold(found[0]), found[0]) for found in _TOKEN.finditer(visible)]


def _tells_alone(word: str, seen: set[str]) -> bool:
    plain = word not in seen and word not in _COMMON and word not in _ROOMS and word not in _STREET_WORDS
    return plain and len(word) >= SHORTEST


def _same(word: str, hidden: str) -> bool:
    """Whether `word` is `hidden`, in another form of the noun, another spelling of the street, or a compound of it."""
    if word == hidden:
        return True
    shorter, longer = sorted((word, hidden), key=len)
    if len(shorter) >= SHORTEST and longer.startswith(shorter):
        rest = longer[len(shorter) :]
        if rest in _ENDINGS or (longer is word and len(shorter) > 5):
            return True
    return _street(word) is not None and _street(word) == _street(hidden)


def _street(word: str) -> tuple[str, int] | None:
    """("radhus", 0) of "radhusgata", "radhusgt" and "radhusgaten"; None for what is no street."""
    for number, kind in enumerate(_STREETS):
        for ending in sorted(kind, key=len, reverse=True):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word.removesuffix(ending), number
    return None


def _within(field: list[str], told: list[str]) -> bool:
    return any(told[at : at + len(field)] == field for at in range(len(told) - len(field) + 1))

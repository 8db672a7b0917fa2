"""An answer in words, in the languages of those who are invited. Pure.

Exact is one word that means one thing in every language here. Polish "tak" is yes, Danish "tak" is thanks; Maya is a
name and Somali for no: such words are only suggested, or not even that.
"""

import re
from collections.abc import Iterable

from invites.replies.said import Words

LONGEST_TEXT = 500
LONGEST_OWN = 1500  # letters that are looked at
LOOKED_AT = 60  # words; who writes more than a few lines writes a letter
NORDIC = ""  # several languages have it

EXACT: dict[str, tuple[str, str]] = {  # word -> (reply, language)
    **dict.fromkeys(("ja", "jepp", "japp"), ("accepted", NORDIC)),
    **dict.fromkeys(("yes", "yep", "accept", "accepted"), ("accepted", "en")),
    **dict.fromkeys(("kommer",), ("accepted", NORDIC)),
    **dict.fromkeys(("godtar", "godtatt", "aksepterer", "akseptert"), ("accepted", "nb")),
    **dict.fromkeys(("kjem", "godtek"), ("accepted", "nn")),
    **dict.fromkeys(("accepterer", "accepteret", "deltager"), ("accepted", "da")),
    **dict.fromkeys(("accepterar", "accepterat"), ("accepted", "sv")),
    **dict.fromkeys(("nei",), ("declined", NORDIC)),
    **dict.fromkeys(("nej",), ("declined", NORDIC)),
    **dict.fromkeys(("no", "nope", "decline", "declined"), ("declined", "en")),
    **dict.fromkeys(("avslår", "avslått"), ("declined", "nb")),
    **dict.fromkeys(("kanskje",), ("tentative", NORDIC)),
    **dict.fromkeys(("måske",), ("tentative", "da")),
    **dict.fromkeys(("kanske",), ("tentative", "sv")),
    **dict.fromkeys(("maybe", "perhaps", "tentative"), ("tentative", "en")),
    "haa": ("accepted", "so"),
    "نعم": ("accepted", "ar"),
    "لا": ("declined", "ar"),
    "ربما": ("tentative", "ar"),
    "ہاں": ("accepted", "ur"),
    "نہیں": ("declined", "ur"),
    "شاید": ("tentative", "ur"),
    "так": ("accepted", "uk"),
    "ні": ("declined", "uk"),
    "можливо": ("tentative", "uk"),
    "nie": ("declined", "pl"),
}


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)


UNSURE = _any(
    "kanskje", "kanske", "måske", "maybe", "perhaps", "tentative(?:ly)?", "not (?:quite )?sure", "unsure", "usikker",
    "osäker", "ikke sikker", "ikkje sikker", "inte säker", "(?:vet|veit|ved) (?:ikke|ikkje|inte)", "vet ej",
    "don['’]?t know", "kommer an på", "kjem an på", "depends", "muligens", "muligvis", "kanhende", "eventuelt",
    "ربما", "شاید", "можливо", "może",
)  # fmt: skip
CANNOT = _any(
    r"kan (?:\w+ ){0,2}(?:ikke|ikkje|inte)", r"(?:kommer|kjem) (?:\w+ ){0,2}(?:ikke|ikkje|inte)",
    r"(?:ikke|ikkje|inte) (?:\w+ )?(?:kan|komme|kome|komma|delta|deltage|anledning|mulighet)",
    r"(?:har|ha) (?:\w+ ){0,2}(?:ikke|ikkje|inte) (?:\w+ )?(?:anledning|mulighet|høve|mulighed|möjlighet)",
    "can['’]?t", "cannot", "can not", r"(?:am|are|be) (?:\w+ )?unable",
    r"(?:won['’]?t|not) (?:\w+ ){0,2}(?:come|attend|join|make|able)",
    "forhindret", "forhindra", "förhindrad", "melder avbud", "avbud", "avslår", "må avslå", "takker nei", "takkar nei",
    "tackar nej", "siger nej tak", "declin(?:e|ed|ing)", r"nie (?:\w+ )?(?:mogę|będę|przyjdę)",
    "не (?:можу|прийду|зможу)",
)  # fmt: skip
REGRETS = _any(
    "nei", "nej", "no", "nope", "dessverre", "diverre", "desværre", "tyvärr", "beklager", "beklagar", "unfortunately",
    "regret(?:s|fully)?", "sorry", "niestety", "nie", "ні", "на жаль", "لا", "نہیں", "maya", "ikke", "ikkje", "inte",
    "not",
)  # fmt: skip
COMES = _any(
    "ja", "jo", "joda", "jepp", "japp", "yes", "yep", "yeah", "kommer", "kjem", "deltar", "deltek", "deltager",
    "stiller", "møter", "godtar", "godtek", "aksepterer", "accepterer", "accepterar", "accept(?:ed|ing)?", "gjerne",
    "gerne", "gärna",
    "takker ja", "takkar ja", "tackar ja", "(?:will|['’]ll) (?:be there|come|attend|join)", "attending", "coming",
    "see you", "vi (?:sees|ses|sjåast)", "påmeldt", "count me in", "haa", "نعم", "ہاں", "جی", "так", "прийду", "będę",
    "przyjdę",
)  # fmt: skip
HEDGES = _any(
    "men",
    "but",
    "dersom",
    "hvis",
    "viss",
    "om",
    "if",
    "only",
    "bare",
    "først",
    "likevel",
    "however",
    "unless",
)
_QUESTION = re.compile(r"[^.!?\n]*\?")
_LANGUAGES = (
    ("nn", _any("ikkje", "kjem", "eg", "diverre", "deltek", "godtek", "takkar")),
    ("sv", _any("inte", "jag", "tyvärr", "gärna", "tackar", "kanske", "förhindrad", "och", "är")),
    (
        "da",
        _any(
            "desværre",
            "deltager",
            "gerne",
            "måske",
            "jeg kan desværre",
            "deltage",
            "muligvis",
            "ved ikke",
            "af",
        ),
    ),
    (
        "nb",
        _any(
            "jeg", "dessverre", "kanskje", "gjerne", "deltar", "beklager", "ikke", "takker", "godtar", "nei"
        ),
    ),
    (
        "en",
        _any("i", "the", "will", "can['’]?t", "cannot", "unfortunately", "sorry", "yes", "no", "not", "you"),
    ),
    ("pl", _any("nie", "będę", "przyjdę", "mogę", "niestety", "może")),
    ("uk", _any("так", "ні", "не", "прийду", "можливо")),
)


def words(lines: Iterable[str]) -> Words:
    """`lines` are the person's own (`plain.own`)."""
    said = list(lines)
    text = "\n".join(said)[:LONGEST_TEXT].strip()
    if not said:
        return Words()
    rest = " ".join(said[1:])[:LONGEST_OWN]
    reply, language = EXACT.get(_bare(said[0]), ("", ""))
    if reply and not _casts_doubt(reply, rest):
        return Words(text, reply, True, language)
    looked_at = " ".join(" ".join(said)[:LONGEST_OWN].split()[:LOOKED_AT])
    suggested = _suggested(looked_at)
    return Words(text, suggested, False, _language(looked_at) if suggested else "")


def _bare(line: str) -> str:
    """A word without what ends a sentence; "Ja?" asks."""
    return line.strip().strip("\"'«»“”*").rstrip(".!,").strip().lower()


def _casts_doubt(reply: str, rest: str) -> bool:
    """Whether what follows the word says something else: "Ja" and, below, "men jeg kan ikke bli lenge"."""
    if HEDGES.search(rest) or UNSURE.search(rest) or "?" in rest:
        return reply != "tentative"
    if reply == "accepted":
        return bool(CANNOT.search(rest) or REGRETS.search(rest))
    return bool(_QUESTION.sub("", rest) and COMES.search(rest))


def _suggested(text: str) -> str:
    """What it seems to say; "" where it says both, or asks."""
    text = _QUESTION.sub(" ", text)
    if UNSURE.search(text):
        return "tentative"
    if CANNOT.search(text):
        return "declined"
    regrets, comes = REGRETS.search(text), COMES.search(text)
    if regrets and comes:
        return ""
    return "declined" if regrets else "accepted" if comes else ""


def _language(text: str) -> str:
    counted = [(len(pattern.findall(text)), language) for language, pattern in _LANGUAGES]
    most = max(count for count, _language in counted)
    return next((language for count, language in counted if count == most and most), "")

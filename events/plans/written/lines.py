"""A plan as running text, pasted or out of a document: "Tiltak 3: …", "Ansvar for utføring: A, B", "Frist: 2016"."""

import re
from collections.abc import Iterable

from events.plans.loading import Located
from events.plans.written import words
from events.plans.written.collecting import Collected, Unread, tell_measure

_AREA = re.compile(
    r"^[#\s]*(?:innsatsområde|insatsområde|indsatsområde|fokusområde|focus area)\s*(?:nr\.?\s*)?(\d{1,4})?\s*"
    r"[:.–-]*\s+(?P<title>\S.*)$",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^[#\s]*(?:tiltak|åtgärd|indsats|measure)\s*(?:nr\.?\s*)?(\d{1,5})\s*[:.–-]*\s+(?P<title>\S.*)$",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^(?P<label>[^:]{2,50}?)\s*:\s*(?P<value>.*)$")
_BULLET = re.compile(r"^\s*(?:[-–•*·▪]|\d{1,3}[.)])\s+")


class TextReader:
    """Reads line by line; `section` is the plan's own part that unlabelled lines belong to (foreword, goals …)."""

    def __init__(self, into: Collected) -> None:
        self.into = into
        self.measure: Located | None = None
        self.section = self.open = ""  # `open`: a label of a measure whose value follows on the next lines

    def read(self, numbered: Iterable[tuple[int, str]]) -> None:
        for line, text in numbered:
            text = " ".join(text.split())
            if text:
                self._line(line, text)

    def _line(self, line: int, text: str) -> None:
        if found := _MEASURE.match(text):
            self.measure = self.into.measure(int(found[1]), found["title"].strip(), line)
            self.section = self.open = ""
        elif (found := _AREA.match(text)) and not (self.measure and ":" in text and not found[1]):
            self.into.area(int(found[1]) if found[1] else None, found["title"].strip(), line)
            self.measure, self.section, self.open = None, "", ""
        elif not self._labelled(text):
            self._plain(line, text)

    def _labelled(self, text: str) -> bool:
        found = _LABELLED.match(_BULLET.sub("", text))
        label, value = (found["label"], found["value"]) if found else (text, "")
        if (
            self.measure is not None
            and (key := words.measure_key(label))
            and key not in ("area", "title", "no")
        ):
            return self._of_measure(key, value, is_label=found is not None)
        if (key := words.plan_key(label)) and (value or key in ("foreword", "goals", "possible_measures")):
            self.section, self.measure = key, None
            if value:
                self.into.tell(key, value)
            return True
        if self.measure is not None and value and label.casefold().startswith("ansvar "):
            self.measure["label"] = label  # refused by its name when the plan is read
            return True
        return False

    def _of_measure(self, key: str, value: str, *, is_label: bool) -> bool:
        if not is_label:  # a heading alone on its line
            self.open = key
            return True
        self.open = "" if value else key
        if value and self.measure is not None:
            tell_measure(self.measure, key, value)
        return True

    def _plain(self, line: int, text: str) -> None:
        bare = _BULLET.sub("", text)
        if self.measure is not None:
            tell_measure(self.measure, self.open or "description", bare if self.open else text)
        elif self.section in ("foreword", "goals", "possible_measures"):
            self.into.tell(self.section, text if self.section == "foreword" else bare)
        else:
            self.into.unread.append(Unread(line, text[:300]))

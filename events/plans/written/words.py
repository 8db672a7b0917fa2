"""What headings, columns and labels of plans are called, in the languages plans are written in."""

import re

from events.directory.searching import fold

# Columns of a table of measures, and labels of lines under a measure: key of the file -> words.
MEASURE: dict[str, tuple[str, ...]] = {
    "area_no": (
        "innsatsområde nr",
        "innsatsområde nummer",
        "område nr",
        "focus area no",
        "focus area number",
    ),
    "area": ("innsatsområde", "område", "focus area", "insatsområde", "indsatsområde", "fokusområde"),
    "no": ("nr", "nr.", "nummer", "tiltak nr", "tiltak nr.", "tiltaksnummer", "no", "no.", "number", "#"),
    "title": ("tiltak", "tittel", "title", "measure", "åtgärd", "indsats", "tiltakets navn"),
    "label": ("ansvarstype", "type ansvar", "label", "kind of responsibility"),
    "lead": ("hovedansvarlig", "hovudansvarleg", "hovedansvar", "lead", "huvudansvarig"),
    "responsible": ("ansvarlig", "ansvarlige", "ansvarleg", "ansvar", "responsible", "ansvarig"),
    "U": ("ansvar for utføring", "ansvar for gjennomføring", "responsible for execution"),
    "O": ("ansvar for oppfølging", "ansvar for oppfylging", "responsible for follow-up"),
    "F": ("oppfølging", "oppfylging", "follow-up"),
    "with": ("med", "sammen med", "with"),
    "in_cooperation_with": ("i samarbeid med", "samarbeidspartnere", "in cooperation with", "partners"),
    "partners_in_text": ("nevnt i teksten", "partnere nevnt i teksten", "partners in the text"),
    "others": ("andre", "others"),
    "deadline": ("frist", "tidsfrist", "deadline", "due date"),
    "national_measure": ("nasjonalt tiltak", "national measure"),
    "note": ("merknad", "note", "kommentar"),
    "aliases": ("også kalt", "andre navn", "also called"),
    "description": ("beskrivelse", "description", "beskrivning"),
    "recurrence": ("varighet", "fast eller engangs", "recurrence", "standing or one-off"),
    "about_individuals": ("gjelder enkeltpersoner", "om enkeltpersoner", "about individuals"),
}
PLAN: dict[str, tuple[str, ...]] = {
    "key": ("nøkkel", "key"),
    "title": ("plan", "planens tittel", "handlingsplan", "plan title"),
    "owner": ("eier", "owner", "planeier"),
    "with": ("laget sammen med", "utarbeidet sammen med", "made with"),
    "decided_by": ("bakgrunn vedtatt av", "background decided by"),
    "decided_on": ("bakgrunn vedtatt", "bakgrunn vedtatt den", "decided on"),
    "adopted_by": ("vedtatt av", "adopted by"),
    "adopted_on": ("vedtatt", "vedtatt den", "adopted on"),
    "period_from": ("gjelder fra", "applies from"),
    "period_to": ("gjelder til", "applies until"),
    "builds_on": ("bygger på", "builds on"),
    "foreword_by": ("forord undertegnet av", "foreword signed by"),
    "foreword": ("forord", "foreword"),
    "goals": ("mål", "goal", "goals"),
    "rule": ("regel for hovedansvar", "rule for who leads"),
    "possible_measures": ("mulig tiltak", "mulige tiltak", "possible measure", "possible measures"),
    "predecessor": ("avløser", "succeeds"),
}
LABELS = ("U", "O", "F")
TRUE = frozenset({"ja", "yes", "true", "x", "1"})
FALSE = frozenset({"nei", "no", "false", "0"})
STANDING = frozenset({"standing", "fast", "lopende", "kontinuerlig"})
ONE_OFF = frozenset({"one_off", "one-off", "engangs", "en gang", "engangstiltak"})


def _reversed(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(word): key for key, every in words.items() for word in every}


_MEASURE, _PLAN = _reversed(MEASURE), _reversed(PLAN)


def measure_key(written: str) -> str:
    """ "Ansvar for utføring" -> "U"; "" for what no measure has."""
    return _MEASURE.get(_plain(written), "")


def plan_key(written: str) -> str:
    return _PLAN.get(_plain(written), "")


def _plain(written: str) -> str:
    return fold(written).strip(" :").strip() if len(written) < 60 else ""


def label_of(written: str) -> str:
    """U, O or F for the letter or the words; what is neither stays as it was written, to be refused by name."""
    key = measure_key(written)
    return key if key in LABELS else written.strip().upper() if len(written.strip()) == 1 else written.strip()


def number_of(written: str) -> int | str:
    """ "3", "3." and "Tiltak 3" are 3; what is no number stays as it was written."""
    found = re.fullmatch(r"(?:[^\W\d_]+\s*)?(\d{1,5})\.?", written.strip())
    return int(found[1]) if found else written.strip()


def flag_of(written: str) -> bool | str:
    folded = fold(written)
    return True if folded in TRUE else False if folded in FALSE else written


def recurrence_of(written: str) -> str:
    folded = fold(written)
    return "standing" if folded in STANDING else "one_off" if folded in ONE_OFF else written

"""Where the bars of an indicator stand. Whole numbers only, so that no language writes a comma into a drawing."""

from dataclasses import dataclass
from decimal import Decimal

from minutes.progress.indicators.showing import ShownIndicator
from minutes.progress.indicators.words import figure, number, percent

WIDTH, HEIGHT = 400, 220
TOP, FLOOR = 30, 185  # the highest bar's top, and where bars stand
MOST_BARS, MOST_LABELS = 60, 6
LETTER = 9  # the width of a letter at most, on a phone


@dataclass(frozen=True)
class Bar:
    """`label` and `words` are empty where there is no room for them. A period without a figure keeps its place."""

    x: int
    width: int
    y: int
    height: int
    label: str
    words: str
    is_wrong: bool

    @property
    def anchor(self) -> str:
        """At the edges the words stand within the drawing, not across its edge."""
        half, middle = LETTER * max(len(self.label), len(self.words)) // 2, self.x + self.width // 2
        if middle < half:
            return "start"
        return "end" if middle + half > WIDTH else "middle"

    @property
    def text_x(self) -> int:
        return {"start": 0, "end": WIDTH, "middle": self.x + self.width // 2}[self.anchor]

    @property
    def above(self) -> int:
        return self.y - 6


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    goal_y: int | None
    goal: str
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR
    label_y: int = FLOOR + 22


def chart(shown: ShownIndicator) -> Chart | None:
    """The latest MOST_BARS periods; None where there is no figure to draw."""
    rows = shown.rows[-MOST_BARS:]
    figures = [row.judged for row in rows]
    known = [one for one in figures if one is not None]
    if not known:
        return None
    goal = shown.indicator.goal
    highest = max([*known, goal] if goal is not None else known)
    step = WIDTH // len(rows)
    longest = max(len(text) for row in rows for text in (row.period, _label(shown, row.judged)))
    room = max(1, min(MOST_LABELS, WIDTH // (LETTER * longest)))
    every = -(-len(rows) // room)
    bars = []
    for place, row in enumerate(rows):
        tall = _height(row.judged, highest)
        is_told = (len(rows) - 1 - place) % every == 0  # the latest one always
        words = (row.period, _label(shown, row.judged)) if is_told else ("", "")
        x, width = place * step + step // 6, max(step * 2 // 3, 1)
        bars.append(Bar(x, width, FLOOR - tall, tall, *words, is_wrong=row.is_wrong))
    return Chart(bars, None if goal is None else FLOOR - _height(goal, highest), shown.goal)


def in_words(shown: ShownIndicator) -> str:
    """All that the drawing shows, for those who do not see it."""
    told = (f"{row.period}: {_told(shown, row.judged)}" for row in shown.rows[-MOST_BARS:])
    return "; ".join(told)


def _label(shown: ShownIndicator, value: Decimal | None) -> str:
    """Without the unit, for which there is no room."""
    if value is None:
        return "–"
    return percent(value) if shown.indicator.whole_id else number(value)


def _told(shown: ShownIndicator, value: Decimal | None) -> str:
    return "–" if value is None else figure(shown.indicator, value)


def _height(value: Decimal | None, highest: Decimal) -> int:
    return int(value * (FLOOR - TOP) / highest) if value and highest else 0

"""Indicators as their pages show them. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from events.plans.models import Measure, Plan
from minutes.progress.indicators.models import Direction, Indicator, IndicatorValue, period_words
from minutes.progress.indicators.shares import Share, Way, movements, share
from minutes.progress.indicators.words import figure, is_wrong, movement, no_share, number, percent


@dataclass(frozen=True)
class PeriodRow:
    """One period of an indicator, in words. `judged` is the share of a part, the value of any other."""

    pk: int
    period: str
    value: str
    whole: str
    share: str
    judged: Decimal | None
    moved: str
    is_wrong: bool


@dataclass(frozen=True)
class ShownIndicator:
    indicator: Indicator
    rows: list[PeriodRow]  # the oldest first

    @property
    def latest(self) -> PeriodRow | None:
        return self.rows[-1] if self.rows else None

    @property
    def goal(self) -> str:
        return "" if self.indicator.goal is None else figure(self.indicator, self.indicator.goal)

    @property
    def is_reached(self) -> bool | None:
        """Whether the latest figure reaches the goal; None where there is no goal, figure or direction."""
        goal, latest, way = self.indicator.goal, self.latest, self.indicator.direction
        if goal is None or latest is None or latest.judged is None or way == Direction.NONE:
            return None
        return latest.judged >= goal if way == Direction.UP else latest.judged <= goal


def of_plan(plan: Plan) -> list[ShownIndicator]:
    """The plan's own and those of its measures. Two queries."""
    return shown(_rows(plan.tenant_id).filter(plan=plan))


def of_measure(measure: Measure) -> list[ShownIndicator]:
    return shown(_rows(measure.tenant_id).filter(measure=measure))


def shown(indicators: Iterable[Indicator]) -> list[ShownIndicator]:
    """One query for all values, whatever the number of indicators. All must belong to one tenant."""
    indicators = list(indicators)
    if not indicators:
        return []
    ids = {one.pk for one in indicators} | {one.whole_id for one in indicators if one.whole_id}
    figures: dict[int, list[IndicatorValue]] = {pk: [] for pk in ids}
    found = IndicatorValue.objects.of(indicators[0].tenant_id).filter(indicator__in=ids)
    for row in found.order_by("year", "month"):
        figures[row.indicator_id].append(row)
    return [_shown(one, figures) for one in indicators]


def _rows(tenant_id: int) -> "QuerySet[Indicator]":
    rows: QuerySet[Indicator] = Indicator.objects.of(tenant_id).select_related("whole", "measure")
    return rows


def _shown(indicator: Indicator, figures: dict[int, list[IndicatorValue]]) -> ShownIndicator:
    own = figures[indicator.pk]
    wholes = {row.period: row.value for row in figures.get(indicator.whole_id or 0, [])}
    shares = {row.period: share(row.value, wholes.get(row.period)) for row in own if indicator.whole_id}
    judged = {row.period: shares[row.period].percent if shares else row.value for row in own}
    ways = movements(judged)
    return ShownIndicator(
        indicator,
        [
            _row(indicator, row, wholes.get(row.period), shares.get(row.period), ways.get(row.period))
            for row in own
        ],
    )


def _row(
    indicator: Indicator, row: IndicatorValue, whole: Decimal | None, part: Share | None, way: Way | None
) -> PeriodRow:
    return PeriodRow(
        pk=row.pk,
        period=period_words(row.year, row.month),
        value=number(row.value),
        whole="–" if whole is None else number(whole),
        share=_share_words(part),
        judged=row.value if part is None else part.percent,
        moved=movement(way, indicator.direction) if way else "",
        is_wrong=way is not None and is_wrong(way, indicator.direction),
    )


def _share_words(part: Share | None) -> str:
    if part is None:
        return ""
    return percent(part.percent) if part.percent is not None else no_share(part.lacks) if part.lacks else ""

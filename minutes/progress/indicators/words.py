"""Figures, shares and movements as a person would say them, in the active language."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from minutes.progress.indicators.models import Direction, Indicator
from minutes.progress.indicators.shares import NoShare, Way


def number(value: Decimal) -> str:
    """Without zeros at the end: 22, 22,5."""
    whole = value == value.to_integral_value()
    shown = value.quantize(Decimal(1)) if whole else value.normalize()
    return str(formats.number_format(shown, force_grouping=True))


def percent(value: Decimal) -> str:
    """Always one decimal: 18,0 %."""
    return f"{formats.number_format(value, decimal_pos=1)}\N{NO-BREAK SPACE}%"


def figure(indicator: Indicator, value: Decimal) -> str:
    """The figure that is judged: a share, or the value with its unit."""
    if indicator.whole_id:
        return percent(value)
    return f"{number(value)} {indicator.unit}".strip()


def no_share(why: NoShare) -> str:
    return {
        NoShare.NO_WHOLE: _("No share: the whole has no value for this period"),
        NoShare.ZERO: _("No share: the whole is zero"),
        NoShare.LARGER: _("No share: the part is larger than the whole"),
    }[why]


def is_wrong(way: Way, wished: str) -> bool:
    return (way, wished) in ((Way.UP, Direction.DOWN), (Way.DOWN, Direction.UP))


def movement(way: Way, wished: str) -> str:
    if way == Way.FIRST:
        return _("the first figure")
    if way == Way.SAME:
        return _("as before")
    if wished == Direction.NONE:
        return _("has gone up") if way == Way.UP else _("has gone down")
    if is_wrong(way, wished):
        if way == Way.UP:
            return _("the wrong way: has gone up, should go down")
        return _("the wrong way: has gone down, should go up")
    return _("has gone up, as wished") if way == Way.UP else _("has gone down, as wished")

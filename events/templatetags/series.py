"""Where a meeting stands in its series, for the page of the meeting."""

from django import template

from events.gatherings.models import Event
from events.gatherings.series.showing import Beside, beside

register = template.Library()


@register.simple_tag
def place_in_series(event: Event) -> Beside | None:
    """None for a meeting by itself, and then no query; three for one of a series."""
    return beside(event) if event.series_id else None

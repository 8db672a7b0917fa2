"""A series to look at: weekly on Tuesdays at 17:00, from 9 March 2027 on."""

import datetime as dt

from events.gatherings import services as gatherings
from events.gatherings.series import services
from events.gatherings.series.rules import Frequency, Rule
from tests.factories import OSLO

FIRST = dt.datetime(2027, 3, 9, 17, tzinfo=OSLO)


def wall(*when):
    """What a clock shows."""
    return dt.datetime(*when)  # noqa: DTZ001


def rule_of(first, **facts):
    """Weekly, as the event is."""
    starts, ends = first.starts_local, first.ends_local
    wall = dt.datetime.combine(starts.date(), starts.time())
    lasts = dt.datetime.combine(ends.date(), ends.time()) - wall
    return Rule(
        **{"frequency": Frequency.WEEKLY, "starts": wall, "lasts": lasts, "zone": first.time_zone, **facts}
    )


def made(first, *, by=None, **facts):
    """The series of `first`, which is a draft; `facts` are the rule's."""
    return services.make(first, by=by, rule=rule_of(first, **facts))


def given_of(one, programme=(), **changed):
    """The arguments of a change of `one` in which nothing but `changed` differs."""
    facts = {name: getattr(one, name) for name in gatherings.SETTABLE if name != "facts"}
    return {
        "facts": {**facts, **changed},
        "format_name": "",
        "hosts": [link.organisation for link in one.host_links.all()],
        "measures": [link.measure for link in one.measure_links.all()],
        "programme": programme,
    }


def shown_as(series):
    return [f"{one.starts_local:%d.%m} {one.title}" for one in series.occurrences.order_by("recurrence_at")]

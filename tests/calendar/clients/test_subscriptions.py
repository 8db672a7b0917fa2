"""Real calendars subscribe to our feeds over HTTP: the right moment in UTC and the exact words, in each of them."""

import pytest

from tests.calendar.clients import programs

pytestmark = pytest.mark.slow

CLIENTS = [
    pytest.param(programs.with_icalendar, id="icalendar"),
    pytest.param(programs.with_vobject, id="vobject"),
    pytest.param(programs.with_recurring_ical_events, id="recurring-ical-events"),
    pytest.param(programs.libical, id="libical", marks=pytest.mark.libical),
    pytest.param(programs.node_ical, id="node-ical", marks=pytest.mark.node_ical),
    pytest.param(programs.vdirsyncer, id="vdirsyncer", marks=pytest.mark.vdirsyncer),
    pytest.param(programs.khal, id="khal", marks=[pytest.mark.vdirsyncer, pytest.mark.khal]),
]


def by_start(found):
    return sorted(found, key=lambda one: one.starts)


@pytest.mark.parametrize("reads", CLIENTS)
def test_a_client_tells_the_right_moments_and_the_exact_words(public, told, tmp_path, reads):
    found = by_start(reads(public, tmp_path))
    for has, meant in zip(found, told, strict=False):
        assert has == meant
    assert len(found) == len(told)

"""Whether a measure keeps its dates, and how its pages say so."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from events.dates import SEASONS, Precision, VagueDate
from events.plans.models import Measure, Plan
from minutes.progress.models import StatusNote
from minutes.progress.timeliness import SOON, Timeliness, of_date, of_measure
from minutes.records.models import Phase
from tests.factories import measure
from tests.progress.kit import milestone

DAY = dt.timedelta(days=1)
FINISHED = {Phase.COMPLETED, Phase.ENDED}
ORDER = [Timeliness.NO_DEADLINE, Timeliness.ON_TIME, Timeliness.DUE_SOON, Timeliness.LATE]


@st.composite
def vague_dates(draw):
    precision = draw(st.sampled_from(Precision.values))
    year = draw(st.integers(2000, 2040))
    months = {"quarter": (1, 4, 7, 10), "season": tuple(SEASONS.values()), "year": (1,)}
    month = draw(st.sampled_from(months.get(precision, range(1, 13))))
    return VagueDate(dt.date(year, month, draw(st.integers(1, 28)) if precision == "day" else 1), precision)


days = st.dates(dt.date(1999, 1, 1), dt.date(2042, 1, 1))
dues = st.lists(vague_dates(), max_size=3)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2016-10-31", "on_time"),
        ("2016-11-01", "due_soon"),
        ("2016-12-31", "due_soon"),
        ("2017-01-01", "late"),
    ],
)
@pytest.mark.parametrize(
    "due",
    [
        VagueDate(dt.date(2016, 1, 1), "year"),
        VagueDate(dt.date(2016, 10, 1), "quarter"),
        VagueDate(dt.date(2016, 9, 1), "season"),
        VagueDate(dt.date(2016, 12, 1), "month"),
        VagueDate(dt.date(2016, 12, 31), "day"),
    ],
    ids=lambda due: due.precision,
)
def test_a_measure_is_late_only_after_the_last_day_its_deadline_may_mean(due, today, expected):
    assert of_measure("under_way", due, today=dt.date.fromisoformat(today)) == expected


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_word_and_only_what_is_finished_is_never_late(phase):
    long_ago = VagueDate(dt.date(2001, 1, 1), "year")
    expected = Timeliness.FINISHED if phase in FINISHED else Timeliness.LATE
    assert of_measure(phase, long_ago, today=dt.date(2026, 1, 1)) == expected


def test_a_measure_without_dates_has_no_deadline():
    assert of_measure("planning", None, today=dt.date(2026, 1, 1)) == Timeliness.NO_DEADLINE


@given(st.sampled_from(Phase.values), st.none() | vague_dates(), dues, days)
def test_never_late_before_the_last_day_of_what_is_due(phase, deadline, milestones, today):
    lasts = [due.last for due in (deadline, *milestones) if due]
    found = of_measure(phase, deadline, today=today, milestones=milestones)
    if phase in FINISHED:
        assert found == Timeliness.FINISHED
    else:
        assert (found == Timeliness.LATE) == any(last < today for last in lasts)
        assert (found == Timeliness.NO_DEADLINE) == (not lasts)
        assert (found == Timeliness.ON_TIME) == (bool(lasts) and min(lasts) - today > SOON)


@given(st.sampled_from(Phase.values), st.none() | vague_dates(), dues, days, st.integers(0, 2000))
def test_time_alone_never_makes_it_better(phase, deadline, milestones, today, later):
    before, after = (
        of_measure(phase, deadline, today=day, milestones=milestones) for day in (today, today + later * DAY)
    )
    if phase in FINISHED:
        assert before == after
    else:
        assert ORDER.index(before) <= ORDER.index(after)


@pytest.mark.parametrize("precision", Precision.values)
def test_the_last_year_of_the_calendar_has_a_last_day(precision):
    month = 10 if precision == "quarter" else 9 if precision == "season" else 12
    month, day = (1, 1) if precision == "year" else (month, 31 if precision == "day" else 1)
    due = VagueDate(dt.date(9999, month, day), precision)
    assert due.last == dt.date.max
    assert of_date(due, today=dt.date(2026, 1, 1)) == Timeliness.ON_TIME


@time_machine.travel("2016-11-20 12:00:00+00:00", tick=False)
def test_plan_and_measure_say_with_the_phase_whether_it_is_late(sandefjord, leif, at_desk):
    row = measure(sandefjord, deadline_from=dt.date(2016, 10, 1), deadline_precision="month")
    desk, pages = at_desk(leif), [f"/t/sandefjord/plans/{row.plan_id}/", f"/t/sandefjord/measures/{row.pk}/"]
    late = '<span class="ds-tag" data-size="sm" data-color="danger">Forsinket</span>'
    assert [late in desk.get(page).content.decode() for page in pages] == [True, True]
    StatusNote.objects.create(tenant=sandefjord, measure=row, phase="completed")
    assert [late in desk.get(page).content.decode() for page in pages] == [False, False]


@time_machine.travel("2016-11-20 12:00:00+00:00", tick=False)
def test_an_open_milestone_past_due_makes_the_measure_late_until_it_is_reached(sandefjord, leif, at_desk):
    row = measure(sandefjord)
    step = milestone(row, due_from=dt.date(2016, 11, 19), due_precision="day")
    page = f"/t/sandefjord/measures/{row.pk}/"
    assert at_desk(leif).get(page).context["page"].row.timeliness == Timeliness.LATE
    step.reached_on = dt.date(2016, 11, 20)
    step.save()
    assert at_desk(leif).get(page).context["page"].row.timeliness == Timeliness.NO_DEADLINE


def test_nothing_is_late_in_a_plan_that_is_over(sandefjord, leif, at_desk):
    row = measure(sandefjord, deadline_from=dt.date(2016, 10, 1), deadline_precision="month")
    page = f"/t/sandefjord/measures/{row.pk}/"
    assert at_desk(leif).get(page).context["page"].row.timeliness == Timeliness.LATE
    Plan.objects.of(sandefjord).update(state="ended", ended_on=dt.date(2018, 1, 1))
    assert at_desk(leif).get(page).context["page"].row.timeliness is None
    assert Measure.objects.of(sandefjord).count() == 1

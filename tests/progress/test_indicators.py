"""Indicators: what is refused, what is kept, and what their pages say."""

import itertools
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from events.audit import AuditEntry
from minutes.progress.indicators import services
from minutes.progress.indicators.chart import FLOOR, TOP, chart
from minutes.progress.indicators.models import Indicator, IndicatorValue
from minutes.progress.indicators.showing import of_plan, shown
from tests.factories import indicator, measure
from tests.queries import queries_of

HOME = "/t/sandefjord/"
FIELDS = {"name": "Henvendelser", "rhythm": "yearly", "direction": "none"}


@pytest.fixture
def plan(sandefjord):
    return measure(sandefjord).plan


@pytest.fixture
def copenhagen(plan):
    """Bekymringshenvendelser, and those in which something was set going."""
    whole = indicator(plan, {2014: 60, 2015: 100}, name="Bekymringshenvendelser")
    part = indicator(
        plan, {2014: 22, 2015: 18}, name="Indsats iværksat", whole=whole, direction="up", unit="saker"
    )
    return whole, part


def text(page):
    return page.content.decode()


def words_of(entries):
    return [entry.words() for entry in entries.order_by("pk")]


def test_copenhagens_share_is_shown_and_its_wrong_way_is_said_and_red(copenhagen, leif, at_desk):
    page = at_desk(leif).get(f"{HOME}indicators/{copenhagen[1].pk}/")
    rows = [(row.period, row.value, row.whole, row.share, row.is_wrong) for row in page.context["one"].rows]
    assert rows == [("2014", "22", "60", "36,7\xa0%", False), ("2015", "18", "100", "18,0\xa0%", True)]
    tag = '<span class="ds-tag" data-size="sm" data-color="danger">Gal vei: har gått ned, bør gå opp</span>'
    assert text(page).count(tag) == 1
    assert text(page).count('aria-current="true">Plan<') + text(page).count('aria-current="page">Plan<') == 1


def test_the_chart_is_a_picture_with_words_and_no_style(copenhagen, leif, at_desk):
    page = text(at_desk(leif).get(f"{HOME}indicators/{copenhagen[1].pk}/"))
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in svg
    assert '<desc id="chart-desc">2014: 36,7\xa0%; 2015: 18,0\xa0%</desc>' in svg
    assert svg.count("<rect") == 2
    assert "style" not in svg


def test_the_highest_bar_fills_the_chart_and_the_goal_counts(plan):
    [one] = shown([indicator(plan, {2014: 50, 2015: 0}, goal=Decimal(100))])
    drawn = chart(one)
    half = (FLOOR - TOP) // 2
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(FLOOR - half, half), (FLOOR, 0)]
    assert drawn.goal_y == TOP


def test_a_chart_of_many_periods_writes_the_latest_and_few_others(plan):
    [one] = shown([indicator(plan, dict.fromkeys(range(1901, 2001), 1))])
    drawn = chart(one)
    told = [bar.label for bar in drawn.bars if bar.label]
    assert (len(drawn.bars), len(told), told[-1]) == (60, 6, "2000")
    assert drawn.bars[-1].x + drawn.bars[-1].width <= drawn.width


def test_words_of_a_chart_stand_within_it_and_do_not_meet(plan):
    row = indicator(plan, rhythm="monthly")
    for n in range(30):
        IndicatorValue.objects.create(
            tenant=plan.tenant, indicator=row, year=2014 + n // 12, month=n % 12 + 1, value=1000 * n
        )
    told = [bar for bar in chart(shown([row])[0]).bars if bar.label]
    assert (told[-1].label, told[-1].words) == ("juni 2016", "29\xa0000")
    spans = [span(bar) for bar in told]
    assert len(spans) == 3
    assert (spans[0][0] >= 0, spans[-1]) == (True, (400 - 9 * 9, 400))
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


def span(bar):
    """From where to where a bar's words reach, a letter taken as 9 wide."""
    width = 9 * max(len(bar.label), len(bar.words))
    starts = {"start": bar.text_x, "end": bar.text_x - width, "middle": bar.text_x - width // 2}[bar.anchor]
    return starts, starts + width


def test_nothing_but_zeros_is_drawn_without_a_fall(plan):
    assert [bar.height for bar in chart(shown([indicator(plan, {2014: 0})])[0]).bars] == [0]
    assert chart(shown([indicator(plan)])[0]) is None


def test_a_missing_or_zero_whole_is_said(plan, leif, at_desk):
    whole = indicator(plan, {2014: 0})
    part = indicator(plan, {2013: 3, 2014: 0}, whole=whole)
    page = text(at_desk(leif).get(f"{HOME}indicators/{part.pk}/"))
    for words in ("Ingen andel: helheten mangler verdi for perioden", "Ingen andel: helheten er null"):
        assert words in page


@pytest.mark.parametrize(
    ("direction", "goal", "reached"),
    [("up", 30, False), ("up", 18, True), ("down", 18, True), ("down", 17, False), ("none", 18, None)],
)
def test_a_goal_is_reached_in_the_wished_direction(plan, direction, goal, reached):
    row = indicator(plan, {2014: 22, 2015: 18}, direction=direction, goal=Decimal(goal))
    assert shown([row])[0].is_reached is reached


def test_lists_ask_the_same_for_one_indicator_and_for_three(plan, leif, at_desk):
    row = plan.measures.get()
    whole = indicator(plan, {2014: 60})
    indicator(plan, {2014: 22}, whole=whole, measure=row)
    pages = [f"{HOME}plans/{plan.pk}/indicators/", f"{HOME}measures/{row.pk}/"]
    one = [queries_of(at_desk(leif), page) for page in pages]
    for _n in range(2):
        indicator(plan, {2014: 22, 2015: 23}, whole=whole, measure=row)
    assert [queries_of(at_desk(leif), page) for page in pages] == one
    assert one[0] <= 4


def test_an_indicator_is_made_for_a_plan_and_for_a_measure(plan, kari, at_desk):
    desk, row = at_desk(kari), plan.measures.get()
    facts = {**FIELDS, "unit": "personer", "goal": "1 234,5", "goal_by": "våren 2027"}
    page = desk.post(f"{HOME}plans/{plan.pk}/indicators/new/", facts, follow=True)
    made = Indicator.objects.of(plan.tenant).get()
    assert (made.measure, made.goal, made.goal_by.words()) == (None, Decimal("1234.5"), "våren 2027")
    assert "våren 2027" in text(page)
    desk.post(f"{HOME}measures/{row.pk}/indicators/new/", {**FIELDS, "name": "Møter"})
    assert Indicator.objects.of(plan.tenant).get(name="Møter").measure == row
    assert "Møter" in text(desk.get(f"{HOME}measures/{row.pk}/"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Bekymringshenvendelser"}, "name"),
        ({"goal": "mange"}, "goal"),
        ({"goal_by": "2027"}, "goal"),
        ({"goal_by": "snart"}, "goal_by"),
        ({"direction": "sideways"}, "direction"),
        ({"definition": "gjelder 13097248022"}, "definition"),
        ({"whole": "0"}, "whole"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    copenhagen, plan, kari, at_desk, typed, field
):
    page = at_desk(kari).post(f"{HOME}plans/{plan.pk}/indicators/new/", {**FIELDS, "unit": "saker", **typed})
    assert list(page.context["form"].errors) == [field]
    assert 'value="saker"' in text(page)
    assert Indicator.objects.of(plan.tenant).count() == 2


def test_a_share_has_a_goal_of_a_hundred_at_most_and_its_wholes_rhythm(copenhagen, plan, kari, at_desk):
    typed = {**FIELDS, "whole": copenhagen[0].pk, "goal": "101", "rhythm": "monthly"}
    page = at_desk(kari).post(f"{HOME}plans/{plan.pk}/indicators/new/", typed)
    assert sorted(page.context["form"].errors) == ["goal", "rhythm"]


def test_a_part_has_no_parts_and_a_whole_is_no_part(copenhagen, plan, kari, at_desk):
    whole, part = copenhagen
    page = at_desk(kari).post(f"{HOME}plans/{plan.pk}/indicators/new/", {**FIELDS, "whole": part.pk})
    assert list(page.context["form"].errors) == ["whole"]
    assert "whole" not in at_desk(kari).get(f"{HOME}indicators/{whole.pk}/edit/").context["form"].fields
    with pytest.raises(ValueError, match="no parts"):
        services.change_indicator(whole, by=kari, facts={"whole": indicator(plan)})


def test_the_whole_is_of_the_same_plan(copenhagen, kristiansand, kari):
    other = indicator(measure(kristiansand).plan)
    with pytest.raises(ValueError, match="another plan"):
        services.change_indicator(copenhagen[1], by=kari, facts={"whole": other})


def test_a_change_is_audited_once_and_the_rhythm_stays_with_values(copenhagen, plan, kari, at_desk):
    whole = copenhagen[0]
    page = at_desk(kari).post(
        f"{HOME}indicators/{whole.pk}/edit/", {**FIELDS, "name": whole.name, "rhythm": "monthly"}
    )
    assert list(page.context["form"].errors) == ["rhythm"]
    facts = {"name": "Bekymringer"}
    assert services.change_indicator(whole, by=kari, facts=facts)
    assert not services.change_indicator(whole, by=kari, facts=facts)
    assert words_of(AuditEntry.objects.of(plan.tenant).about(whole)) == [
        f"{kari.name} endret måltallet «Bekymringer»."
    ]


def test_an_indicator_with_values_or_parts_is_not_removed(copenhagen, plan, kari, at_desk):
    desk, empty = at_desk(kari), indicator(plan)
    for row in (*copenhagen, empty):
        desk.post(f"{HOME}indicators/{row.pk}/remove/")
    assert list(Indicator.objects.of(plan.tenant).order_by("pk")) == list(copenhagen)
    services.remove_indicator(empty, by=kari)  # again: nothing


def test_a_measure_with_indicators_is_not_removed(plan, kari, at_desk):
    row = plan.measures.get()
    indicator(plan, measure=row)
    assert at_desk(kari).get(f"{HOME}measures/{row.pk}/remove/").context["uses"] == ["1 måltall gjelder det"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("22", "22"),
        ("36,75", "36.75"),
        ("36.7", "36.7"),
        ("1 234\xa0567,5", "1234567.5"),
        ("999999999999,99", "999999999999.99"),
    ],
)
def test_a_value_is_typed_as_people_write_it(plan, kari, at_desk, typed, kept):
    row = indicator(plan)
    page = at_desk(kari).post(f"{HOME}indicators/{row.pk}/values/new/", {"year": "2014", "value": typed})
    assert page.status_code == 302
    assert row.figures.get().value == Decimal(kept)


@pytest.mark.parametrize(
    "typed",
    ["", "-1", "\u22121", "1000000000000", "1,234", "NaN", "Infinity", "1e5", "x", "²", "9" * 39, "1,2,3"],
)
def test_a_value_that_cannot_be_is_refused_beside_the_field(plan, kari, at_desk, typed):
    row = indicator(plan)
    page = at_desk(kari).post(f"{HOME}indicators/{row.pk}/values/new/", {"year": "2014", "value": typed})
    assert list(page.context["form"].errors) == ["value"]
    assert f'value="{typed}"' in text(page) or not typed
    assert not row.figures.exists()


def test_a_period_is_entered_once(copenhagen, plan, kari, at_desk):
    row = copenhagen[0]
    page = at_desk(kari).post(f"{HOME}indicators/{row.pk}/values/new/", {"year": "2014", "value": "61"})
    assert list(page.context["form"].errors) == ["year"]
    assert 'value="61"' in text(page)
    with pytest.raises(services.PeriodTaken):
        services.add_value(row, by=kari, year=2014, month=0, value=Decimal(61))
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.create(tenant=plan.tenant, indicator=row, year=2014, value=1)
    assert row.figures.get(year=2014).value == 60


def test_a_month_is_said_with_its_name(plan, kari, at_desk):
    row, desk = indicator(plan, rhythm="monthly"), at_desk(kari)
    assert list(
        desk.post(f"{HOME}indicators/{row.pk}/values/new/", {"year": "2014", "value": "1"})
        .context["form"]
        .errors
    ) == ["month"]
    facts = {"year": "2014", "month": "10", "value": "7"}
    assert "oktober 2014" in text(desk.post(f"{HOME}indicators/{row.pk}/values/new/", facts, follow=True))
    with pytest.raises(ValueError, match="length"):
        services.add_value(row, by=kari, year=2015, month=0, value=Decimal(1))


def test_a_value_is_changed_and_deleted_with_what_it_was_in_the_audit_trail(copenhagen, plan, kari, at_desk):
    desk, figure = at_desk(kari), copenhagen[0].figures.get(year=2015)
    assert 'value="100"' in text(desk.get(f"{HOME}indicators/values/{figure.pk}/edit/"))
    desk.post(f"{HOME}indicators/values/{figure.pk}/edit/", {"value": "101,5"})
    desk.post(f"{HOME}indicators/values/{figure.pk}/edit/", {"value": "101,5"})
    desk.post(f"{HOME}indicators/values/{figure.pk}/remove/")
    assert not services.remove_value(figure, by=kari)
    assert not services.change_value(figure, by=kari, value=Decimal(1))
    assert [row.year for row in copenhagen[0].figures.all()] == [2014]
    assert words_of(AuditEntry.objects.of(plan.tenant).about(copenhagen[0])) == [
        f"{kari.name} endret verdien for 2015 i «Bekymringshenvendelser» fra 100.00 til 101.5.",
        f"{kari.name} slettet verdien 101.50 for 2015 i «Bekymringshenvendelser».",
    ]


def test_a_reader_reads_and_changes_nothing(copenhagen, plan, leif, at_desk):
    desk, figure = at_desk(leif), copenhagen[0].figures.get(year=2015)
    assert "/edit/" not in text(desk.get(f"{HOME}indicators/{copenhagen[0].pk}/"))
    for address in (
        f"plans/{plan.pk}/indicators/new/",
        f"indicators/{copenhagen[0].pk}/values/new/",
        f"indicators/values/{figure.pk}/remove/",
    ):
        assert desk.post(f"{HOME}{address}", {"year": "2016", "value": "1", **FIELDS}).status_code == 403
    assert IndicatorValue.objects.of(plan.tenant).count() == 4


def test_indicators_of_a_draft_exist_for_those_who_write_plans_alone(sandefjord, leif, kari, at_desk):
    row = indicator(measure(sandefjord, state="draft", decided_on=None).plan)
    assert at_desk(leif).get(f"{HOME}indicators/{row.pk}/").status_code == 404
    assert at_desk(kari).get(f"{HOME}indicators/{row.pk}/").status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"goal_from": "2027-01-01", "goal_precision": "year"},
        {"goal": 1, "goal_from": "2027-01-01"},
        {"goal": -1},
        {"direction": "sideways"},
        {"rhythm": "weekly"},
    ],
    ids=str,
)
def test_the_database_refuses_an_indicator_that_says_nothing_sensible(plan, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator(plan, **facts)


@pytest.mark.parametrize("facts", [{"value": -1}, {"month": 13}, {"year": 1}], ids=str)
def test_the_database_refuses_an_impossible_value(plan, facts):
    row = indicator(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.create(
            tenant=plan.tenant, indicator=row, **{"year": 2014, "value": 1, **facts}
        )


def test_the_plans_list_holds_its_measures_indicators_and_no_strangers(plan, kristiansand):
    indicator(measure(kristiansand).plan)
    mine = indicator(plan, measure=plan.measures.get())
    assert [one.indicator for one in of_plan(plan)] == [mine]

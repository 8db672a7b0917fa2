"""Decisions are numbered on approval, per body and year, without gaps, also when two are approved at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from minutes.approval import services as approval
from minutes.approval.models import DecisionNumber
from minutes.approval.numbering import number_decisions
from minutes.records import services as records
from minutes.records.content import Content
from minutes.records.models import Minutes
from tests.actions.scene import approved, met
from tests.factories import organisation
from tests.records.scene import new


def decided(meeting, by, *texts):
    """Submitted minutes with these decisions."""
    minutes = records.open_minutes(meeting, by=by)
    content = Content(decisions=[new(text=text) for text in texts])
    records.save(minutes, by=by, revision=minutes.revision, content=content)
    return approval.submit(minutes, by=by)


def numbers(minutes):
    rows = DecisionNumber.objects.of(minutes.tenant_id).filter(outcome__minutes=minutes)
    return [str(row) for row in rows.order_by("outcome__position")]


def on(year):
    starts = dt.datetime(year, 3, 5, 12, tzinfo=dt.UTC)
    return {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1)}


def test_a_body_counts_its_own_decisions_anew_each_year(sandefjord, kristiansand, kari, nils):
    council = organisation(sandefjord, name="Politirådet", kind="municipal")
    forum = organisation(sandefjord, name="Forumet", kind="municipal")

    def given(at, by, year, *hosts):
        from tests.actions.scene import hosted
        from tests.factories import event

        meeting = event(at, kind="forum", answer_by=None, **on(year))
        hosted(meeting, hosts)
        minutes = decided(meeting, by, "a", "b")
        assert numbers(minutes) == []
        approval.approve(minutes, by=by)
        return numbers(minutes)

    assert given(sandefjord, kari, 2026, council) == ["1/2026", "2/2026"]
    assert given(sandefjord, kari, 2026, council, forum) == ["3/2026", "4/2026"]
    assert given(sandefjord, kari, 2026, forum) == ["1/2026", "2/2026"]
    assert given(sandefjord, kari, 2025, council) == ["1/2025", "2/2025"]
    assert given(sandefjord, kari, 2026) == ["1/2026", "2/2026"]
    assert given(kristiansand, nils, 2026) == ["1/2026", "2/2026"]


def test_approving_again_gives_no_new_numbers(sandefjord, kari):
    minutes = decided(met(sandefjord), kari, "a")
    approval.approve(minutes, by=kari)
    before = numbers(minutes)
    approval.approve(minutes, by=kari)
    assert number_decisions(minutes) == []
    assert numbers(minutes) == before


def test_an_approval_that_fails_gives_its_numbers_back(sandefjord, kari, monkeypatch):
    minutes = decided(met(sandefjord), kari, "a", "b")
    monkeypatch.setattr(approval, "_freeze", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        approval.approve(minutes, by=kari)
    monkeypatch.undo()
    approval.approve(minutes, by=kari)
    assert [one.split("/")[0] for one in numbers(minutes)] == ["1", "2"]


def test_the_database_refuses_the_same_number_twice(sandefjord, kari):
    minutes = decided(met(sandefjord), kari, "a", "b")
    approval.approve(minutes, by=kari)
    first, second = DecisionNumber.objects.of(sandefjord)
    second.number = first.number
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_basis_and_dissent_are_frozen_and_dissent_is_for_those_who_see_guests(
    sandefjord, kari, leif, at_desk
):
    meeting = met(sandefjord)
    minutes = records.open_minutes(meeting, by=kari)
    row = new(text="Nytt lys", basis="Rapporten fra mars", dissent="Amina ville vente")
    records.save(minutes, by=kari, revision=0, content=Content(decisions=[row]))
    approved(minutes, kari)
    page = f"/t/sandefjord/events/{meeting.pk}/minutes/"
    seen = at_desk(kari).get(page).content.decode()
    assert all(words in seen for words in ("Rapporten fra mars", "Amina ville vente", "1/"))
    seen = at_desk(leif).get(page).content.decode()
    assert "Rapporten fra mars" in seen
    assert "Amina ville vente" not in seen


@pytest.mark.django_db(transaction=True)
def test_minutes_that_are_approved_at_once_share_no_number_and_leave_no_gap(sandefjord, kari):
    rows = [decided(met(sandefjord, days_ago=1), kari, "a", "b", "c") for _n in range(6)]
    gate = Barrier(len(rows))

    def approve(minutes):
        try:
            gate.wait(timeout=10)
            fresh = (
                Minutes.objects.of(sandefjord).select_related("event", "tenant", "author").get(pk=minutes.pk)
            )
            approval.approve(fresh, by=kari)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(approve, rows))
    given = [numbers(minutes) for minutes in rows]
    assert sorted(int(one.split("/")[0]) for many in given for one in many) == list(range(1, 19))
    for many in given:
        first = int(many[0].split("/")[0])
        assert [int(one.split("/")[0]) for one in many] == [first, first + 1, first + 2]

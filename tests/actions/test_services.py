"""Action points are one row for life (issue 6, point 5): made by approval, moved by name, with a history."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.dates import Precision, VagueDate
from minutes.approval import services as approval
from minutes.records.actions import services
from minutes.records.actions.models import SUCCESSORS, ActionChange, ActionItem
from minutes.records.refusals import IdentityNumber, NotAllowed
from tests.actions.scene import DAY, amina, approved, decided, draft, fresh, met, on, today
from tests.factories import organisation, staff

STATES = tuple(ActionItem.Status)


def history(action):
    rows = ActionChange.objects.of(action.tenant_id).filter(action=action).order_by("pk")
    return [(row.kind, row.source, row.by_name, row.note) for row in rows]


def test_an_action_of_a_draft_is_no_action_point_and_becomes_one_when_the_minutes_are_approved(
    sandefjord, kari
):
    minutes = draft(met(sandefjord), kari)
    assert not ActionItem.objects.of(sandefjord).exists()
    approval.submit(minutes, by=kari)
    assert not ActionItem.objects.of(sandefjord).exists()
    approval.approve(minutes, by=kari)
    row = ActionItem.objects.of(sandefjord).get()
    assert (row.text, row.owner, row.status, row.due_from) == (
        "Ringe skolene", "Amina Noor", "open", today() + 30 * DAY,
    )  # fmt: skip
    assert history(row) == [("opened", "minutes", "Kari Koordinator", "")]


def test_approving_again_and_correcting_make_no_second_row(sandefjord, kari):
    action = decided(sandefjord, kari)
    minutes = action.outcome.minutes
    approval.approve(minutes, by=kari)
    services.open_from(minutes, by=kari, at=action.opened_at)
    assert ActionItem.objects.of(sandefjord).count() == 1


@pytest.mark.parametrize(
    ("name", "link"),
    [("Amina Noor", "owner_contact"), ("Kari Koordinator", "owner_membership"), ("Politiet", "owner_organisation"),
     ("En annen", None)],
)  # fmt: skip
def test_an_owner_is_a_contact_a_colleague_or_a_body_and_the_name_stays_as_written(
    sandefjord, kari, name, link
):
    amina(sandefjord)
    organisation(sandefjord, name="Politiet", kind="police")
    action = decided(sandefjord, kari, owner=name)
    known = {
        field
        for field in ("owner_contact", "owner_membership", "owner_organisation")
        if getattr(action, field)
    }
    assert (action.owner, known) == (name, {link} if link else set())


def test_a_name_that_two_colleagues_share_is_kept_as_text(sandefjord, kari):
    staff(sandefjord, "reader", name="kari koordinator", email="to@x.example")
    assert decided(sandefjord, kari, owner="Kari Koordinator").owner_membership is None


# --- The states -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("old", "new"), list(product(STATES, STATES)))
def test_every_move_is_in_the_table_or_refused(sandefjord, kari, old, new):
    action = decided(sandefjord, kari)
    if old != "open":
        services.move(action, by=kari, to=old, note="fordi")
    before = history(action)
    if new == old:
        services.move(action, by=kari, to=new, note="fordi")
        assert history(action) == before
    elif new in SUCCESSORS[old]:
        services.move(action, by=kari, to=new, note="fordi")
        kind = {"open": "reopened"}.get(new, new)
        assert history(action)[-1] == (kind, "staff", "Kari Koordinator", "fordi")
        assert AuditEntry.objects.of(sandefjord).about(action).first().action == f"action.{kind}"
    else:
        with pytest.raises(NotAllowed):
            services.move(action, by=kari, to=new, note="fordi")
        assert (fresh(action).status, history(action)) == (old, before)
    assert (fresh(action).closed_at is None) == (fresh(action).status == "open")


def test_dropping_needs_a_reason(sandefjord, kari):
    action = decided(sandefjord, kari)
    with pytest.raises(NotAllowed):
        services.move(action, by=kari, to="dropped", note=" ")
    assert fresh(action).status == "open"


def test_a_note_holds_no_national_identity_number(sandefjord, kari):
    action = decided(sandefjord, kari)
    with pytest.raises(IdentityNumber):
        services.move(action, by=kari, to="done", note="gjelder 13097248022")
    with pytest.raises(IdentityNumber):
        services.edit(action, by=kari, facts={"owner": "13097248022", "due": None, "not_before": None})
    assert history(action) == [("opened", "minutes", "Kari Koordinator", "")]


def test_history_is_only_added_to(sandefjord, kari):
    row = ActionChange.objects.of(sandefjord).get(action=decided(sandefjord, kari))
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_changing_who_or_when_leaves_history_and_the_minutes_as_they_are(sandefjord, kari):
    action = decided(sandefjord, kari)
    facts = {
        "owner": "Politiet",
        "due": VagueDate(dt.date(2027, 3, 1), "season"),
        "not_before": dt.date(2027, 2, 1),
    }
    services.edit(action, by=kari, facts=facts)
    services.edit(action, by=kari, facts=facts)
    after = fresh(action)
    assert (after.owner, after.due.words(), after.due_last) == (
        "Politiet",
        "våren 2027",
        dt.date(2027, 5, 31),
    )
    assert [kind for kind, *_rest in history(action)] == ["opened", "changed"]
    assert fresh(action.outcome).owner == "Amina Noor"


def test_one_that_is_closed_is_not_changed(sandefjord, kari):
    action = decided(sandefjord, kari)
    services.move(action, by=kari, to="done")
    with pytest.raises(NotAllowed):
        services.edit(action, by=kari, facts={"owner": "Politiet", "due": None, "not_before": None})


# --- Overdue --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due", "last"),
    [("2027-02-28", (2027, 2, 28)), ("2027-02", (2027, 2, 28)), ("2027-12", (2027, 12, 31)),
     ("2027-Q1", (2027, 3, 31)),
     ("2027-Q4", (2027, 12, 31)), ("winter 2028", (2028, 2, 29)), ("autumn 2027", (2027, 12, 31)),
     ("2027", (2027, 12, 31))],
)  # fmt: skip
def test_a_vague_date_is_over_when_its_last_day_is(due, last):
    from events.dates import parse

    assert parse(due).last == dt.date(*last)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(Precision.values))
def test_the_last_day_is_never_before_the_first(day, precision):
    assert VagueDate(day, precision).last >= day.replace(day=1)


def test_overdue_is_open_and_past_its_last_day(sandefjord, kari):
    late = decided(sandefjord, kari, due=on(today() - DAY))
    decided(sandefjord, kari, due=on(today()))
    decided(sandefjord, kari, due=None)
    closed = decided(sandefjord, kari, due=on(today() - 9 * DAY))
    services.move(closed, by=kari, to="done")
    assert list(ActionItem.objects.of(sandefjord).overdue()) == [late]


def test_minutes_that_were_sent_back_give_one_row_when_they_are_approved_at_last(sandefjord, kari):
    minutes = draft(met(sandefjord), kari)
    approval.submit(minutes, by=kari)
    approval.send_back(minutes, by=kari, reason="Rett opp")
    approved(minutes, kari)
    assert ActionItem.objects.of(sandefjord).count() == 1

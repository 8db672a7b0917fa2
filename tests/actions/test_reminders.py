"""Owners are reminded by mail and answer from the link, without an account."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from events.tokens import digest
from invites.answers.own import erasing
from invites.post import outbox
from invites.post.letters import Letter, Postponed, Withheld
from invites.post.models import OutgoingMail
from minutes.records.actions import mails, reminding, services
from minutes.records.actions.models import ActionChange, ActionItem
from tests.actions.scene import DAY, amina, approved, decided, draft, fresh, met, on
from tests.factories import organisation

# A Thursday at noon.
NOW = dt.datetime(2026, 6, 4, 12, tzinfo=ZoneInfo("Europe/Oslo"))
TODAY = NOW.date()
WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def due_in(at, by, days, **facts):
    return decided(at, by, due=on(TODAY + days * DAY), **facts)


def queued(at):
    return list(OutgoingMail.objects.of(at).filter(kind="action_reminder").order_by("pk"))


def letter(mail):
    return mails.compose([mail])[mail.pk]


def reminded_after(clock, days):
    """The days, from now on, on which a tick sends something."""
    found = []
    for n in range(days):
        clock.move_to(NOW + n * DAY)
        if reminding.tick():
            found.append(n)
        assert reminding.tick() == 0
    return found


# --- When -----------------------------------------------------------------------------------------------------------
def test_seven_days_before_once_and_each_week_when_it_is_overdue(sandefjord, kari, clock):
    amina(sandefjord)
    due_in(sandefjord, kari, 10)
    assert reminded_after(clock, 40) == [3, 11, 18, 25, 32, 39]


def test_after_twelve_weeks_nobody_is_asked_any_more(sandefjord, kari, clock):
    amina(sandefjord)
    due_in(sandefjord, kari, -83)
    assert reminded_after(clock, 20) == [0]


def test_nothing_before_not_before_nor_when_it_is_closed_or_has_no_date(sandefjord, kari, clock):
    amina(sandefjord)
    due_in(sandefjord, kari, 3, not_before=TODAY + 2 * DAY)
    decided(sandefjord, kari, due=None)
    done = due_in(sandefjord, kari, 3)
    services.move(done, by=kari, to="done")
    assert reminded_after(clock, 4) == [2]


@pytest.mark.parametrize(
    "facts",
    [{"email": ""}, {"opted_out_at": NOW}, {"valid_until": TODAY - DAY}],
)
def test_who_is_gone_or_wants_no_mail_gets_none(sandefjord, kari, facts):
    person = amina(sandefjord)
    due_in(sandefjord, kari, 3)
    type(person).objects.of(sandefjord).filter(pk=person.pk).update(**facts)
    assert reminding.tick() == 0


def test_a_colleague_and_a_body_are_reminded_too(sandefjord, kari, mina):
    organisation(sandefjord, name="Politiet", kind="police", email="post@politiet.example")
    due_in(sandefjord, kari, 3, owner="Mina Referent")
    due_in(sandefjord, kari, 3, owner="Politiet")
    assert reminding.tick() == 2
    assert {mail.to_address for mail in queued(sandefjord)} == {mina.email, "post@politiet.example"}


def test_a_moved_date_moves_the_reminder_and_quiet_hours_are_kept(sandefjord, kari, clock):
    amina(sandefjord)
    action = due_in(sandefjord, kari, 3)
    services.edit(
        action, by=kari, facts={"owner": "Amina Noor", "due": on(TODAY + 20 * DAY), "not_before": None}
    )
    assert reminding.tick() == 0
    Tenant.objects.filter(pk=sandefjord.pk).update(
        quiet_weekends=True, quiet_from=dt.time(20), quiet_until=dt.time(7)
    )
    saturday = dt.datetime(2026, 6, 20, 12, tzinfo=ZoneInfo("Europe/Oslo"))
    clock.move_to(saturday)
    assert reminding.tick() == 1
    mail = queued(sandefjord)[0]
    assert mail.due_at == dt.datetime(2026, 6, 22, 7, tzinfo=ZoneInfo("Europe/Oslo"))
    assert isinstance(letter(mail), Postponed)


def test_locked_and_cancelled_meetings_remind_nobody(sandefjord, kari):
    amina(sandefjord)
    action = due_in(sandefjord, kari, 3)
    meetings = Event.objects.of(sandefjord).filter(pk=action.outcome.minutes.event_id)
    meetings.update(locked_at=NOW)
    assert reminding.tick() == 0
    meetings.update(locked_at=None)
    assert reminding.tick() == 1


# --- The words ------------------------------------------------------------------------------------------------------
def test_the_mail_holds_the_action_itself_and_nothing_else_of_the_minutes(sandefjord, kari):
    amina(sandefjord, language="en")
    meeting = met(sandefjord, title="Politiråd om moskeen")
    due_in(sandefjord, kari, 3, meeting=meeting, text="Ringe skolene <b>i</b> byen")
    reminding.tick()
    written = letter(queued(sandefjord)[0])
    assert isinstance(written, Letter)
    assert (written.subject, written.to.email, written.to.name) == (
        "A task of yours is due soon",
        "amina@moske.example",
        "",
    )
    link = f"/action/{ActionItem.objects.of(sandefjord).get().token}/"
    for words in (written.text, written.html):
        assert link in words
        assert "Amina" not in words
        assert "moskeen" not in words
    assert "Ringe skolene <b>i</b> byen" in written.text
    assert "Ringe skolene &lt;b&gt;i&lt;/b&gt; byen" in written.html


def test_a_mail_that_is_overtaken_is_not_sent(sandefjord, kari):
    amina(sandefjord)
    action = due_in(sandefjord, kari, 3)
    reminding.tick()
    [mail] = queued(sandefjord)
    services.move(action, by=kari, to="done")
    assert isinstance(letter(mail), Withheld)
    services.move(action, by=kari, to="open")
    assert isinstance(letter(mail), Letter)
    services.edit(action, by=kari, facts={"owner": "Politiet", "due": action.due, "not_before": None})
    assert isinstance(letter(mail), Withheld)


# --- The link -------------------------------------------------------------------------------------------------------
@pytest.fixture
def link(sandefjord, kari):
    amina(sandefjord)
    due_in(sandefjord, kari, 3)
    reminding.tick()
    return f"/action/{ActionItem.objects.of(sandefjord).get().token}/"


def the(at):
    return ActionItem.objects.of(at).get()


def said(at):
    rows = ActionChange.objects.of(at).filter(source="owner").order_by("pk")
    return [(row.kind, row.note, row.due_from) for row in rows]


def test_the_secret_is_long_and_only_its_hash_is_stored(sandefjord, link):
    token = link.split("/")[2]
    assert len(token) == 32
    assert the(sandefjord).token_hash == digest(token)


def test_opening_changes_nothing(sandefjord, link, client):
    before = list(ActionChange.objects.of(sandefjord).values())
    for how in (client.get, client.head):
        assert how(link + "?said=done").status_code == 200
    assert (the(sandefjord).status, list(ActionChange.objects.of(sandefjord).values())) == ("open", before)


def test_done_closes_it_with_the_note_and_staff_may_open_it_again(sandefjord, kari, link, client):
    first = client.post(link, {"said": "done", "note": "Ringte i går"})
    assert first.status_code == 302
    assert "ser hva du svarte" in client.get(first["Location"]).content.decode()
    client.post(link, {"said": "done", "note": "Ringte i går"})
    assert (the(sandefjord).status, said(sandefjord)) == ("done", [("done", "Ringte i går", None)])
    assert "<form" not in client.get(link).content.decode()
    services.move(the(sandefjord), by=kari, to="open")
    client.post(link, {"said": "done", "note": "Ringte i går"})
    assert (the(sandefjord).status, len(said(sandefjord))) == ("done", 2)


def test_not_yet_and_another_date_are_history_and_move_nothing(sandefjord, link, client):
    due = the(sandefjord).due
    client.post(link, {"said": "not_yet", "note": "Venter på svar"})
    client.post(link, {"said": "not_yet", "note": "Venter på svar"})
    client.post(link, {"said": "new_date", "due": "15.9.2026", "note": ""})
    assert said(sandefjord) == [("not_yet", "Venter på svar", None), ("new_date", "", dt.date(2026, 9, 15))]
    assert (the(sandefjord).status, the(sandefjord).due) == ("open", due)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "said"), ({"said": "dropped"}, "said"),
     ({"said": "new_date"}, "due"), ({"said": "new_date", "due": "snart"}, "due"),
     ({"said": "new_date", "due": "1.1.2020"}, "due"), ({"said": "new_date", "due": "1.1.2099"}, "due"),
     ({"said": "not_yet", "note": "gjelder 13097248022"}, "note"), ({"said": "not_yet", "note": "x" * 1001}, "note")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    sandefjord, link, client, typed, field
):
    shown = client.post(link, typed)
    assert shown.status_code == 200
    assert list(shown.context["form"].errors) == [field]
    assert said(sandefjord) == []
    if value := typed.get(field) if field != "said" else "":
        assert value in shown.content.decode()


def test_the_page_shows_the_action_alone_in_the_owners_language(sandefjord, link, client):
    shown = client.get(link).content.decode()
    assert "Ringe skolene" in shown
    assert "Politiråd" not in shown
    assert "Amina" not in shown
    assert '<html lang="ar" dir="rtl"' in client.get(link + "?lang=ar").content.decode()


def test_a_link_is_dead_when_it_is_old_wrong_or_somebody_elses(sandefjord, kari, link, client, clock):
    assert client.get("/action/" + "a" * 32 + "/").status_code == 404
    clock.move_to(NOW + 61 * DAY)
    assert client.get(link).status_code == 404
    clock.move_to(NOW)
    assert client.get(link).status_code == 200
    services.edit(the(sandefjord), by=kari, facts={"owner": "Politiet", "due": None, "not_before": None})
    assert client.get(link).status_code == 404


def test_the_kill_switch_closes_the_page(sandefjord, link, client):
    Event.objects.of(sandefjord).update(locked_at=NOW)
    for response in (client.get(link), client.post(link, {"said": "done"})):
        assert response.status_code == 410
        assert "Ringe skolene" not in response.content.decode()
    assert the(sandefjord).status == "open"


def test_twenty_answers_a_day_are_enough(sandefjord, link, client):
    codes = [client.post(link, {"said": "not_yet", "note": str(n)}).status_code for n in range(21)]
    assert (codes[19:], len(said(sandefjord))) == ([302, 429], 20)


def test_an_erased_owner_leaves_no_name_no_note_and_no_link(sandefjord, link, client):
    client.post(link, {"said": "not_yet", "note": "Jeg er syk"})
    erasing.erase(the(sandefjord).owner_contact)
    assert client.get(link).status_code == 404
    assert (the(sandefjord).owner, said(sandefjord)) == ("Slettet person", [("not_yet", "", None)])


# --- Nothing unapproved leaves the house -----------------------------------------------------------------------------
@given(
    word=st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=12, max_size=20),
    days=st.integers(-80, -1) | st.integers(1, 6),
    steps=st.lists(st.sampled_from(["submit", "send_back", "tick"]), max_size=5),
)
@pytest.mark.django_db
def test_no_text_of_an_unapproved_action_leaves_the_house(word, days, steps):
    from django.db import transaction

    from minutes.approval import services as approval
    from minutes.records.refusals import NotAllowed
    from tests.factories import staff, tenant

    with transaction.atomic():
        at = tenant("hjemme", name="Hjemme kommune")
        by = staff(at, "coordinator", name="Kari Koordinator", email="k@hjemme.example")
        amina(at)
        minutes = draft(met(at), by, text=word, due=on(TODAY + days * DAY))
        for step in steps:
            try:
                if step == "submit":
                    approval.submit(minutes, by=by)
                elif step == "send_back":
                    approval.send_back(minutes, by=by, reason="mer")
                else:
                    reminding.tick()
            except NotAllowed:
                pass
        assert (queued(at), list(ActionItem.objects.of(at))) == ([], [])
        approved(minutes, by)
        assert reminding.tick() == 1
        assert word in letter(queued(at)[0]).text  # so there was something to hide
        transaction.set_rollback(True)


def test_what_is_sent_goes_through_the_outbox(sandefjord, link):
    outbox.deliver()
    [mail] = queued(sandefjord)
    assert mail.state == "accepted"
    assert fresh(the(sandefjord)).reminded_on == TODAY

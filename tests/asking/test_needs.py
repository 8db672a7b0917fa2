"""Needs: given with a yes, gone with it; sealed as a whole; totals without names; each look by name is logged."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.needs import forms, reading, services, tasks
from invites.answers.needs.kinds import NeedKind, Told, packed, unpacked
from invites.answers.needs.models import Need
from invites.answers.services import answer
from invites.invitations.models import Invitation
from tests.asking.conftest import KEY_A, KEY_B, fresh, say
from tests.factories import contact, draft, event, invitation

pytestmark = pytest.mark.usefixtures("still_post")
DAY = dt.timedelta(days=1)
HALAL = {"need_kinds": ["diet"], "need_diet": "halal"}


def told(row) -> tuple[Told, ...] | None:
    need = Need.objects.of(row.tenant).filter(invitation=row).first()
    return reading.opened(need) if need else None


def comes(to: Event, name: str, **cleaned) -> Invitation:
    row = invitation(to, contact=contact(to.tenant, name=name))
    say(row, **cleaned)
    return fresh(row)


# --- Keeping -------------------------------------------------------------------------------------------------------
def test_needs_given_with_a_yes_are_kept(amina):
    say(amina, **HALAL, need_prayer="kl. 13")
    assert told(amina) == (Told(NeedKind.DIET, "halal"), Told(NeedKind.PRAYER, "kl. 13"))


def test_needs_come_back_as_they_were_told():
    needs = tuple(Told(kind, f"«{kind}» æøå\n;") for kind in NeedKind)
    assert unpacked(packed(needs)) == needs


@pytest.mark.parametrize("reply", ["tentative", "declined"])
def test_needs_beside_a_maybe_or_a_no_are_not_kept(amina, reply):
    say(amina, reply, **HALAL)
    assert told(amina) is None


@pytest.mark.parametrize("reply", ["tentative", "declined"])
def test_needs_are_forgotten_when_the_yes_is_taken_back(amina, reply):
    say(amina, **HALAL)
    say(amina, reply)
    assert told(amina) is None
    assert not fresh(amina).told_more


def test_needs_are_forgotten_also_when_a_calendar_takes_the_yes_back(amina):
    say(amina, **HALAL)
    answer(fresh(amina), reply="declined", comment="", source="calendar")
    assert told(amina) is None


def test_a_yes_without_a_word_about_needs_leaves_them(amina):
    say(amina, **HALAL)
    say(amina)
    answer(fresh(amina), reply="accepted", comment="Gleder meg", source="calendar")
    assert told(amina) == (Told(NeedKind.DIET, "halal"),)


def test_needs_written_anew_replace_those_before(amina):
    say(amina, **HALAL)
    say(amina, need_kinds=["access"])
    assert told(amina) == (Told(NeedKind.ACCESS),)


def test_needs_are_removed_on_request(amina):
    say(amina, **HALAL)
    say(amina, need_remove=True)
    assert told(amina) is None


def test_needs_are_not_kept_where_they_are_not_asked_for(amina):
    Event.objects.of(amina.tenant).update(asks_needs=False)
    say(amina, **HALAL)
    assert told(amina) is None
    assert forms.fields_for(fresh(amina)) == {}


def test_an_answer_without_needs_asks_the_database_nothing_more(amina):
    def statements(reply):
        with CaptureQueriesContext(connection) as caught:
            row = fresh(amina)
            before = len(caught)
            assert services.keeper(row, {"answer": reply}) is None
            forms.fields_for(row)
            assert len(caught) == before
            answer(row, reply=reply, comment="", source="web")
        return [
            q["sql"].split()[0] for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
        ]

    for reply in ("accepted", "declined", "accepted"):
        assert statements(reply) == ["SELECT", "UPDATE", "UPDATE", "INSERT", "INSERT"]


def test_whoever_is_asked_again_still_has_the_needs_until_saying_no(amina):
    say(amina, **HALAL)
    Invitation.objects.of(amina.tenant).update(reply="", replied_at=None)
    with translation.override("en"):
        assert "You told us about 1 need." in forms.fields_for(fresh(amina))["need_kinds"].help_text
    say(amina, "declined")
    assert told(amina) is None


# --- The form --------------------------------------------------------------------------------------------------------
def test_the_form_shows_how_many_needs_were_told_and_never_which(amina):
    say(amina, **HALAL, need_hearing="teleslynge")
    with translation.override("en"):
        fields = forms.fields_for(fresh(amina))
        words = " ".join(str(x) for f in fields.values() for x in (f.label, f.help_text, f.initial))
    assert "You told us about 2 needs. Write anew to replace them, or remove them." in words
    assert "halal" not in words
    assert "teleslynge" not in words
    assert fields["need_kinds"].initial is None


def test_a_form_of_whoever_told_nothing_has_nothing_to_remove(amina):
    fields = forms.fields_for(fresh(amina))
    assert list(fields) == ["need_kinds", *(f"need_{kind}" for kind in NeedKind)]
    assert not any(field.required for field in fields.values())


def test_a_form_for_several_says_that_needs_are_those_of_all(meeting):
    row = invitation(meeting, for_organisation=True, quota=3)
    with translation.override("en"):
        assert (
            "everybody who comes with this invitation" in forms.fields_for(fresh(row))["need_kinds"].help_text
        )


# --- Totals and names ----------------------------------------------------------------------------------------------
def test_totals_count_kinds_and_details_and_hold_no_name(meeting, at_desk, kari):
    comes(meeting, "Amina Noor", need_kinds=["diet"], need_diet="Halal")
    comes(meeting, "Bo Berg", need_diet="halal", need_interpreter="somali")
    comes(meeting, "Cecilie Dahl", need_kinds=["access"])
    gone = comes(meeting, "Dag Dal", need_diet="vegan")
    Invitation.objects.of(meeting.tenant).filter(pk=gone.pk).update(revoked_at=timezone.now())

    desk = at_desk(kari)
    page = desk.get(f"/t/sandefjord/events/{meeting.pk}/needs/").content.decode()
    sheet = desk.get(f"/t/sandefjord/events/{meeting.pk}/needs/totals.csv").content.decode()

    assert sheet.splitlines()[1:] == [
        "Kosthold eller allergi;;2",
        "Kosthold eller allergi;Halal;2",
        "Tilgjengelighet, for eksempel rullestol;;1",
        "Tolk;;1",
        "Tolk;somali;1",
    ]
    for text in (page, sheet):
        assert "alal" in text
        assert "vegan" not in text
        assert not any(name in text for name in ("Amina", "Bo Berg", "Cecilie", "Dag Dal"))


def test_whoever_may_not_see_needs_gets_numbers_and_languages_but_no_details(meeting, at_desk, mina):
    comes(meeting, "Amina Noor", need_diet="halal", need_interpreter="somali")
    for address in ("", "totals.csv"):
        text = at_desk(mina).get(f"/t/sandefjord/events/{meeting.pk}/needs/{address}").content.decode()
        assert "somali" in text
        assert "Kosthold eller allergi" in text
        assert "halal" not in text


def test_a_detail_that_a_spreadsheet_would_run_is_guarded(meeting, at_desk, kari):
    comes(meeting, "Amina Noor", need_diet="=1+1")
    sheet = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/needs/totals.csv").content.decode()
    assert ";=1" not in sheet
    assert "=1+1" in sheet


def test_opening_the_page_by_name_shows_and_logs_nothing_and_the_button_does_both(meeting, at_desk, kari):
    comes(meeting, "Amina Noor", **HALAL)
    comes(meeting, "Bo Berg", need_kinds=["prayer"])
    desk, address = at_desk(kari), f"/t/sandefjord/events/{meeting.pk}/needs/people/"

    before = AuditEntry.objects.of(meeting.tenant).count()
    page = desk.get(address).content.decode()
    desk.head(address)
    assert "halal" not in page
    assert "Amina" not in page
    assert AuditEntry.objects.of(meeting.tenant).count() == before

    page = desk.post(address).content.decode()
    assert "halal" in page
    assert "Amina Noor" in page
    (entry,) = AuditEntry.objects.of(meeting.tenant).filter(action="needs.read")
    assert (entry.actor_name, entry.subject_id, entry.facts["number"]) == ("Kari Koordinator", meeting.pk, 2)
    assert "halal" not in str(entry.facts) + entry.words()
    assert "Amina" not in str(entry.facts) + entry.words()


def test_minute_taker_and_reader_never_see_needs_by_name(meeting, at_desk, mina, leif):
    comes(meeting, "Amina Noor", **HALAL)
    for person in (mina, leif):
        assert at_desk(person).post(f"/t/sandefjord/events/{meeting.pk}/needs/people/").status_code == 403
    assert not AuditEntry.objects.of(meeting.tenant).filter(action="needs.read").exists()


@pytest.mark.parametrize("address", ["", "totals.csv", "people/", "ask/"])
def test_a_stranger_finds_nothing(meeting, at_desk, nils, address):
    for tenant in ("sandefjord", "kristiansand"):
        where = f"/t/{tenant}/events/{meeting.pk}/needs/{address}"
        assert at_desk(nils).post(where).status_code in (404, 405)
        assert at_desk(nils).get(where).status_code in (404, 405)


def test_a_need_copied_into_another_row_cannot_be_opened(meeting):
    amina, bo = comes(meeting, "Amina Noor", **HALAL), comes(meeting, "Bo Berg", need_kinds=["prayer"])
    stolen = Need.objects.of(meeting.tenant).get(invitation=amina).sealed
    Need.objects.of(meeting.tenant).filter(invitation=bo).update(sealed=stolen)
    assert told(bo) is None


def test_what_no_key_opens_is_said_and_breaks_no_page(meeting, at_desk, kari, settings):
    settings.FIELD_KEYS = (KEY_A,)
    row = comes(meeting, "Amina Noor", **HALAL)
    settings.FIELD_KEYS = (KEY_B,)
    desk = at_desk(kari)
    totals = desk.get(f"/t/sandefjord/events/{meeting.pk}/needs/")
    people = desk.post(f"/t/sandefjord/events/{meeting.pk}/needs/people/")
    assert "nøkkelen mangler" in totals.content.decode()
    assert "nøkkelen mangler" in people.content.decode()
    with translation.override("en"):
        assert "cannot be opened any more" in forms.fields_for(row)["need_kinds"].help_text
    assert "need_remove" in forms.fields_for(row)


def test_the_pages_take_as_many_queries_for_one_as_for_three(meeting, at_desk, kari):
    desk = at_desk(kari)

    def queries():
        found = []
        for method, address in (("GET", ""), ("POST", "people/")):
            with CaptureQueriesContext(connection) as caught:
                desk.generic(method, f"/t/sandefjord/events/{meeting.pk}/needs/{address}")
            found.append(len(caught))
        return found

    comes(meeting, "Amina Noor", **HALAL)
    once = queries()
    comes(meeting, "Bo Berg", **HALAL)
    comes(meeting, "Cecilie Dahl", **HALAL)
    assert queries() == once


# --- Forgetting ------------------------------------------------------------------------------------------------------
def ended(at, days: float, **facts) -> Event:
    now = timezone.now()
    return event(at, starts_at=now - days * DAY - DAY, ends_at=now - days * DAY, answer_by=None, **facts)


def has_told(to: Event, **facts) -> Invitation:
    facts = {"reply": "accepted", "replied_at": timezone.now(), **facts}
    row = invitation(to, **facts)
    services.keep(row, needs=[Told(NeedKind.DIET, "halal")])
    return row


def test_needs_are_deleted_14_days_after_the_meeting_and_no_earlier(sandefjord):
    old, recent = has_told(ended(sandefjord, 14.01)), has_told(ended(sandefjord, 13.9))
    assert tasks.clean() == 1
    assert (told(old), told(recent)) == (None, (Told(NeedKind.DIET, "halal"),))
    assert tasks.clean() == 0


def test_needs_are_deleted_14_days_after_a_meeting_was_cancelled(sandefjord):
    cancelled = event(sandefjord, state="cancelled", cancelled_at=timezone.now() - 14.01 * DAY)
    lately = event(sandefjord, state="cancelled", cancelled_at=timezone.now() - 13.9 * DAY)
    rows = has_told(cancelled), has_told(lately)
    tasks.clean()
    assert [told(row) is None for row in rows] == [True, False]


def test_needs_follow_a_meeting_that_is_moved(sandefjord):
    row = has_told(ended(sandefjord, 20))
    Event.objects.of(sandefjord).update(starts_at=timezone.now(), ends_at=timezone.now() + DAY)
    assert tasks.clean() == 0
    assert told(row)


def test_needs_of_whoever_no_longer_comes_go_with_the_daily_job(sandefjord, meeting):
    withdrawn = has_told(meeting, revoked_at=timezone.now())
    said_no, said_maybe = has_told(meeting, reply="declined"), has_told(meeting, reply="tentative")
    asked_anew = has_told(meeting, reply="", replied_at=None)
    waits = has_told(meeting, reply="waiting", waiting_since=timezone.now())
    tasks.clean()
    assert [told(row) is None for row in (withdrawn, said_no, said_maybe)] == [True, True, True]
    assert told(asked_anew)
    assert told(waits)


def test_needs_of_a_meeting_without_a_date_are_not_kept_for_ever(sandefjord):
    row = has_told(draft(sandefjord, starts_at=None, ends_at=None, answer_by=None))
    tasks.clean()
    assert told(row)
    Need.objects.of(sandefjord).update(told_at=timezone.now() - 181 * DAY)
    tasks.clean()
    assert told(row) is None


def test_the_worker_has_the_job_in_its_schedule():
    from invites.management.commands.qcluster import SCHEDULES

    jobs = {func for _name, func, _often in SCHEDULES}
    assert {"invites.answers.needs.tasks.clean", "invites.answers.questions.tasks.clean"} <= jobs


def test_not_asking_any_more_deletes_what_was_told_and_is_audited_once(meeting, at_desk, kari):
    row = comes(meeting, "Amina Noor", **HALAL)
    desk, address = at_desk(kari), f"/t/sandefjord/events/{meeting.pk}/needs/ask/"
    for _twice in range(2):
        desk.post(address, {"to": "off"})
    assert told(row) is None
    assert AuditEntry.objects.of(meeting.tenant).filter(action="needs.not_asked").count() == 1
    desk.post(address, {"to": "on"})
    assert Event.objects.of(meeting.tenant).get(pk=meeting.pk).asks_needs

"""Answers to the organiser's own questions: typed, kept, shown back or not, and gone on the day promised."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms as django_forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.questions import editing, services, tasks
from invites.answers.questions.fields import fields_for
from invites.answers.questions.models import Question, QuestionAnswer
from invites.answers.questions.values import value_of
from invites.answers.services import answer
from tests.asking.conftest import KEY_A, KEY_B, fresh, say
from tests.factories import contact, event, invitation, question

pytestmark = pytest.mark.usefixtures("still_post")
CHOICES = ["Ungdom", "Familie", "Skole"]


def form_of(row, data=None):
    """The fields as the invitee's form holds them."""
    form = type("Form", (django_forms.Form,), {})(data)
    form.fields.update(fields_for(fresh(row)))
    return form


def say_typed(row, reply="accepted", **typed):
    form = form_of(row, typed)
    assert form.is_valid(), form.errors
    return say(row, reply, **form.cleaned_data)


def answered(row, asked: Question):
    found = QuestionAnswer.objects.of(row.tenant).filter(invitation=row, question=asked).first()
    return value_of(found, asked) if found else None


# --- Keeping -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "To linjer\r\nher", "To linjer\nher"),
        ("number", "2,5", Decimal("2.5")),
        ("number", "1 200", Decimal("1200")),
        ("number", "0", Decimal("0")),
        ("choice", "2", "Familie"),
        ("several", ["1", "3"], ["Ungdom", "Skole"]),
    ],
)
@pytest.mark.parametrize("sensitivity", ["ordinary", "personal", "special"])
def test_each_kind_of_answer_is_kept_as_it_was_given(amina, meeting, kind, typed, kept, sensitivity):
    asked = question(meeting, kind=kind, choices=CHOICES, sensitivity=sensitivity)
    say_typed(amina, **{f"q_{asked.pk}": typed})
    assert answered(amina, asked) == kept
    (row,) = QuestionAnswer.objects.of(meeting.tenant)
    assert bool(row.sealed) == (sensitivity != "ordinary")
    assert bool(row.value) == (sensitivity == "ordinary")


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 1001),
        ("text", "nul\0"),
        *(("number", typed) for typed in ("mange", "NaN", "Infinity", "1e99", "1.234", "9" * 20, "٣,٣,٣")),
        *(("choice", typed) for typed in ("4", "0", "-1", "Familie")),
        ("several", ["1", "9"]),
    ],
)
def test_what_is_no_answer_is_said_beside_the_field_and_never_breaks(amina, meeting, kind, typed):
    asked = question(meeting, kind=kind, choices=CHOICES)
    form = form_of(amina, {f"q_{asked.pk}": typed})
    assert not form.is_valid()
    assert list(form.errors) == [f"q_{asked.pk}"]


@pytest.mark.parametrize("reply", ["tentative", "declined"])
def test_answers_beside_a_maybe_or_a_no_are_not_kept_and_a_yes_taken_back_takes_them(amina, meeting, reply):
    asked = question(meeting)
    say_typed(amina, reply, **{f"q_{asked.pk}": "a"})
    assert answered(amina, asked) is None
    say_typed(amina, **{f"q_{asked.pk}": "b"})
    say(amina, reply)
    assert answered(amina, asked) is None


def test_the_newest_answer_is_the_only_one_kept(amina, meeting):
    asked = question(meeting)
    for words in ("a", "b"):
        say_typed(amina, **{f"q_{asked.pk}": words})
    assert [row.value for row in QuestionAnswer.objects.of(meeting.tenant)] == ['"b"']
    say_typed(amina, **{f"q_{asked.pk}": ""})
    assert answered(amina, asked) is None


def test_a_yes_from_a_calendar_leaves_the_answers(amina, meeting):
    asked = question(meeting)
    say_typed(amina, **{f"q_{asked.pk}": "a"})
    answer(fresh(amina), reply="accepted", comment="", source="calendar")
    assert answered(amina, asked) == "a"


def test_a_sealed_answer_stays_when_the_field_is_left_empty_and_goes_when_asked_to(amina, meeting):
    asked = question(meeting, sensitivity="special")
    say_typed(amina, **{f"q_{asked.pk}": "a"})
    say_typed(amina, **{f"q_{asked.pk}": ""})
    assert answered(amina, asked) == "a"
    say_typed(amina, **{f"q_{asked.pk}": "", f"q_{asked.pk}_forget": "on"})
    assert answered(amina, asked) is None


def test_drafts_closed_ones_and_those_of_other_meetings_are_not_asked(amina, meeting, kristiansand):
    asked = question(meeting)
    question(meeting, state="draft")
    question(meeting, state="closed")
    other = question(event(meeting.tenant))
    theirs = question(event(kristiansand))
    assert list(form_of(amina).fields) == [f"q_{asked.pk}"]
    say(amina, **{f"q_{asked.pk}": "a", f"q_{other.pk}": "b", f"q_{theirs.pk}": "c"})
    assert [row.question_id for row in QuestionAnswer.objects.across_tenants("test")] == [asked.pk]


def test_an_answer_to_a_question_that_was_closed_meanwhile_is_passed_over(amina, meeting, kari):
    asked, other = question(meeting), question(meeting)
    form = form_of(amina, {f"q_{asked.pk}": "a", f"q_{other.pk}": "b"})
    assert form.is_valid()
    editing.close(asked, by=kari)
    editing.remove(other, by=kari)
    say(amina, **form.cleaned_data)
    assert fresh(amina).reply == "accepted"
    assert not QuestionAnswer.objects.of(meeting.tenant).exists()


def test_a_meeting_without_questions_costs_no_statement(amina):
    with CaptureQueriesContext(connection) as caught:
        row = fresh(amina)
        before = len(caught)
        assert fields_for(row) == {}
        assert services.keeper(row, {"answer": "accepted"}) is None
        assert len(caught) == before
        answer(row, reply="accepted", comment="", source="web")
    inside = [
        q["sql"].split()[0] for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert inside == ["SELECT", "UPDATE", "UPDATE", "INSERT", "INSERT"]


# --- The form --------------------------------------------------------------------------------------------------------
def test_each_question_says_why_and_until_when_in_the_readers_language_and_the_organisers_own_words(
    amina, meeting
):
    question(meeting, label="Gruppe?", help="Velg <b>én</b>", purpose="Rom", delete_on=dt.date(2027, 3, 1))
    with translation.override("en"):
        (field,) = form_of(amina).fields.values()
    assert field.label == "Gruppe?"
    assert field.help_text == (
        "Velg &lt;b&gt;én&lt;/b&gt;. Why we ask: Rom. Only the organiser sees the answer. "
        "It is deleted on 1 March 2027."
    )
    with translation.override("nb"):
        (field,) = form_of(amina).fields.values()
    assert "Derfor spør vi: Rom. Bare arrangøren ser svaret. Det slettes 1. mars 2027." in field.help_text


def test_the_organisers_words_cannot_become_a_script_on_the_invitees_page(amina, meeting):
    question(meeting, label="<script>1</script>", help="<script>2</script>", purpose="<img src=x>")
    html = form_of(amina).as_p()
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;2" in html


@pytest.mark.parametrize(
    ("kind", "typed", "initial"),
    [
        ("text", "a", "a"),
        ("number", "2", Decimal(2)),
        ("choice", "2", "2"),
        ("several", ["1", "3"], ["1", "3"]),
    ],
)
def test_an_ordinary_answer_is_filled_in_again_and_a_sealed_one_is_not(amina, meeting, kind, typed, initial):
    open_one = question(meeting, kind=kind, choices=CHOICES)
    sealed = question(meeting, kind=kind, choices=CHOICES, sensitivity="personal")
    say_typed(amina, **{f"q_{open_one.pk}": typed, f"q_{sealed.pk}": typed})
    with translation.override("en"):
        fields = form_of(amina).fields
    assert fields[f"q_{open_one.pk}"].initial == initial
    assert fields[f"q_{sealed.pk}"].initial is None
    assert "You have answered this." in fields[f"q_{sealed.pk}"].help_text
    assert f"q_{sealed.pk}_forget" in fields


def test_a_sealed_answer_need_not_be_given_twice(amina, meeting):
    asked = question(meeting, sensitivity="special", required=True)
    assert form_of(amina).fields[f"q_{asked.pk}"].required
    say_typed(amina, **{f"q_{asked.pk}": "a"})
    fields = form_of(amina).fields
    assert not fields[f"q_{asked.pk}"].required
    assert f"q_{asked.pk}_forget" not in fields


# --- Reading -------------------------------------------------------------------------------------------------------
def comes(to: Event, name: str, **typed):
    row = invitation(to, contact=contact(to.tenant, name=name))
    say_typed(row, **typed)
    return row


def page(desk, address: str, method: str = "get") -> str:
    response = getattr(desk, method)(f"/t/sandefjord/{address}")
    assert response.status_code == 200
    return response.content.decode()


def test_results_total_choices_and_numbers_and_hold_no_name_and_no_text(meeting, at_desk, mina):
    several = question(meeting, kind="several", choices=CHOICES, sensitivity="special")
    number, text = question(meeting, kind="number"), question(meeting, label="Kommentar?")
    for name, n, ticked in (("Amina Noor", "2", ["1", "2"]), ("Bo Berg", "4", ["2"])):
        comes(meeting, name, **{f"q_{several.pk}": ticked, f"q_{number.pk}": n, f"q_{text.pk}": "ord"})
    found = page(at_desk(mina), f"events/{meeting.pk}/questions/results/")
    for words in ("<dt>Ungdom</dt><dd>1</dd>", "<dt>Familie</dt><dd>2</dd>", "<dt>Skole</dt><dd>0</dd>"):
        assert words in found
    assert "<dd>6</dd>" in found
    assert "<dd>3,0</dd>" in found
    assert "Amina" not in found
    assert ">ord<" not in found


def test_only_those_who_come_are_counted(meeting, at_desk, kari):
    asked = question(meeting, kind="choice", choices=CHOICES)
    comes(meeting, "Amina Noor", **{f"q_{asked.pk}": "1"})
    gone = comes(meeting, "Bo Berg", **{f"q_{asked.pk}": "1"})
    type(gone).objects.of(meeting.tenant).filter(pk=gone.pk).update(revoked_at=timezone.now())
    assert "<dt>Ungdom</dt><dd>1</dd>" in page(at_desk(kari), f"events/{meeting.pk}/questions/results/")


def test_ordinary_answers_are_listed_by_name_for_whoever_sees_guests(meeting, at_desk, mina):
    asked = question(meeting)
    comes(meeting, "Amina Noor", **{f"q_{asked.pk}": "Gruppe to"})
    found = page(at_desk(mina), f"questions/{asked.pk}/answers/")
    assert "Amina Noor" in found
    assert "Gruppe to" in found
    assert not AuditEntry.objects.of(meeting.tenant).filter(action="question.read").exists()


def test_special_answers_by_name_need_the_permission_a_post_and_leave_an_audit_row(
    meeting, at_desk, mina, kari
):
    asked = question(meeting, sensitivity="special")
    comes(meeting, "Amina Noor", **{f"q_{asked.pk}": "insulin"})
    address = f"/t/sandefjord/questions/{asked.pk}/answers/"
    assert at_desk(mina).get(address).status_code == 403
    assert at_desk(mina).post(address).status_code == 403
    assert "insulin" not in page(at_desk(kari), f"questions/{asked.pk}/answers/")
    assert not AuditEntry.objects.of(meeting.tenant).filter(action="question.read").exists()

    assert "insulin" in page(at_desk(kari), f"questions/{asked.pk}/answers/", "post")
    (entry,) = AuditEntry.objects.of(meeting.tenant).filter(action="question.read")
    assert (entry.actor_name, entry.facts["number"]) == ("Kari Koordinator", 1)
    assert "insulin" not in str(entry.facts) + entry.words()


def test_what_no_key_opens_is_said_and_breaks_no_page(meeting, at_desk, kari, settings):
    settings.FIELD_KEYS = (KEY_A,)
    asked = question(meeting, kind="number", sensitivity="special")
    comes(meeting, "Amina Noor", **{f"q_{asked.pk}": "4"})
    settings.FIELD_KEYS = (KEY_B,)
    assert "nøkkelen mangler" in page(at_desk(kari), f"events/{meeting.pk}/questions/results/")
    assert "nøkkelen mangler" in page(at_desk(kari), f"questions/{asked.pk}/answers/", "post")


def test_pages_take_as_many_queries_for_one_as_for_three(meeting, at_desk, kari):
    desk = at_desk(kari)
    first = question(meeting, kind="choice", choices=CHOICES, sensitivity="special")

    def queries():
        found = []
        for method, address in (
            ("GET", f"events/{meeting.pk}/questions/"),
            ("GET", f"events/{meeting.pk}/questions/results/"),
            ("POST", f"questions/{first.pk}/answers/"),
        ):
            with CaptureQueriesContext(connection) as caught:
                desk.generic(method, f"/t/sandefjord/{address}")
            found.append(len(caught))
        return found

    comes(meeting, "Amina Noor", **{f"q_{first.pk}": "1"})
    once = queries()
    more = [question(meeting, kind="choice", choices=CHOICES) for _n in range(2)]
    for name in ("Bo Berg", "Cecilie Dahl"):
        comes(meeting, name, **{f"q_{asked.pk}": "1" for asked in (first, *more)})
    assert queries() == once


# --- Forgetting ------------------------------------------------------------------------------------------------------
def test_answers_are_deleted_on_their_day_and_no_earlier(meeting, amina):
    today = timezone.localdate()
    due = question(meeting, delete_on=today, sensitivity="special")
    later = question(meeting, delete_on=today + dt.timedelta(days=1))
    say_typed(amina, **{f"q_{due.pk}": "a", f"q_{later.pk}": "b"})
    assert tasks.clean() == 1
    assert (answered(amina, due), answered(amina, later)) == (None, "b")
    assert tasks.clean() == 0
    assert Question.objects.of(meeting.tenant).count() == 2

"""Writing questions: nothing is asked before it says why and until when; what was answered never changes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.questions import editing
from invites.answers.questions.models import Question, QuestionAnswer
from tests.asking.conftest import fresh, say
from tests.factories import event, question

pytestmark = pytest.mark.usefixtures("still_post")


def facts(**changed):
    return {
        "label": "Hvilken gruppe?",
        "help": "",
        "kind": "text",
        "required": False,
        "choices": [],
        "purpose": "Rom til gruppene",
        "sensitivity": "ordinary",
        "delete_on": dt.date(2099, 1, 1),
        **changed,
    }


def typed(**changed):
    day = event_day() + dt.timedelta(days=30)
    return {
        "label": "Hvilken gruppe?",
        "kind": "text",
        "purpose": "Rom til gruppene",
        "sensitivity": "ordinary",
        "delete_on": day.isoformat(),
        **changed,
    }


def event_day() -> dt.date:
    from django.utils import timezone

    return timezone.localdate() + dt.timedelta(days=14)


def asks(meeting) -> bool:
    return Event.objects.of(meeting.tenant).get(pk=meeting.pk).asks_questions


def labels(meeting, *states):
    rows = Question.objects.of(meeting.tenant).filter(event=meeting, state__in=states)
    return [row.label for row in rows.order_by("position", "pk")]


def audited(meeting) -> list[str]:
    rows = AuditEntry.objects.of(meeting.tenant).filter(action__startswith="question.")
    return [row.action for row in rows.order_by("pk")]


# --- Publishing ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lacks", ["purpose", "sensitivity", "delete_on"])
def test_a_question_without_purpose_class_or_date_is_not_published(meeting, kari, lacks):
    empty = None if lacks == "delete_on" else ""
    with pytest.raises(editing.Incomplete) as refused:
        editing.add(meeting, by=kari, publish=True, **facts(**{lacks: empty}))
    assert refused.value.lacking == (lacks,)
    assert not Question.objects.of(meeting.tenant).exists()

    draft = editing.add(meeting, by=kari, **facts(**{lacks: empty}))
    with pytest.raises(editing.Incomplete):
        editing.change(draft, by=kari, publish=True, **facts(**{lacks: empty}))
    assert not asks(meeting)


@pytest.mark.parametrize("lacks", [{"purpose": ""}, {"sensitivity": ""}, {"delete_on": None}])
def test_nor_does_the_database_let_one_be_asked(meeting, lacks):
    with pytest.raises(IntegrityError), transaction.atomic():
        question(meeting, **lacks)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ("purpose", "Skriv hvorfor dere spør, før spørsmålet publiseres."),
        ("sensitivity", "Velg hva svarene forteller, før spørsmålet publiseres."),
        ("delete_on", "Velg når svarene slettes, før spørsmålet publiseres."),
    ],
)
def test_the_page_says_beside_the_field_what_lacks_and_keeps_what_was_typed(
    meeting, at_desk, kari, lacks, words
):
    data = {**typed(label="Hva vil du si?"), lacks: "", "publish": "1"}
    response = at_desk(kari).post(f"/t/sandefjord/events/{meeting.pk}/questions/new/", data)
    page = response.content.decode()
    assert response.status_code == 200
    assert f'id="id_{lacks}_error"' in page
    assert words in page
    assert "Hva vil du si?" in page
    assert not Question.objects.of(meeting.tenant).exists()


def test_a_draft_may_lack_them_and_is_not_asked(meeting, at_desk, kari):
    data = {"label": "Hva?", "kind": "text", "draft": "1"}
    at_desk(kari).post(f"/t/sandefjord/events/{meeting.pk}/questions/new/", data)
    assert labels(meeting, "draft") == ["Hva?"]
    assert not asks(meeting)
    assert audited(meeting) == ["question.added"]


def test_a_published_question_is_asked(meeting, at_desk, kari):
    address = f"/t/sandefjord/events/{meeting.pk}/questions/new/"
    assert at_desk(kari).post(address, {**typed(), "publish": "1"}).status_code == 302
    assert labels(meeting, "published") == ["Hvilken gruppe?"]
    assert asks(meeting)
    assert audited(meeting) == ["question.published"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", ""),
        ("label", "x" * 301),
        ("label", "nul\0"),
        ("kind", "essay"),
        ("sensitivity", "secret"),
        ("delete_on", "i morgen"),
        ("delete_on", "2020-01-01"),
        ("delete_on", (event_day() - dt.timedelta(days=1)).isoformat()),  # the meeting is not over
        ("delete_on", (event_day() + dt.timedelta(days=400)).isoformat()),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(meeting, at_desk, kari, field, value):
    data = {**typed(), field: value, "publish": "1"}
    response = at_desk(kari).post(f"/t/sandefjord/events/{meeting.pk}/questions/new/", data)
    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Question.objects.of(meeting.tenant).exists()


@pytest.mark.parametrize(
    "choices", ["", "En", "En\nEn\n  ", "\n".join(map(str, range(21))), "a\n" + "b" * 201]
)
def test_a_question_with_choices_needs_two_and_not_too_many(meeting, at_desk, kari, choices):
    data = {**typed(), "kind": "choice", "choices": choices, "publish": "1"}
    response = at_desk(kari).post(f"/t/sandefjord/events/{meeting.pk}/questions/new/", data)
    assert 'id="id_choices_error"' in response.content.decode()


def test_choices_are_kept_once_each_in_their_order_and_only_where_there_is_a_choice(meeting, at_desk, kari):
    desk, address = at_desk(kari), f"/t/sandefjord/events/{meeting.pk}/questions/new/"
    for kind in ("several", "text"):
        desk.post(address, {**typed(), "kind": kind, "choices": "To\r\nEn\r\n\r\nTo", "publish": "1"})
    kept = Question.objects.of(meeting.tenant).order_by("pk").values_list("choices", flat=True)
    assert list(kept) == [["To", "En"], []]


def test_the_form_proposes_a_month_after_the_meeting(meeting, at_desk, kari):
    page = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/questions/new/").content.decode()
    assert f'value="{event_day() + dt.timedelta(days=30)}"' in page


# --- Changing ------------------------------------------------------------------------------------------------------
def test_a_draft_is_changed_as_it_stands(meeting, kari):
    draft = editing.add(meeting, by=kari, **facts(purpose=""))
    same = editing.change(draft, by=kari, **facts(label="Ny", purpose=""))
    assert same.pk == draft.pk
    assert labels(meeting, "draft") == ["Ny"]


def test_changing_a_published_question_that_was_answered_closes_it_and_asks_anew(meeting, amina, kari):
    first, second = (
        editing.add(meeting, by=kari, publish=True, **facts(label=label)) for label in ("A", "B")
    )
    say(amina, **{f"q_{first.pk}": "svar"})
    new = editing.change(first, by=kari, **facts(label="A, bedre"))
    assert new.pk != first.pk
    assert labels(meeting, "published") == ["A, bedre", "B"]
    assert labels(meeting, "closed") == ["A"]
    assert QuestionAnswer.objects.of(meeting.tenant).get().question_id == first.pk
    assert second.pk


def test_changing_one_that_nobody_answered_leaves_no_old_one_behind(meeting, kari):
    first = editing.add(meeting, by=kari, publish=True, **facts())
    editing.change(first, by=kari, **facts(label="Ny"))
    assert labels(meeting, "draft", "published", "closed") == ["Ny"]


def test_the_same_facts_again_change_nothing(meeting, kari):
    for publish in (False, True):
        row = editing.add(meeting, by=kari, publish=publish, **facts())
        before = audited(meeting)
        assert editing.change(row, by=kari, **facts()).pk == row.pk
        assert audited(meeting) == before


def test_a_published_question_cannot_lose_its_promises(meeting, kari):
    row = editing.add(meeting, by=kari, publish=True, **facts())
    with pytest.raises(editing.Incomplete):
        editing.change(row, by=kari, **facts(purpose=""))
    assert labels(meeting, "published") == ["Hvilken gruppe?"]


def test_what_is_closed_or_gone_is_not_changed(meeting, at_desk, kari):
    row = editing.add(meeting, by=kari, publish=True, **facts())
    editing.close(row, by=kari)
    with pytest.raises(editing.Settled):
        editing.change(row, by=kari, **facts(label="Ny"))
    response = at_desk(kari).post(f"/t/sandefjord/questions/{row.pk}/", typed(label="Ny"), follow=True)
    assert "kan ikke endres lenger" in response.content.decode()
    editing.remove(row, by=kari)
    with pytest.raises(editing.Settled):
        editing.change(row, by=kari, **facts(label="Ny"))


def test_no_question_is_added_to_a_meeting_that_is_over(sandefjord, at_desk, kari):
    held = event(sandefjord, state="held")
    address = f"/t/sandefjord/events/{held.pk}/questions/new/"
    response = at_desk(kari).post(address, {**typed(), "publish": "1"}, follow=True)
    assert "kan ikke endres lenger" in response.content.decode()
    assert not Question.objects.of(sandefjord).exists()


# --- Closing, removing, ordering -------------------------------------------------------------------------------------
def test_a_closed_question_is_asked_no_more_and_keeps_its_answers(meeting, amina, at_desk, kari):
    row = editing.add(meeting, by=kari, publish=True, **facts())
    say(amina, **{f"q_{row.pk}": "svar"})
    for _twice in range(2):
        at_desk(kari).post(f"/t/sandefjord/questions/{row.pk}/close/")
    assert not asks(meeting)
    assert QuestionAnswer.objects.of(meeting.tenant).count() == 1
    assert audited(meeting) == ["question.published", "question.closed"]


def test_a_draft_cannot_be_closed(meeting, kari):
    with pytest.raises(editing.Settled):
        editing.close(editing.add(meeting, by=kari, **facts()), by=kari)


def test_removing_asks_first_says_how_many_answers_go_and_deletes_them(meeting, amina, at_desk, kari):
    row = editing.add(meeting, by=kari, publish=True, **facts())
    say(amina, **{f"q_{row.pk}": "svar"})
    address = f"/t/sandefjord/questions/{row.pk}/remove/"
    assert "1 svar slettes" in at_desk(kari).get(address).content.decode()
    assert QuestionAnswer.objects.of(meeting.tenant).count() == 1
    at_desk(kari).post(address)
    assert not QuestionAnswer.objects.of(meeting.tenant).exists()
    assert not Question.objects.of(meeting.tenant).exists()
    assert not asks(meeting)
    assert fresh(amina).reply == "accepted"


def test_questions_move_one_place_and_stop_at_the_ends(meeting, at_desk, kari):
    rows = [editing.add(meeting, by=kari, publish=True, **facts(label=label)) for label in "ABC"]
    moves = [(2, "up", "ACB"), (2, "up", "CAB"), (2, "up", "CAB"), (2, "down", "ACB"), (1, "down", "ACB")]
    for number, to, order in moves:
        at_desk(kari).post(f"/t/sandefjord/questions/{rows[number].pk}/move/", {"to": to})
        assert "".join(labels(meeting, "published")) == order


def test_a_date_the_meeting_was_moved_past_is_pointed_out(meeting, at_desk, kari):
    editing.add(meeting, by=kari, publish=True, **facts(delete_on=event_day() - dt.timedelta(days=1)))
    page = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/questions/").content.decode()
    assert "Før møtet" in page


def test_a_meeting_without_questions_says_what_they_are_for(meeting, at_desk, kari, mina):
    page = at_desk(kari).get(f"/t/sandefjord/events/{meeting.pk}/questions/").content.decode()
    assert "Ingen egne spørsmål ennå" in page
    assert "/questions/new/" in page
    page = at_desk(mina).get(f"/t/sandefjord/events/{meeting.pk}/questions/").content.decode()
    assert "/questions/new/" not in page


@pytest.mark.parametrize("what", ["", "move/", "close/", "remove/", "answers/"])
def test_a_strangers_question_is_not_found(meeting, at_desk, nils, what):
    row = question(meeting)
    for tenant in ("sandefjord", "kristiansand"):
        assert at_desk(nils).post(f"/t/{tenant}/questions/{row.pk}/{what}").status_code == 404

"""What a mail cannot settle by itself becomes a request, as on the page: a late answer, somebody to come instead."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers import services as answers
from invites.answers.models import Answer
from invites.answers.requests.models import AnswerRequest
from invites.answers.requests.services import Substitute, ask_late, ask_substitute, grant, refuse, take_back
from invites.invitations import deciding
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from invites.replies import keeping
from invites.replies.models import InboundMail
from tests import factories
from tests.replies import kit

HOUR = dt.timedelta(hours=1)
AMINA = {"says": "DELEGATED", "params": ';DELEGATED-TO="mailto:amina@forening.example"'}
AMINAS_LINE = ["ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Amina Noor:mailto:amina@forening.example"]


def change(row, **facts):
    Event.objects.of(row.tenant).filter(pk=row.event_id).update(**facts)


def fresh(row):
    return Invitation.objects.of(row.tenant).select_related("event", "contact", "tenant").get(pk=row.pk)


def asked(row):
    return list(AnswerRequest.objects.of(row.tenant).filter(invitation=row).order_by("pk"))


def mails(row, *kinds):
    return list(OutgoingMail.objects.of(row.tenant).filter(kind__in=kinds).values_list("kind", flat=True))


def shown(row):
    event = Event.objects.of(row.tenant).select_related("tenant").get(pk=row.event_id)
    return {
        section.key: [one.who.partition(",")[0] for one in section.rows] for section in deciding.shown(event)
    }


@pytest.fixture
def late(ola):
    """The deadline was an hour ago."""
    change(ola, answer_by=timezone.now() - HOUR)
    return ola


# --- After the deadline ---------------------------------------------------------------------------------------------
def test_a_calendars_answer_after_the_deadline_asks_the_organiser_as_a_late_one_on_the_page_does(
    late, deliver
):
    row = deliver(kit.reply(late, at=timezone.now(), more=["COMMENT:Rekker det likevel"]))
    assert (row.state, row.reason, row.topic, row.said) == ("noted", "the organiser is asked", "answer", None)
    (request,) = asked(late)
    assert (request.kind, request.state, request.source) == ("late_answer", "pending", "calendar")
    assert (request.reply, request.comment) == ("accepted", "Rekker det likevel")
    assert (fresh(late).reply, mails(late, "request_received", "receipt")) == ("", ["request_received"])
    assert shown(late) == {"late-answer": ["Ola Nordmann"]}
    assert not InboundMail.objects.of(late.tenant).waiting().exists()


def test_the_organiser_grants_it_and_the_answer_counts(late, deliver, kari):
    deliver(kit.reply(late, at=timezone.now()))
    grant(asked(late)[0], by=kari)
    assert (fresh(late).reply, mails(late, "receipt")) == ("accepted", ["receipt"])


def test_one_exact_word_after_the_deadline_asks_too(late, deliver):
    deliver(kit.text(late, "Ja\r\n\r\nVi kommer gjerne\r\n"))
    (request,) = asked(late)
    assert (request.source, request.reply, request.comment) == ("mail", "accepted", "Vi kommer gjerne")


def test_the_same_mail_by_another_way_asks_once_whatever_was_decided(late, deliver, kari):
    raw = kit.reply(late, at=timezone.now())
    deliver(raw)
    deliver(b"Received: from another server\r\n" + raw)
    assert len(asked(late)) == 1
    refuse(asked(late)[0], by=kari, reason="Salen er full.")
    deliver(b"Received: from a third server\r\n" + raw)
    assert [request.state for request in asked(late)] == ["refused"]
    assert mails(late, "request_received") == ["request_received"]


def test_of_two_late_answers_the_one_said_last_is_asked_whatever_order_they_come_in(late, deliver):
    now = timezone.now()
    deliver(kit.reply(late, says="DECLINED", at=now, number=1))
    deliver(kit.reply(late, at=now - HOUR / 2, number=2))
    assert [(request.reply, request.state) for request in asked(late)] == [("declined", "pending")]


def test_what_was_said_before_the_page_asked_or_took_it_back_asks_nothing(late, deliver):
    with time_machine.travel(timezone.now() - HOUR / 3):
        ask_late(fresh(late), reply="tentative", comment="")
    deliver(kit.reply(late, at=timezone.now() - HOUR / 2, number=1))
    assert [request.reply for request in asked(late)] == ["tentative"]
    take_back(asked(late)[0])
    deliver(kit.reply(late, at=timezone.now() - HOUR / 4, number=2))
    assert [request.state for request in asked(late)] == ["withdrawn"]
    deliver(kit.reply(late, at=timezone.now() + HOUR, number=3))  # said now
    assert [request.state for request in asked(late)] == ["withdrawn", "pending"]


@pytest.mark.parametrize("said", ["Ja\r\n", "calendar"])
def test_a_late_answer_that_says_what_stands_asks_nothing(ola, deliver, said):
    answers.answer(fresh(ola), reply="accepted", comment="Hilsen Ola", source="web")
    change(ola, answer_by=timezone.now() - HOUR)
    raw = kit.reply(ola, at=timezone.now()) if said == "calendar" else kit.text(ola, said)
    assert deliver(raw).reason == "it says nothing new"
    assert (asked(ola), Answer.objects.of(ola.tenant).count()) == ([], 1)


def test_a_late_answer_that_was_said_before_the_one_that_stands_asks_nothing(ola, deliver):
    answers.answer(fresh(ola), reply="declined", comment="", source="web")
    change(ola, answer_by=timezone.now())
    assert deliver(kit.reply(ola, at=timezone.now() - HOUR)).reason == "it says nothing new"
    assert (asked(ola), fresh(ola).reply) == ([], "declined")


def test_a_late_answer_to_an_older_time_never_becomes_a_request_for_the_new_one(late, deliver):
    change(late, sequence=2, time_sequence=2)
    row = deliver(kit.reply(late, sequence=1, at=timezone.now()))
    assert (row.state, row.reason, asked(late)) == ("held", "after the deadline", [])


def test_a_request_keeps_the_time_it_was_meant_for(late, deliver, kari):
    deliver(kit.reply(late, at=timezone.now()))
    change(late, sequence=1, time_sequence=1)
    with pytest.raises(answers.Moved):
        grant(asked(late)[0], by=kari)


def test_a_late_guest_count_is_told_to_the_organiser(late, deliver):
    Invitation.objects.of(late.tenant).filter(pk=late.pk).update(quota=3)
    deliver(kit.reply(late, at=timezone.now(), params=";X-NUM-GUESTS=2"))
    assert asked(late)[0].comment == "Vil ta med 2 til."


def test_a_strangers_late_answer_asks_nothing(late, deliver):
    row = deliver(kit.reply(late, sender="per@annet.example", at=timezone.now()))
    assert (row.state, row.reason, asked(late)) == ("held", "from another address", [])


def test_once_as_many_were_asked_as_may_be_it_is_held(late, deliver, monkeypatch):
    monkeypatch.setattr("invites.answers.requests.asking.MOST", 0)
    row = deliver(kit.reply(late, at=timezone.now()))
    assert (row.state, row.reason) == ("held", "after the deadline")


# --- Somebody else is to come ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("rule", ["approve", "automatic"])
def test_whoever_delegates_in_the_calendar_asks_the_organiser_whatever_the_rule(ola, deliver, rule):
    change(ola, substitutes=rule)
    row = deliver(kit.reply(ola, **AMINA, at=timezone.now(), more=[*AMINAS_LINE, "COMMENT:Er bortreist"]))
    assert (row.state, row.reason, row.topic) == ("noted", "the organiser is asked", "delegation")
    (request,) = asked(ola)
    assert (request.kind, request.state, request.source) == ("delegation", "pending", "calendar")
    assert (request.name, request.email) == ("Amina Noor", "amina@forening.example")
    assert (request.comment, request.language) == ("Er bortreist", ola.language)
    assert (ola.event.invitations.count(), fresh(ola).reply) == (1, "")
    assert mails(ola, "request_received", "stand_in", "receipt") == ["request_received"]
    assert shown(ola) == {"delegation": ["Ola Nordmann"]}


def test_the_organiser_grants_it_and_the_person_named_comes(ola, deliver, kari):
    change(ola, substitutes="approve")
    deliver(kit.reply(ola, **AMINA, at=timezone.now(), more=AMINAS_LINE))
    grant(asked(ola)[0], by=kari)
    stand_in = Invitation.objects.of(ola.tenant).get(stands_in_for=ola)
    assert (stand_in.reply, stand_in.contact.name, fresh(ola).reply) == ("accepted", "Amina Noor", "declined")


def test_a_person_whose_name_the_calendar_does_not_say_is_found_by_the_only_contact_with_the_address(
    ola, deliver, kari
):
    change(ola, substitutes="approve")
    known = factories.contact(ola.tenant, name="Amina Noor", email="amina@forening.example")
    deliver(kit.reply(ola, **AMINA, at=timezone.now()))
    assert (
        asked(ola)[0].name == "amina@forening.example"
    )  # no mail tells the invitee what the directory knows
    grant(asked(ola)[0], by=kari)
    assert Invitation.objects.of(ola.tenant).get(stands_in_for=ola).contact == known


def test_of_two_with_one_address_none_is_taken_for_the_person_named(ola, deliver, kari):
    change(ola, substitutes="approve")
    for name in ("Amina Noor", "Vakten"):
        factories.contact(ola.tenant, name=name, email="amina@forening.example")
    deliver(kit.reply(ola, **AMINA, at=timezone.now()))
    grant(asked(ola)[0], by=kari)
    assert Invitation.objects.of(ola.tenant).get(stands_in_for=ola).contact.name == "amina@forening.example"


def test_the_same_delegation_asks_once_whatever_was_decided(ola, deliver, kari):
    change(ola, substitutes="approve")
    raw = kit.reply(ola, **AMINA, at=timezone.now(), more=AMINAS_LINE)
    deliver(raw)
    deliver(b"Received: from another server\r\n" + raw)
    refuse(asked(ola)[0], by=kari, reason="Bare deg.")
    row = deliver(b"Received: from a third server\r\n" + raw)
    assert ([request.state for request in asked(ola)], row.state) == (["refused"], "noted")


def _nobody_may(ola):
    change(ola, substitutes="none")
    return {}


def _a_stranger(ola):
    return {"sender": "per@annet.example"}


def _doubted(ola):
    return {"headers": ["Authentication-Results: mx.moteplass.example; dkim=fail; spf=fail"]}


def _the_delegate(ola):
    params = f';DELEGATED-FROM="mailto:{ola.contact.email}"'
    return {"says": "ACCEPTED", "params": params, "attendee": "amina@forening.example"} | {
        "sender": "amina@forening.example"
    }


def _an_older_time(ola):
    change(ola, sequence=1, time_sequence=1)
    return {}


def _answered_since(ola):
    answers.answer(fresh(ola), reply="accepted", comment="", source="web")
    return {"at": timezone.now() - HOUR}


def _invited_already(ola):
    person = factories.contact(ola.tenant, name="Amina Noor", email="amina@forening.example")
    factories.invitation(ola.event, contact=person)
    return {}


def _somebody_comes_already(ola):
    change(ola, substitutes="automatic")
    ask_substitute(fresh(ola), person=Substitute("Bo Berg", "bo@moske.example"))
    return {}


def _nobody_named(ola):
    return {"params": ""}


def _no_address(ola):
    return {"params": ';DELEGATED-TO="mailto:amina@forening"'}


@pytest.mark.parametrize(
    "doubt",
    [
        _nobody_may,
        _a_stranger,
        _doubted,
        _the_delegate,
        _an_older_time,
        _answered_since,
        _invited_already,
        _somebody_comes_already,
        _nobody_named,
        _no_address,
    ],
)
def test_in_any_doubt_a_delegation_is_held_and_nobody_is_added(ola, deliver, settings, doubt):
    settings.INBOUND_AUTHSERV_ID = "mx.moteplass.example"
    change(ola, substitutes="approve")
    facts = {**AMINA, "at": timezone.now(), "more": AMINAS_LINE, **doubt(ola)}
    before = ola.event.invitations.count()
    provider = {"dkim": "{@forening.example : fail}", "SPF": "fail"} if doubt is _doubted else {}
    row = deliver(kit.reply(ola, **facts), **provider)
    assert (row.state, row.topic, row.reason) == ("held", "delegation", "somebody else is to come")
    assert keeping.said(row)
    assert [one for one in asked(ola) if one.kind == "delegation"] == []
    assert ola.event.invitations.count() == before

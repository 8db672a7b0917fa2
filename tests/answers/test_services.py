"""Taking answers: what is written, what is refused, and what a second call does."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.answers.services import Closed, Full, answer
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from tests.factories import contact, draft, event, invitation

pytestmark = pytest.mark.usefixtures("still_post")
WEB, STAFF = "web", "staff"


def fresh(row: Invitation) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=row.pk)


def say(row: Invitation, reply: str, comment: str = "", source: str = WEB, by=None) -> Answer:
    return answer(fresh(row), reply=reply, comment=comment, source=source, by=by)


def receipts(row: Invitation) -> list[str]:
    ids = row.answers.values_list("pk", flat=True)
    mails = OutgoingMail.objects.of(row.tenant_id).filter(kind="receipt", subject_id__in=ids)
    return list(mails.values_list("to_address", flat=True))


def test_an_answer_is_kept_shown_on_the_invitation_and_receipted(amina):
    given_ = say(amina, "accepted", "Jeg tar med en kollega")

    row = fresh(amina)
    assert (row.reply, row.replied_at) == ("accepted", given_.answered_at)
    kept = row.answers.get()
    assert (kept.reply, kept.comment, kept.source) == ("accepted", "Jeg tar med en kollega", "web")
    assert kept.recorded_by is None
    assert row.event.seats_taken == 1
    assert receipts(amina) == ["amina@moske.example"]


def test_the_same_answer_twice_is_one_answer_and_one_receipt(amina):
    first = say(amina, "tentative", "Kanskje")
    second = say(amina, "tentative", "Kanskje")

    assert first == second
    assert amina.answers.count() == 1
    assert len(receipts(amina)) == 1


def test_a_double_click_that_read_the_page_before_either_answer_is_one_answer(amina):
    two_tabs = fresh(amina), fresh(amina)
    for tab in two_tabs:
        answer(tab, reply="accepted", comment="", source=WEB)

    assert amina.answers.count() == 1
    assert fresh(amina).event.seats_taken == 1


def test_two_tabs_that_both_give_up_the_seat_free_it_once(amina):
    say(amina, "accepted")
    two_tabs = fresh(amina), fresh(amina)
    for tab in two_tabs:
        answer(tab, reply="declined", comment="", source=WEB)

    assert list(amina.answers.values_list("reply", flat=True)) == ["declined", "accepted"]
    assert fresh(amina).event.seats_taken == 0


def test_the_same_reply_with_another_comment_is_a_new_answer(amina):
    say(amina, "accepted", "Kommer")
    say(amina, "accepted", "Kommer fem minutter for sent")

    assert amina.answers.count() == 2
    assert fresh(amina).event.seats_taken == 1


def test_the_same_answer_after_the_event_was_moved_counts_for_the_new_time(amina):
    say(amina, "accepted")
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(sequence=1)
    say(amina, "accepted")

    assert list(amina.answers.values_list("event_sequence", flat=True)) == [1, 0]


@pytest.mark.parametrize("later", ["tentative", "declined"])
def test_a_change_away_from_yes_frees_the_seat(amina, later):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(waitlist="none", capacity=1)
    other = invitation(amina.event)
    say(amina, "accepted")
    with pytest.raises(Full):
        say(other, "accepted")

    say(amina, later)
    say(other, "accepted")

    assert fresh(amina).event.seats_taken == 1
    assert (fresh(amina).reply, fresh(other).reply) == (later, "accepted")


def test_a_full_event_refuses_yes_and_still_takes_maybe_and_no(amina):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(waitlist="none", capacity=1)
    say(invitation(amina.event), "accepted")

    with pytest.raises(Full):
        say(amina, "accepted")
    assert (fresh(amina).reply, amina.answers.count(), receipts(amina)) == ("", 0, [])

    say(amina, "tentative")
    say(amina, "declined")
    assert fresh(amina).reply == "declined"


def test_who_has_a_seat_in_a_full_event_may_still_change_the_comment(amina):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(waitlist="none", capacity=1)
    say(amina, "accepted")
    say(amina, "accepted", "Trenger rampe")

    assert fresh(amina).event.seats_taken == 1
    assert amina.answers.count() == 2


HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "facts",
    [
        {"answer_by": -HOUR},
        {"starts_at": -HOUR, "ends_at": HOUR, "answer_by": None},
        {"state": "held", "held_at": -HOUR},
        {"state": "cancelled", "cancelled_at": -HOUR},
        {"state": "draft"},
    ],
    ids=["after the deadline", "begun", "held", "cancelled", "draft"],
)
def test_a_closed_event_takes_no_answer(amina, facts):
    now = timezone.now()
    facts = {name: now + at if isinstance(at, dt.timedelta) else at for name, at in facts.items()}
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(**facts)

    for reply in ("accepted", "tentative", "declined"):
        with pytest.raises(Closed):
            say(amina, reply)
    assert (fresh(amina).reply, fresh(amina).event.seats_taken, amina.answers.count()) == ("", 0, 0)


def test_an_event_that_is_cancelled_while_the_page_is_open_takes_no_answer(amina):
    page_open = fresh(amina)
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(
        state="cancelled", cancelled_at=timezone.now()
    )

    with pytest.raises(Closed):
        answer(page_open, reply="accepted", comment="", source=WEB)


def test_a_withdrawn_invitation_takes_no_answer(amina):
    page_open = fresh(amina)
    Invitation.objects.of(amina.tenant).filter(pk=amina.pk).update(revoked_at=timezone.now())

    with pytest.raises(Closed):
        answer(page_open, reply="accepted", comment="", source=WEB)
    assert fresh(amina).event.seats_taken == 0


def test_staff_record_a_telephone_answer_after_the_deadline_but_not_after_the_start(amina, kari):
    soon = timezone.now() - HOUR
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(answer_by=soon)

    given_ = say(amina, "accepted", "Ringte", STAFF, kari)

    assert (given_.source, given_.recorded_by) == ("staff", kari)
    entry = AuditEntry.objects.of(amina.tenant).about(amina).get()
    assert (entry.action, entry.actor_id, entry.facts) == (
        "answer.recorded",
        kari.pk,
        {"title": "Samarbeidsforum"},
    )
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(starts_at=soon)
    with pytest.raises(Closed):
        say(amina, "declined", "", STAFF, kari)


def test_an_invitee_without_an_address_gets_no_receipt(meeting, kari):
    row = invitation(meeting, contact=contact(meeting.tenant, email="", phone="33 00 00 00"))
    say(row, "declined", "", STAFF, kari)

    assert receipts(row) == []


@pytest.mark.parametrize("before", ["", "accepted", "declined"])
@pytest.mark.parametrize("reply", ["accepted", "declined"])
def test_an_answer_takes_at_most_four_statements_in_its_transaction(amina, before, reply):
    if before:
        say(amina, before)
    row = fresh(amina)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer(row, reply=reply, comment="Ny kommentar", source=WEB)

    # Reading the standing answer (only when the reply is the same) comes before the transaction.
    inside = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    inside = inside[1:] if before == reply else inside
    assert [sql.split()[0] for sql in inside] == ["UPDATE", "UPDATE", "INSERT", "INSERT"]


def test_answers_of_one_tenant_never_touch_anothers_seats(amina, kristiansand):
    other = event(kristiansand, waitlist="none", capacity=1)
    say(amina, "accepted")

    assert Event.objects.of(kristiansand).get(pk=other.pk).seats_taken == 0


def test_a_draft_takes_no_answer_of_staff_either(sandefjord, kari):
    with pytest.raises(Closed):
        say(invitation(draft(sandefjord)), "accepted", "", STAFF, kari)


REPLIES = st.sampled_from(["accepted", "tentative", "declined"])
SAID = st.lists(st.tuples(st.integers(0, 2), REPLIES, st.sampled_from(["", "Hei"])), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAID, capacity=st.sampled_from([None, 1, 2]))
def test_any_order_of_answers_ends_in_the_state_of_the_latest(sandefjord, said, capacity):
    """Against a model that holds nothing but the latest taken answer of each of three invitees."""
    meeting = event(sandefjord, waitlist="none", capacity=capacity)
    rows = [invitation(meeting) for _ in range(3)]
    stands: dict[int, list[tuple[str, str]]] = {0: [], 1: [], 2: []}
    for who, reply, comment in said:
        others = sum(1 for n, taken in stands.items() if n != who and taken and taken[-1][0] == "accepted")
        if reply == "accepted" and capacity is not None and others >= capacity:
            with pytest.raises(Full):
                say(rows[who], reply, comment)
            continue
        say(rows[who], reply, comment)
        if stands[who][-1:] != [(reply, comment)]:
            stands[who].append((reply, comment))

    coming = 0
    for who, row in enumerate(rows):
        kept = list(row.answers.order_by("pk").values_list("reply", "comment"))
        assert kept == stands[who]
        latest = row.answers.first()
        now = fresh(row)
        assert (now.reply, now.replied_at) == ((latest.reply, latest.answered_at) if latest else ("", None))
        coming += now.reply == "accepted"
    assert Event.objects.of(sandefjord).get(pk=meeting.pk).seats_taken == coming

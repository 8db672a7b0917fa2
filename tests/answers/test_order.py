"""Answers count in the order they were said, whatever order they come in (rule 7)."""

import datetime as dt
import random
from dataclasses import replace
from itertools import permutations

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from events.gatherings.models import Event
from invites.answers import saying, showing, taking
from invites.answers.people import Person, named
from invites.answers.saying import Said
from invites.answers.services import Moved, answer, stands
from invites.answers.standing import Told, stand
from invites.invitations import overview, truth
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from tests.factories import event, invitation

pytestmark = pytest.mark.usefixtures("still_post")
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
A, B = (Person("Amina"),), (Person("Bashir"), Person("Carla"))


def minute(n: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=n)


def fresh(row: Invitation) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    return rows.get(pk=row.pk)


def say(row, reply, at, *, comment="", people=None, source="calendar", sequence=None, mode="", coming=None):
    return answer(
        fresh(row),
        reply=reply,
        comment=comment,
        source=source,
        said_at=minute(at),
        people=people,
        to_sequence=sequence,
        mode=mode,
        coming=coming,
    )


@pytest.fixture
def asked(meeting):
    return invitation(meeting, for_organisation=True, quota=3)


def receipts(row) -> int:
    ids = row.answers.values_list("pk", flat=True)
    return OutgoingMail.objects.of(row.tenant_id).filter(kind="receipt", subject_id__in=ids).count()


# --- Late answers --------------------------------------------------------------------------------------------------
def test_an_answer_said_earlier_that_comes_in_later_is_kept_and_changes_nothing(amina):
    say(amina, "accepted", 10, comment="Kommer")
    late = say(amina, "declined", 5, comment="Kan ikke")

    row = fresh(amina)
    assert (row.reply, row.event.seats_taken, receipts(amina)) == ("accepted", 1, 1)
    assert (stands(late), amina.answers.count()) == (False, 2)
    assert showing.standing(row).comment == "Kommer"
    (guest,) = overview.guests(row.event, overview.with_answers(overview.invitations(row.event)))
    assert (guest.answer, guest.comment) == ("ja", "Kommer")


def test_an_answer_said_later_stands_also_when_it_comes_from_elsewhere(amina):
    say(amina, "accepted", 5, source="web")
    last = say(amina, "declined", 10)
    assert (fresh(amina).reply, fresh(amina).event.seats_taken, stands(last)) == ("declined", 0, True)


def test_the_newer_revision_counts_more_than_the_later_moment(amina):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(sequence=1)
    say(amina, "accepted", 5, sequence=1)
    say(amina, "declined", 10, sequence=0)
    assert fresh(amina).reply == "accepted"


def test_of_two_said_at_the_same_moment_the_one_that_came_last_stands(amina):
    say(amina, "accepted", 5)
    say(amina, "declined", 5)
    assert fresh(amina).reply == "declined"


def test_an_answer_to_an_older_time_is_refused_and_not_a_row(amina):
    Event.objects.of(amina.tenant).filter(pk=amina.event_id).update(sequence=1, time_sequence=1)
    with pytest.raises(Moved):
        say(amina, "accepted", 10, sequence=0)
    assert amina.answers.count() == 0


def test_the_same_mail_twice_is_one_answer_whatever_came_between(amina):
    first = say(amina, "accepted", 5)
    say(amina, "declined", 10)
    assert say(amina, "accepted", 5) == first
    assert (amina.answers.count(), fresh(amina).reply) == (2, "declined")


def test_saying_yes_again_later_outlives_a_no_that_was_said_between_and_comes_last(amina):
    for reply, at in (("accepted", 1), ("accepted", 9), ("declined", 5)):
        say(amina, reply, at)
    assert fresh(amina).reply == "accepted"


def test_the_history_says_which_answer_came_late(amina):
    say(amina, "accepted", 10)
    say(amina, "declined", 5)
    with translation.override("en"):
        words = [str(step.what) for step in truth.steps(amina) if "answered" in str(step.what)]
    assert words == ["answered yes", "answered no (came late, something newer had been said)"]


# --- Names and ways of taking part follow the standing answer --------------------------------------------------------
def test_late_names_do_not_replace_newer_ones(asked):
    say(asked, "accepted", 10, people=B)
    say(asked, "accepted", 5, people=A)
    assert (named(asked), fresh(asked).party) == (B, 2)


def test_late_names_are_taken_over_by_a_yes_that_named_nobody(asked):
    say(asked, "accepted", 10)
    late = say(asked, "accepted", 5, people=B)
    assert (named(asked), fresh(asked).party, fresh(asked).event.seats_taken) == (B, 2, 2)
    assert stands(late), "the one said later only repeats it"


def test_names_from_before_a_no_that_comes_late_are_forgotten(asked):
    say(asked, "accepted", 1, people=B)
    say(asked, "accepted", 9)
    assert named(asked) == B
    say(asked, "declined", 5)
    assert (fresh(asked).reply, named(asked), fresh(asked).event.seats_taken) == ("accepted", (), 1)


def test_a_yes_that_says_nothing_of_the_way_keeps_online(amina):
    say(amina, "accepted", 1, mode="online")
    say(amina, "accepted", 2)
    assert (fresh(amina).mode, fresh(amina).event.seats_taken) == ("online", 0)


def test_a_guest_count_of_a_calendar_takes_that_many_seats(asked):
    say(asked, "accepted", 1, coming=3)
    assert (fresh(asked).party, fresh(asked).event.seats_taken, named(asked)) == (3, 3, ())
    with pytest.raises(ValueError, match="more people"):
        say(asked, "accepted", 2, coming=4)


# --- Any interleaving ------------------------------------------------------------------------------------------------
REVISIONS, MINUTES = range(3), range(41)
SOURCES = ("web", "mail", "calendar")
REPLIES = ("accepted", "accepted", "tentative", "declined")
PEOPLE, MODES, COMMENTS = (None, A, B), ("", "in_person", "online"), ("", "Hei")
ONE = st.tuples(*map(st.sampled_from, (REVISIONS, MINUTES, SOURCES, REPLIES, PEOPLE, MODES, COMMENTS)))
HISTORY = st.lists(ONE, min_size=1, max_size=6, unique_by=lambda one: one[:2])


def as_said(one) -> Said:
    sequence, at, source, reply, people, mode, comment = one
    names = people or () if reply == "accepted" else ()
    return Said(reply, comment, source, None, names, sequence, mode, minute(at), says_who=bool(names))


def arrive(history):
    """What an invitation shows after these came in, in this order: the service's own rules, without a database."""
    row, told, names, words = Invitation(for_organisation=True, quota=3), [], (), {}
    for n, one in enumerate(history):
        said, now = as_said(one), minute(1000 + n)
        if row.reply and said.repeats(row):
            if said.sequence == row.said_sequence:
                row.said_at = max(row.said_at, said.at)
            continue
        late = said.is_late(row)
        after = saying.after_late(row, said, told, now) if late else saying.after(row, said, waits=False)
        if saying.may_end_a_repeat(row, after):
            told += [replace(one, pk=n + 2000) for one in saying.unwritten(row, told)]
        told.append(replace(said.told(row, now), pk=n + 1))
        words[now] = said.comment
        if after.again:
            told.append(replace(after.again, pk=n + 1000, answered_at=now + taking.TICK))
            words[now + taking.TICK] = ""
        names = names if after.names is None else after.names
        row.party, row.mode = after.party, after.mode
        if late:
            row.replied_at = taking.standing_since(row, after, now)
        else:
            row.reply, row.replied_at = after.reply, now
            row.said_sequence, row.said_at = said.sequence, said.at
    return row.reply, row.mode, row.party, names, words[row.replied_at], row.seats


def last_words(in_order):
    """The comment of the last answer, or of the one that it only repeats."""
    comment, before = "", None
    for one in in_order:
        sequence, _at, source, reply, people, mode, words = one
        silent = source == "calendar" and not (mode or words or (people and reply == "accepted"))
        if not (silent and before and (before[0], before[3]) == (sequence, reply)):
            comment = words
        before = one
    return comment


def random_history(dice):
    """Up to seven answers, each to a revision and said at a minute of its own."""
    said = dice.sample([(revision, at) for revision in REVISIONS for at in MINUTES], dice.randint(1, 7))
    facts = (SOURCES, REPLIES, PEOPLE, MODES, COMMENTS)
    return [(*key, *(dice.choice(each) for each in facts)) for key in said]


def test_ten_thousand_histories_end_in_one_state_in_any_interleaving():
    dice = random.Random(4)
    for _ in range(10_000):
        history = random_history(dice)
        in_order = sorted(history, key=lambda one: one[:2])
        assert arrive(history) == arrive(in_order), history
        assert (arrive(history)[0], arrive(history)[4]) == (in_order[-1][3], last_words(in_order))


@settings(max_examples=150, deadline=None)
@given(history=HISTORY, orders=st.randoms(use_true_random=False))
def test_what_fails_is_shown_as_small_as_it_can_be(history, orders):
    """The same once more with Hypothesis, which shrinks."""
    shuffled = list(history)
    orders.shuffle(shuffled)
    assert arrive(shuffled) == arrive(sorted(history, key=lambda one: one[:2]))


def in_database(meeting, history):
    row = invitation(meeting, for_organisation=True, quota=3)
    before = Event.objects.of(meeting.tenant).get(pk=meeting.pk).seats_taken
    for sequence, at, source, reply, people, mode, comment in history:
        say(row, reply, at, comment=comment, people=people, source=source, sequence=sequence, mode=mode)
    now = fresh(row)
    comment = showing.standing(now).comment
    kept = now.reply, now.mode, now.party, named(now), comment, now.event.seats_taken - before
    assert stand(map(taking.told, row.answers.all())).answer.pk == showing.standing(now).pk
    return kept


def test_forty_histories_end_in_one_state_in_the_database_too(meeting):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(sequence=2)
    dice = random.Random(5)
    for _ in range(40):
        history = random_history(dice)
        expected = arrive(sorted(history, key=lambda one: one[:2]))
        assert in_database(meeting, history) == expected, history


def test_every_order_of_three_answers_ends_in_one_state(sandefjord):
    meeting = event(sandefjord)
    history = [
        (0, 1, "web", "accepted", B, "", "Vi kommer"),
        (0, 2, "calendar", "declined", None, "", ""),
        (0, 4, "calendar", "accepted", None, "", "Ja"),
    ]
    assert {in_database(meeting, order) for order in permutations(history)} == {
        ("accepted", "", 1, (), "Ja", 1)
    }


def test_every_order_of_four_answers_ends_in_one_state(sandefjord):
    meeting = event(sandefjord)
    history = [
        (0, 1, "web", "accepted", B, "", "Vi kommer"),
        (0, 2, "calendar", "declined", None, "", ""),
        (0, 3, "mail", "accepted", A, "online", "Likevel"),
        (0, 4, "calendar", "accepted", None, "", "Ja"),
    ]
    ends = {in_database(meeting, order) for order in permutations(history)}
    assert ends == {("accepted", "online", 1, A, "Ja", 0)}


def test_the_pure_order_is_by_revision_then_moment_then_arrival_then_number():
    now = timezone.now()
    told = [
        Told(0, minute(9), now, 4, "declined"),
        Told(1, minute(1), now, 3, "accepted"),
        Told(1, minute(1), now, 2, "tentative"),
    ]
    assert {stand(order).answer.pk for order in permutations(told)} == {3}

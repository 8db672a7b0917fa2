"""The agenda (issue 6, point 3): sorts of matter, who may read an item, papers, and the agenda as invited."""

import json

import pytest

from events.gatherings import agenda
from events.gatherings.agenda import ItemKind, ItemLevel
from events.gatherings.programme import set_programme
from events.gatherings.visibility import Audience, seen
from invites.invitations.services import invite
from minutes.records import services as records
from minutes.records.content import Content
from tests.actions.scene import approved, met
from tests.factories import contact, event
from tests.records.scene import address, new

LEVELS = tuple(ItemLevel.values)


def item(title, **facts):
    return {"title": title, **facts}


def titles(rows):
    return [row.title for row in rows]


def test_standing_items_come_first_then_what_was_carried_over_and_the_rest_keeps_its_order(sandefjord):
    meeting = event(sandefjord)
    rows = [
        item("b"),
        item("over", kind="carried_over"),
        item("a", kind="decision"),
        item("fast", kind="standing"),
    ]
    for _twice in range(2):
        set_programme(meeting, rows)
        assert titles(meeting.programme.all()) == ["fast", "over", "b", "a"]


def test_the_same_agenda_again_is_no_change(sandefjord, kari):
    from events.gatherings.programme import is_as_given

    meeting = event(sandefjord)
    rows = [item("b"), item("fast", kind="standing", level="internal", papers="https://x.example/1")]
    set_programme(meeting, rows)
    assert is_as_given(meeting, [], [], rows)
    assert not is_as_given(meeting, [], [], [rows[0], {**rows[1], "level": "public"}])


@pytest.mark.parametrize("audience", list(Audience))
def test_who_reads_which_level(sandefjord, audience):
    meeting = event(sandefjord)
    set_programme(meeting, [item(level, level=level) for level in LEVELS])
    told = {
        Audience.PUBLIC: [],
        Audience.INVITED: ["public", "participants"],
        Audience.ACCEPTED: ["public", "participants"],
        Audience.CO_HOST: ["public", "participants"],
        Audience.ORGANISER: list(LEVELS),
    }
    assert titles(seen(meeting, audience).programme) == told[audience]


def test_an_internal_item_is_in_no_mail_and_on_no_page_of_an_invitee(sandefjord, kari, client):
    from invites.invitations.mails import compose_invitations
    from invites.invitations.models import Invitation
    from invites.post.models import OutgoingMail

    meeting = event(sandefjord)
    set_programme(meeting, [item("Åpen sak"), item("Hemmelig sak", level="internal")])
    invite(meeting, by=kari, contacts=[contact(sandefjord)])
    [mail] = OutgoingMail.objects.of(sandefjord)
    letter = compose_invitations([mail])[mail.pk]
    page = client.get(f"/rsvp/{Invitation.objects.of(sandefjord).get().token}/").content.decode()
    for words in (letter.text, letter.html, letter.calendar.decode(), page):
        assert "Hemmelig sak" not in words
    assert "Åpen sak" in letter.text


def test_a_reader_does_not_learn_of_restricted_items_in_agenda_or_minutes(sandefjord, kari, leif, at_desk):
    meeting = met(sandefjord)
    set_programme(meeting, [item("Åpen sak"), item("Hemmelig sak", level="restricted")])
    minutes = records.open_minutes(meeting, by=kari)
    secret = minutes.items.get(title="Hemmelig sak")
    rows = Content(
        decisions=[new(text="Hemmelig vedtak", item=secret.pk), new(text="Åpent vedtak")],
        actions=[new(text="Åpen oppgave", owner="Kari")],
    )
    records.save(minutes, by=kari, revision=0, content=rows)
    frozen = json.loads(approved(minutes, kari).canonical)
    assert [one["level"] for one in frozen["items"]] == ["participants", "restricted"]
    for page in ("event-detail", "minutes-detail"):
        for who, told in ((kari, True), (leif, False)):
            shown = at_desk(who).get(address(page, meeting)).content.decode()
            assert "Åpen sak" in shown
            assert ("Hemmelig sak" in shown) is told
            if page == "minutes-detail":
                assert ("Hemmelig vedtak" in shown) is told
                assert "Åpent vedtak" in shown


def test_the_agenda_as_invited_is_kept_and_shown_when_it_differs(sandefjord, kari, at_desk):
    meeting = event(sandefjord)
    set_programme(meeting, [item("Velkommen"), item("Intern sak", level="internal")])
    invite(meeting, by=kari, contacts=[contact(sandefjord, email="a@x.example")])
    assert agenda.as_invited(meeting) is None
    desk, page = at_desk(kari), address("event-detail", meeting)
    assert "Programmet slik det var i innkallingen" not in desk.get(page).content.decode()
    set_programme(meeting, [item("Velkommen og kaffe")])
    invite(meeting, by=kari, contacts=[contact(sandefjord, email="b@x.example")])
    kept = agenda.as_invited(meeting)
    assert [one["title"] for one in kept.items] == ["Velkommen"]
    assert "Programmet slik det var i innkallingen" in desk.get(page).content.decode()


@pytest.mark.parametrize(
    "wrong", ["javascript:alert(1)", "tull", "ftp://x.example/a", "https://", "https://u:p@x.example"]
)
def test_papers_are_web_addresses_and_nothing_else(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 - the line itself is the message
        agenda.addresses(f"https://x.example/a\n{wrong}")


def test_the_minutes_remember_the_level_of_an_item_that_left_the_programme(sandefjord, kari, leif, at_desk):
    meeting = met(sandefjord)
    set_programme(meeting, [item("Åpen sak"), item("Hemmelig sak", level="restricted")])
    minutes = records.open_minutes(meeting, by=kari)
    set_programme(meeting, [])
    approved(minutes, kari)
    shown = at_desk(leif).get(address("minutes-detail", meeting)).content.decode()
    assert "Åpen sak" in shown
    assert "Hemmelig sak" not in shown


def test_every_kind_has_a_rank():
    assert [agenda.rank(kind) for kind in ("", *ItemKind.values)] == [2, 2, 2, 2, 0, 1]

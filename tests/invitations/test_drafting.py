"""The preview of a round: every recipient and language, notes, the test to oneself, reasons not to send."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from invites.invitations.drafting import services
from invites.invitations.drafting.mails import compose_trials, names
from invites.invitations.drafting.models import TrialMail
from invites.invitations.models import Invitation
from invites.invitations.overview import tallies
from invites.post import outbox
from invites.post.letters import Letter, Withheld
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, organisation
from tests.queries import queries_of


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Samarbeidsforum")


@pytest.fixture
def people(sandefjord):
    """In the order of the page."""
    first, second, third = (organisation(sandefjord, name=name) for name in ("A-laget", "B-laget", "C-laget"))
    return [
        contact(sandefjord, name="Anne", organisation=first),
        contact(sandefjord, name="Bo", organisation=second, language="en"),
        contact(sandefjord, name="Cato", organisation=third),
    ]


@pytest.fixture
def desk(at_desk, kari, meeting, people):
    """Kari with all three ticked."""
    client = at_desk(kari)
    client.post(address(meeting, ""), {"contact": [one.pk for one in people], "do": "preview"})
    return client


def address(meeting, end="preview/"):
    return f"/t/sandefjord/events/{meeting.pk}/invite/{end}"


def typed(reader, *, greeting="", note="", **more):
    return {"reader": reader.pk, "greeting": greeting, "note": note, **more}


def reader_of(client, location):
    return client.get(location).context["reader"].name


# --- Stepping -------------------------------------------------------------------------------------------------------
def test_one_steps_through_every_recipient_and_language(desk, meeting, people):
    page = desk.get(address(meeting))
    assert (page.context["reader"].name, page.context["number"]) == ("Anne", 1)
    assert page.context["languages"] == [("Norsk bokmål", 2), ("Engelsk", 1)]
    seen = [page.context["letter"].language]
    for name in ("Bo", "Cato", "Cato"):
        reader = page.context["reader"]
        page = desk.get(desk.post(address(meeting), typed(reader, do="next"))["Location"])
        assert page.context["reader"].name == name
        seen.append(page.context["letter"].language)
    assert seen == ["nb", "en", "nb", "nb"]
    assert reader_of(desk, desk.post(address(meeting), typed(people[2], do="previous"))["Location"]) == "Bo"
    chosen = desk.post(address(meeting), typed(people[2], do="show", contact=people[0].pk))
    assert reader_of(desk, chosen["Location"]) == "Anne"


def test_a_language_without_words_of_ones_own_is_flagged(desk, meeting, people, kari):
    falls_back = desk.get(f"{address(meeting)}?contact={people[1].pk}").context["falls_back"]
    assert falls_back.endswith("slik du skrev dem, på dette språket: Norsk bokmål.")
    services.write_words(
        meeting.tenant, by=kari, kind="invitation", language="nb", subject="Hei", body="Hei {name}"
    )
    assert desk.get(f"{address(meeting)}?contact={people[0].pk}").context["falls_back"] == ""
    assert "ingen egen tekst" in desk.get(f"{address(meeting)}?contact={people[1].pk}").context["falls_back"]


def test_the_page_takes_the_same_queries_for_one_and_three_recipients(at_desk, kari, meeting, people):
    client, counts = at_desk(kari), []
    for number in (1, 3):
        client.post(address(meeting, ""), {"contact": [one.pk for one in people[:number]], "do": "preview"})
        counts.append(queries_of(client, address(meeting)))
    assert counts[0] == counts[1] <= 12


# --- Notes ----------------------------------------------------------------------------------------------------------
def test_notes_are_kept_shown_and_sent_to_their_own(desk, meeting, people):
    anne, bo, cato = people
    desk.post(address(meeting), typed(anne, greeting="Velkommen <alle>", note="Takk for sist", do="next"))
    desk.post(address(meeting), typed(bo, greeting="Velkommen <alle>", note="See you", do="keep"))
    page = desk.get(f"{address(meeting)}?contact={anne.pk}")
    assert page.context["letter"].text.startswith("Hei Anne,\n\nTakk for sist\n\nVelkommen <alle>\n\n")
    frame = desk.get(address(meeting, f"preview/{bo.pk}/")).content.decode()
    assert '<p dir="auto">See you</p><p dir="auto">Velkommen &lt;alle&gt;</p>' in frame
    assert "Takk for sist" not in frame
    desk.post(
        address(meeting, "send/"),
        typed(cato, greeting="Kom", note="C", contacts=page.context["contacts"]),
    )
    notes = dict(Invitation.objects.of(meeting.tenant).values_list("contact__name", "note"))
    assert notes == {"Anne": "Takk for sist\n\nKom", "Bo": "See you\n\nKom", "Cato": "C\n\nKom"}
    assert [key for key in dict(desk.session) if key.startswith(("notes-", "invite-"))] == []


@pytest.mark.parametrize("end", ["preview/", "send/"])
def test_a_note_too_long_is_told_beside_the_field_and_kept_on_the_page(desk, meeting, people, end):
    long = "b" * 451
    sent = typed(people[1], note=long, greeting="Hei", contacts=str(people[1].pk), do="keep")
    page = desk.post(address(meeting, end), sent)
    assert (page.status_code, page.context["reader"].name) == (200, "Bo")
    assert 'id="id_note_error"' in page.content.decode()
    assert long in page.content.decode()
    assert Invitation.objects.of(meeting.tenant).count() == 0


@pytest.mark.parametrize("odd", ["", "abc", "0", "-1", "9" * 30, "9" * 5000])
def test_a_reader_that_is_none_breaks_nothing(desk, meeting, odd):
    for end in ("preview/", "send/"):
        sent = {"reader": odd, "greeting": "", "note": "x", "contacts": "1", "do": "next", "contact": odd}
        assert desk.post(address(meeting, end), sent).status_code in (200, 302)


# --- Reasons not to send --------------------------------------------------------------------------------------------
def test_reasons_stand_in_the_place_of_the_button_and_lead_to_what_is_wrong(desk, meeting, people):
    location = desk.post(address(meeting), typed(people[0], note="Rådhusgata 1"))["Location"]
    page = desk.get(location)
    [reason] = page.context["reasons"]
    assert (reason.who, reason.url) == ("Anne", "#id_note")
    assert "Rådhusgata 1" in reason.what
    assert "invite/send/" not in page.content.decode()
    desk.post(location, typed(people[0], note="Velkommen"))
    assert "invite/send/" in desk.get(location).content.decode()


def test_sending_what_is_refused_sends_nothing_and_keeps_choice_and_notes(desk, meeting, people):
    contacts = desk.get(address(meeting)).context["contacts"]
    sent = desk.post(
        address(meeting, "send/"), typed(people[0], greeting="I Rådhusgata 1", contacts=contacts)
    )
    assert sent["Location"] == address(meeting)
    page = desk.get(sent["Location"])
    assert [reason.url for reason in page.context["reasons"]] == ["#id_greeting"]
    assert len(page.context["people"]) == 3
    assert Invitation.objects.of(meeting.tenant).count() == 0
    assert OutgoingMail.objects.of(meeting.tenant).count() == 0


def test_many_people_are_counted_not_all_named(at_desk, kari, meeting, sandefjord):
    services.write_words(
        sandefjord, by=kari, kind="invitation", language="nb", subject="Hei", body="{organisation}"
    )
    alone = [contact(sandefjord, name=f"Person {n}", organisation=None) for n in range(7)]
    client = at_desk(kari)
    client.post(address(meeting, ""), {"contact": [one.pk for one in alone], "do": "preview"})
    [reason] = client.get(address(meeting)).context["reasons"]
    assert (reason.who, reason.more) == ("Person 0, Person 1, Person 2, Person 3, Person 4", 2)
    assert reason.url == "/t/sandefjord/mail-texts/invitation/nb/"


# --- The test to oneself --------------------------------------------------------------------------------------------
def trial(kari):
    mail = OutgoingMail.objects.of(kari.memberships.get().tenant).get(kind="trial")
    return mail, compose_trials([mail])[mail.pk]


def test_a_test_goes_to_oneself_marked_with_dead_links_and_without_a_calendar(
    desk, client, kari, meeting, people
):
    desk.post(address(meeting), typed(people[0], greeting="Velkommen!", note="Takk for sist", do="test"))
    mail, letter = trial(kari)
    assert isinstance(letter, Letter)
    assert (mail.to_address, letter.to.email, letter.to.name) == (kari.email, kari.email, "Kari Koordinator")
    assert letter.reply_to == letter.to
    assert letter.subject.startswith("Test: Invitasjon: Samarbeidsforum")
    assert letter.text.startswith("Hei Anne,\n\nTakk for sist\n\nVelkommen!\n\n")
    assert (letter.calendar, letter.method) == (b"", "")
    [link, *_others] = re.findall(r"/rsvp/[a-z2-7]{32}/", letter.text)
    assert client.get(link).status_code == 404


def test_a_test_is_no_invitation_and_is_counted_nowhere(desk, kari, meeting, people):
    desk.post(address(meeting), typed(people[0], do="test"))
    assert Invitation.objects.of(meeting.tenant).count() == 0
    assert (tallies(meeting)[0].invited, tallies(meeting)[0].sent) == (0, 0)
    mail, _letter = trial(kari)
    assert mail.series == ""
    assert names([mail])[mail.pk].endswith(": Samarbeidsforum")
    page = desk.get(address(meeting))
    assert len(page.context["people"]) == 3


def test_a_real_answer_still_counts_after_a_test(desk, meeting, people):
    desk.post(address(meeting), typed(people[0], do="test"))
    row = invitation(meeting, contact=people[1])
    assert desk.get(f"/rsvp/{row.token}/").status_code == 200


def test_tests_are_limited_by_the_hour(kari, meeting, people):
    for _test in range(services.TRIALS_AN_HOUR):
        services.send_trial(meeting, by=kari, contact=people[0])
    with pytest.raises(services.TooManyTrials):
        services.send_trial(meeting, by=kari, contact=people[0])
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1, seconds=1)):
        services.send_trial(meeting, by=kari, contact=people[0])
    assert OutgoingMail.objects.of(meeting.tenant).count() == services.TRIALS_AN_HOUR + 1


def test_one_test_too_many_is_told(desk, kari, meeting, people, monkeypatch):
    monkeypatch.setattr(services, "TRIALS_AN_HOUR", 0)
    page = desk.post(address(meeting), typed(people[0], do="test"), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert OutgoingMail.objects.of(meeting.tenant).count() == 0


def test_old_tests_are_forgotten(kari, meeting, people):
    services.send_trial(meeting, by=kari, contact=people[0])
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        services.send_trial(meeting, by=kari, contact=people[0])
        assert TrialMail.objects.of(meeting.tenant).count() == 1


def test_a_test_of_a_meeting_that_is_off_or_of_another_tenant_is_not_sent(
    kari, meeting, people, kristiansand
):
    services.send_trial(meeting, by=kari, contact=people[0])
    mail, _letter = trial(kari)
    mail.tenant_id = kristiansand.pk
    assert isinstance(compose_trials([mail])[mail.pk], Withheld)
    mail.tenant_id = meeting.tenant_id
    type(meeting).objects.of(meeting.tenant).filter(pk=meeting.pk).update(state="draft")
    assert isinstance(compose_trials([mail])[mail.pk], Withheld)
    with pytest.raises(ValueError, match="another tenant"):
        services.send_trial(meeting, by=kari, contact=contact(kristiansand))

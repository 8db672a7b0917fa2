"""What others will see is said before answering, in the matrix's own words; the list is shown as far as it allows."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from events.gatherings.matrix.presets import preset_of
from events.gatherings.models import Event
from invites.answers import disclosure
from invites.invitations import promises
from tests.factories import contact, event, invitation, organisation
from tests.invitations.telling import fresh
from tests.queries import queries_of


def opened(row, **facts):
    Event.objects.of(row.tenant_id).filter(pk=row.event_id).update(**facts)
    return fresh(row)


def told(row, language="en"):
    with translation.override(language):
        return disclosure.facts(row)


def coming(meeting, *names, reply="accepted", **facts):
    return [
        invitation(
            meeting,
            contact=contact(
                meeting.tenant, name=name, organisation=organisation(meeting.tenant, name=f"{name}s lag")
            ),
            reply=reply,
            replied_at=timezone.now(),
            **facts,
        )
        for name in names
    ]


def page_of(client, row):
    return client.get(f"/rsvp/{row.token}/?lang=en").content.decode()


def test_restricted_as_it_is_at_first_says_that_nobody_sees_it(amina, client, link):
    assert told(fresh(amina))["who_sees"] == []
    page = client.get(f"{link}?lang=en").content.decode()
    assert "Nobody but Sandefjord kommune sees that you are invited, and what you answer and write." in page


@pytest.mark.parametrize(
    ("preset", "sentences"),
    [
        (
            "delegates",
            ["If you answer yes, those who come can see your name, your organisation and your role."],
        ),
        ("chatham", ["If you answer yes, those who come can see your name and your organisation."]),
        ("counts", []),
        (
            "open",
            [
                "If you answer yes, everybody can see your organisation, but not your name.",
                "If you answer yes or maybe, all who are invited can see your name, your organisation, your role and "
                "what you answered.",
            ],
        ),
    ],
)
def test_each_preset_says_what_it_does(amina, preset, sentences):
    assert told(opened(amina, **preset_of(preset).matrix))["who_sees"] == sentences


def test_an_organisation_is_told_that_only_its_own_name_is_seen(amina):
    row = opened(amina, **preset_of("delegates").matrix)
    row.for_organisation = True
    assert len(told(row)["who_sees"]) == 1
    assert "your name," not in told(row)["who_sees"][0]


def test_who_is_there_by_office_is_said_before_answering(amina, client, link):
    opened(amina, police_attends=True, press_attends=True, ex_officio="Statsforvalteren")
    page = client.get(f"{link}?lang=en").content.decode()
    assert [
        words in page for words in ("The police take part", "The press takes part", "Statsforvalteren")
    ] == [True] * 3


def test_the_mail_promises_what_the_page_does(amina, meeting):
    closed = promises.in_mail(meeting)
    row = opened(amina, **preset_of("chatham").matrix)
    with translation.override("en"):
        assert promises.in_mail(row.event).endswith(disclosure.facts(row)["who_sees"][0])
        assert promises.in_mail(row.event) != closed


def test_under_delegates_only_the_list_opens_with_the_yes_and_closes_without(amina, meeting, client):
    opened(amina, **preset_of("delegates").matrix)
    coming(meeting, "Cecilie", "Bo")
    coming(meeting, "Ulistet", unlisted=True)
    coming(meeting, "Nei", reply="declined")
    assert "Cecilie" not in page_of(client, amina)
    amina.reply, amina.replied_at = "accepted", timezone.now()
    amina.save()
    page = page_of(client, amina)
    assert [name in page for name in ("Bo, ", "Cecilie, ", "Ulistet", "Nei, ")] == [True, True, False, False]
    assert page.index("Bos lag") < page.index("Cecilies lag")


def test_who_withdrew_and_who_is_of_another_meeting_or_tenant_is_not_known(
    amina, meeting, sandefjord, kristiansand
):
    coming(meeting, "Borte", revoked_at=timezone.now())
    coming(event(sandefjord), "Annet")
    coming(event(kristiansand), "Fremmed")
    (bo,) = coming(meeting, "Bo")
    assert [one.name for one in disclosure.known(fresh(bo).event)] == ["Bo"]


def test_the_page_asks_as_many_questions_with_one_guest_as_with_three(amina, meeting, client, link):
    opened(amina, **preset_of("open").matrix)
    coming(meeting, "Bo")
    one = queries_of(client, link)
    coming(meeting, "Cecilie", "Daniel")
    assert queries_of(client, link) == one


def test_the_public_page_tells_count_and_organisations_of_an_open_meeting_and_nobody(amina, meeting, client):
    opened(amina, is_public=True, **preset_of("open").matrix)
    coming(meeting, "Bo", "Cecilie", "Daniel", "Eva", "Finn")
    page = client.get(reverse("public-event", kwargs={"uid": meeting.uid})).content.decode()
    assert ("5 personer" in page or "5 people" in page, "Bos lag" in page, "Bo," in page) == (
        True,
        True,
        False,
    )

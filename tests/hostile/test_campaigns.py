"""Whoever coordinates a campaign, or takes part in it, meets no guest of another: name, mail, organisation, place.

Random meetings with random guests at two participants, all shared and all with a public programme; then every page and
feed of the coordinator and of a fellow participant is searched for every word that is a guest's or of a hidden place.
"""

import random

import pytest
from django.test import Client
from django.urls import reverse

from events.calendar import services as feeds
from events.campaigns.taking_part import services as taking_part
from events.tenancy.models import Membership
from events.tokens import new_nonce
from tests import factories
from tests.hostile.guests import PUBLIC, stage
from tests.house.routes import STAFF

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROUNDS = 3


def pages(client, tenant, rows):
    """Every page of the tenant that can be filled from `rows`, opened and, where it takes a form, sent empty."""
    for name, route in STAFF.items():
        if not set(route.arguments.values()) <= set(rows):
            continue
        gaps = {key: rows[row].pk for key, row in route.arguments.items()}
        address = reverse(name, kwargs={"tenant": tenant.slug, **gaps})
        if "GET" in route.methods:
            yield name, client.get(address, {"all": "1"}).content.decode(errors="replace")
        if name in ("campaign-ask", "campaign-link", "campaign-learn", "campaign-edit"):
            yield name, client.post(address).content.decode(errors="replace")


def calendars(client, person, campaign):
    member = Membership.objects.across_tenants("a test").get(user=person)
    for detail in ("full", "title", "busy"):
        _feed, token = feeds.create(
            membership=member,
            name=new_nonce(),
            nonce=new_nonce(),
            selected={"scope": "campaign", "campaign": campaign, "detail": detail},
        )
        text = client.get(f"/calendar/{token}.ics?all=1").content.decode().replace("\r\n ", "")
        assert text.startswith("BEGIN:VCALENDAR")
        yield f"feed {detail}", text


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_guest_of_a_participant_reaches_the_coordinator_or_a_fellow_participant(db, seed):
    ministry, one, other = (factories.tenant() for _ in range(3))
    siv, nils = factories.staff(ministry, "administrator"), factories.staff(other, "administrator")
    campaign = factories.campaign(ministry)
    sharing, fellow = (factories.participation(campaign, each) for each in (one, other))
    secret, shown = set(), set()
    for meeting in stage(one, random.Random(seed).randint(0, 10**6), number=4, most=14):
        factories.campaign_event(sharing, meeting.event, programme_is_public=True)
        open_words = meeting.place_words(PUBLIC) & {meeting.words["city"]}
        secret |= {word.lower() for word in meeting.all_words() - open_words}
        shown |= {word.lower() for word in open_words if not meeting.event.locked_at}
    taking_part.learn(sharing, by=None, worked="Maten", change="Mer tid")
    found = {}
    for person, tenant, rows in (
        (siv, ministry, {"campaign": campaign, "listed": sharing}),
        (nils, other, {"participation": fellow}),
    ):
        client = Client()
        client.force_login(person, backend=BACKEND)
        for name, text in [*pages(client, tenant, rows), *calendars(client, person, campaign)]:
            found[f"{tenant.slug} {name}"] = text.lower()
    assert {name: words for name, text in found.items() if (words := [w for w in secret if w in text])} == {}
    board = found[f"{ministry.slug} campaign-board"]
    assert "maten" in found[f"{ministry.slug} campaign-detail"]
    assert [word for word in shown if word not in board] == []  # there is something to see

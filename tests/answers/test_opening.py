"""That a browser showed the page is noted, once; that a program fetched it is not."""

import pytest

from events.tenancy.models import Tenant
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from tests.factories import event, invitation

BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def invited(sandefjord):
    return invitation(event(sandefjord))


def opened_at(row):
    return Invitation.objects.of(row.tenant_id).get(pk=row.pk).opened_at


def test_a_browser_that_shows_the_page_is_noted_once(client, invited, django_assert_num_queries):
    client.get(f"/rsvp/{invited.token}/?answer=accepted", headers=BROWSER)
    first = opened_at(invited)
    assert first is not None
    client.get(f"/rsvp/{invited.token}/", headers=BROWSER)
    assert opened_at(invited) == first
    assert not Answer.objects.of(invited.tenant_id).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        {**BROWSER, "Sec-Purpose": "prefetch;prerender"},
        {**BROWSER, "Purpose": "prefetch"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_a_scanner_a_prefetch_and_a_frame_are_not_noted(client, invited, headers):
    assert client.get(f"/rsvp/{invited.token}/", headers=headers).status_code == 200
    assert opened_at(invited) is None


def test_head_is_not_noted(client, invited):
    client.head(f"/rsvp/{invited.token}/", headers=BROWSER)
    assert opened_at(invited) is None


def test_who_answers_on_the_web_has_opened_the_page(client, invited):
    client.post(f"/rsvp/{invited.token}/", {"answer": "declined"})
    row = Invitation.objects.of(invited.tenant_id).get(pk=invited.pk)
    assert row.opened_at == row.replied_at


def test_an_answer_that_staff_recorded_opens_nothing(at_desk, kari, invited):
    at_desk(kari).post(
        f"/t/sandefjord/invitations/{invited.pk}/answer/", {"answer": "declined", "source": "phone"}
    )
    row = Invitation.objects.of(Tenant.objects.get(slug="sandefjord")).get(pk=invited.pk)
    assert (row.reply, row.opened_at) == ("declined", None)

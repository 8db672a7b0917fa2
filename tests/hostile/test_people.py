"""What somebody could try who has an account, a link or a form."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from events.gatherings.models import Event
from invites.invitations import services
from tests import factories

DAY = dt.timedelta(days=1)


def test_nobody_can_move_the_own_account_to_an_address_that_is_somebody_elses(at_desk, leif):
    own, theirs = leif.email, "sjef@kristiansand.example"
    client = at_desk(leif)
    for action, email in (("add", theirs), ("remove", own), ("add", theirs), ("primary", theirs)):
        client.post(reverse("account_email"), {f"action_{action}": "", "email": email})

    leif.refresh_from_db()
    assert (leif.email, list(EmailAddress.objects.values_list("email", flat=True))) == (own, [own])


@pytest.mark.parametrize(("after", "status"), [(29, 200), (31, 404)])
def test_a_link_works_until_thirty_days_after_the_end_wherever_the_meeting_is_moved(
    client, sandefjord, kari, after, status
):
    meeting = factories.event(sandefjord)
    services.invite(meeting, by=kari, contacts=[factories.contact(sandefjord)])
    link = meeting.invitations.get().token
    end = timezone.now() - after * DAY
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(starts_at=end - DAY, ends_at=end)
    assert client.get(f"/rsvp/{link}/").status_code == status
    postponed = meeting.ends_at + 90 * DAY
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(starts_at=postponed - DAY, ends_at=postponed)
    assert client.get(f"/rsvp/{link}/").status_code == 200


def test_a_forged_tick_does_not_break_the_preview(at_desk, kari, sandefjord):
    client, meeting = at_desk(kari), factories.event(sandefjord)
    person = factories.contact(sandefjord)
    at = {"tenant": "sandefjord", "pk": meeting.pk}
    for ticked in ([person.pk], [person.pk, "9" * 30], ["9" * 5000]):
        client.post(reverse("invitation-choose", kwargs=at), {"contact": ticked})
    page = client.get(reverse("invitation-preview", kwargs=at))
    assert [one.pk for one in page.context["people"]] == [person.pk]

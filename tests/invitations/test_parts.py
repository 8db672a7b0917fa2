"""The pages of a meeting's invitations hold together: one order, one current page, one main action."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from events.directory.models import Contact
from events.gatherings.models import Event
from invites.invitations.waves.models import Wave
from tests.factories import event, invitation
from tests.gatherings.test_views import form_of
from tests.invitations.telling import invited

PARTS = (
    "events/{pk}/invitations/",
    "events/{pk}/decisions/",
    "events/{pk}/seats/",
    "events/{pk}/waves/",
    "events/{pk}/letters/",
    "events/{pk}/invite/attachments/",
    "events/{pk}/reminders/",
    "events/{pk}/questions/",
    "events/{pk}/call/",
    "events/{pk}/door/",
)
LINK = re.compile(r'<a href="/t/sandefjord/([^"]+)"( aria-current="page")?>')


@pytest.fixture
def meeting(sandefjord):
    coming = event(sandefjord)
    invitation(coming)
    return coming


def parts(client, path):
    """(path, is it the current one) of each link of the second row."""
    page = client.get(f"/t/sandefjord/{path}").content.decode()
    row = page.partition('<nav class="parts')[2].partition("</nav>")[0]
    return [(link, bool(current)) for link, current in LINK.findall(row)]


@pytest.mark.parametrize("path", PARTS)
def test_each_page_shows_all_of_them_in_one_order_and_itself_as_current(at_desk, kari, meeting, path):
    every = [part.format(pk=meeting.pk) for part in PARTS]
    here = path.format(pk=meeting.pk)
    assert parts(at_desk(kari), here) == [(link, link == here) for link in every]


def test_who_may_not_invite_sees_only_pages_that_open(at_desk, mina, meeting):
    client = at_desk(mina)
    seen = [link for link, _current in parts(client, f"events/{meeting.pk}/invitations/")]
    assert seen == [PARTS[at].format(pk=meeting.pk) for at in (0, 2, 3, 7, 8)]
    assert [client.get(f"/t/sandefjord/{link}").status_code for link in seen] == [200] * 5


def test_nobody_is_called_for_an_answer_once_the_meeting_is_off(at_desk, kari, meeting):
    client, guest = at_desk(kari), meeting.invitations.get()
    pages = (f"events/{meeting.pk}/invitations/", f"events/{meeting.pk}/call/", f"invitations/{guest.pk}/")

    def offered():
        shown = [client.get(f"/t/sandefjord/{path}").content.decode() for path in pages]
        return ["Call these: 1" in shown[0], "400 00 100" in shown[1], "Record an answer" in shown[2]]

    kari.language = "en"
    kari.save()
    Contact.objects.of(meeting.tenant).update(phone="400 00 100")
    assert offered() == [True, True, True]
    Event.objects.of(meeting.tenant).update(state=Event.State.CANCELLED, cancelled_at=timezone.now())
    assert offered() == [False, False, False]


def test_telling_comes_before_inviting_more_while_a_change_is_untold(at_desk, kari, sandefjord):
    row = event(sandefjord)
    invited(row)

    def main_actions():
        page = at_desk(kari).get(f"/t/sandefjord/events/{row.pk}/").content.decode()
        return re.findall(r'<a class="ds-button"(?: data-size="sm")? href="[^"]*/(\w+)/"', page)

    assert main_actions() == ["invite"]
    at_desk(kari).post(f"/t/sandefjord/events/{row.pk}/edit/", form_of(row, end_time="20:00"))
    assert main_actions() == ["tell"]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("waves/{wave}/", "events/"),
        ("events/{pk}/reminders/", "events/"),
        ("events/{pk}/chase/", "events/"),
        ("directory/imports/", "directory/"),
        ("directory/imports/new/", "directory/"),
    ],
)
def test_the_main_navigation_says_which_section_a_page_belongs_to(at_desk, kari, meeting, path, section):
    due = timezone.now() + dt.timedelta(days=1)
    wave = Wave.objects.create(tenant=meeting.tenant, event=meeting, number=1, due_at=due)
    page = at_desk(kari).get(f"/t/sandefjord/{path.format(pk=meeting.pk, wave=wave.pk)}").content.decode()
    main = page.partition("site-nav")[2].partition("</nav>")[0]
    assert [link for link, current in LINK.findall(main) if current] == [section]

"""The own page, and the pages that are nobody's, in the ten languages of those who are invited."""

import datetime as dt
import re

import pytest
from django.utils import timezone, translation

from events.directory.models import Channel
from events.languages import RIGHT_TO_LEFT, InviteeLanguage, own_name
from invites.answers.feeds.models import OwnFeed
from invites.answers.own import services
from invites.answers.own.models import OwnLink
from invites.answers.requests.models import RequestKind, RequestState
from invites.answers.seats.models import OfferOutcome, OfferReason
from invites.invitations.models import CallOutcome, Reply
from invites.post.models import Delivery, OutgoingMailState
from invites.replies.models import InboundKind, InboundState
from minutes.records.models import AttendanceStatus
from tests.factories import contact, event, invitation
from tests.own import scene

LANGUAGES = InviteeLanguage.values
# What the own page says of the rows that every room shows there.
SAID_OF_ROWS = (
    AttendanceStatus,
    CallOutcome,
    Channel,
    Delivery,
    InboundKind,
    InboundState,
    OfferOutcome,
    OfferReason,
    OutgoingMailState,
    RequestKind,
    RequestState,
)
pytestmark = pytest.mark.usefixtures("still_post")


@pytest.fixture
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def her(sandefjord, kari):
    """About whom every room holds something."""
    return scene.build(sandefjord, kari)


def link_in(language, person):
    """The path of a fresh own page."""
    OwnLink.objects.of(person.tenant).filter(contact=person).update(
        created_at=timezone.now() - dt.timedelta(hours=1)
    )  # one was made just now, in another language
    return f"/me/{services.send_link(person, language=language).token}/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_held_about_a_person_is_told_in_their_language(client, her, language, untold):
    page = client.get(link_in(language, her))
    text = page.content.decode()
    (opening,) = re.findall("<html[^>]*>", text)
    assert (page.status_code, f'lang="{language}"' in opening) == (200, True)
    assert ('dir="rtl"' in opening) == (language in RIGHT_TO_LEFT)
    assert [sign for sign in ("Kanarinotat", "Kanaridør", "Kanarihandling") if sign not in text] == []
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_what_became_of_each_row_are_in_their_language(language, untold):
    with translation.override(language):
        said = [str(label) for choices in SAID_OF_ROWS for label in choices.labels]
    assert all(said)
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_correcting_objecting_and_erasing_are_in_their_language(client, her, language, untold):
    me = link_in(language, her)
    wrong = {"name": "x" * 201, "role": "y\x00", "language": "xx", "email": "x"}
    for path in ("correct/", "object/", "erase/"):
        assert client.get(me + path).status_code == 200
        assert client.post(me + path, wrong if path == "correct/" else {}).status_code in (200, 302)
    for done in ("corrected", "objected", "withdrawn", "refused", "needs"):
        assert client.get(f"{me}?done={done}").status_code == 200
    assert client.post(me + "erase/", {"sure": "on"}).status_code == 200
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_own_calendar_and_its_pages_are_in_their_language(client, her, language, untold):
    her.language = language
    her.save()
    calendar, made = link_in(language, her) + "calendar/", {"name": "Telefon", "nonce": "0" * 32}
    shown = [client.get(calendar + query) for query in ("", "?done=ended", "?done=refused")]
    shown += [client.post(calendar + "new/", told) for told in ({"alarm": "7"}, made)]
    feeds = [row.pk for row in OwnFeed.objects.of(her.tenant).filter(contact=her)]
    shown.append(client.post(calendar + "renew/", {"feed": feeds[0], "nonce": "1" * 32}))
    for number in range(2, 7):
        shown.append(client.post(calendar + "new/", {**made, "nonce": str(number) * 32}))
    shown.append(client.get(calendar))
    assert [page.status_code for page in shown] == [200] * len(shown)
    assert max(len(page.content) for page in shown) <= 30_000
    for reply in ("", *Reply.values):
        facts = {"reply": reply, "replied_at": timezone.now() if reply else None}
        waits = {"waiting_since": facts["replied_at"]} if reply == "waiting" else {}
        invitation(event(her.tenant), contact=her, **facts, **waits)
    address = re.search(r"/calendar/[a-z2-7]{32}\.ics", shown[5].content.decode())
    assert client.get(address[0])["Content-Language"] == language
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_in_the_form_for_a_substitute_are_in_the_invitees_language(
    client, sandefjord, language, untold
):
    row = invitation(
        event(sandefjord, substitutes="automatic"), contact=contact(sandefjord), language=language
    )
    long = {"name": "x" * 201, "role": "y" * 201, "email": "a" * 255, "language": "xx", "comment": "z" * 1001}
    for typed in (long, {}, {"name": "a\x00", "email": "b", "comment": "c\x00"}):
        page = client.post(f"/rsvp/{row.token}/somebody-else/", typed)
        assert page.status_code == 200, page
    assert own_name("ar") in page.content.decode()
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_are_nobodys_are_in_the_language_of_the_browser(client, sandefjord, language, untold):
    locked = invitation(event(sandefjord, locked_at=timezone.now()))
    asked = {"Accept-Language": f"{language}-XX,{language};q=0.9,en;q=0.5"}
    paths = {f"/rsvp/{locked.token}/": 410, "/rsvp/wrong/": 404, "/svar/": 200, "/door/show/wrong/": 200}
    for path, status in paths.items():
        page = client.get(path, headers=asked)
        assert (path, page.status_code) == (path, status)
        assert f'<html lang="{language}"' in page.content.decode()
    assert untold == set()


@pytest.mark.parametrize(
    ("asked", "shown"), [("no", "nb"), ("nb-NO,en", "nb"), ("fi,*;q=0.1", "nb"), ("", "nb")]
)
def test_a_browser_that_asks_for_norwegian_or_for_what_we_do_not_speak_gets_norwegian(
    client, db, asked, shown
):
    page = client.get("/rsvp/wrong/", headers={"Accept-Language": asked})
    assert f'<html lang="{shown}"' in page.content.decode()

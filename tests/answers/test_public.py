"""The invitee's page: what it shows, to whom, and that opening it writes nothing."""

import datetime as dt
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from events.gatherings.models import Event
from events.tokens import new_token
from invites.answers.models import Answer
from invites.answers.services import answer
from invites.answers.showing import masked
from invites.invitations.models import Invitation
from tests.factories import invitation

pytestmark = pytest.mark.usefixtures("still_post")
HOUR = dt.timedelta(hours=1)


def everything() -> dict[str, list[tuple]]:
    """All rows of all tables."""
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows


def words(response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def change(row: Invitation, **facts) -> None:
    Event.objects.of(row.tenant).filter(pk=row.event_id).update(**facts)


def fresh(row: Invitation) -> Invitation:
    return Invitation.objects.of(row.tenant).select_related("event", "contact", "tenant").get(pk=row.pk)


def test_opening_the_links_100_times_writes_nothing(client, amina, link):
    before = everything()
    assert len(before["invites_invitation"]) == 1
    links = [link, *(f"{link}?answer={reply}" for reply in ("accepted", "tentative", "declined"))]
    links += [f"{link}?lang=en", f"{link}event.ics"]

    for _ in range(9):  # 108 openings
        for address in links:
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200

    assert everything() == before


def test_the_page_sets_no_cookie(client, link):
    assert not client.get(link).cookies
    assert not client.post(link, {"answer": "accepted"}).cookies


def test_the_link_preselects_and_the_current_answer_is_preselected_otherwise(client, amina, link):
    form = client.get(f"{link}?answer=declined").context["form"]
    assert form["answer"].value() == "declined"

    answer(fresh(amina), reply="tentative", comment="Må spørre", source="web")
    form = client.get(link).context["form"]
    assert (form["answer"].value(), form["comment"].value()) == ("tentative", "Må spørre")


def test_a_post_answers_and_goes_back_to_the_page_that_shows_it(client, amina, link):
    response = client.post(link, {"answer": "accepted", "comment": "Gleder meg"})

    assert (response.status_code, response["Location"]) == (302, link)
    assert (fresh(amina).reply, Answer.objects.of(amina.tenant).get().comment) == ("accepted", "Gleder meg")
    page = words(client.get(link))
    assert "Gleder meg" in page


def test_answering_works_without_cookies_and_from_a_browser_that_hides_its_origin(amina, link):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    assert strict.post(link, {"answer": "declined"}).status_code == 302
    assert fresh(amina).reply == "declined"


def test_yes_opens_what_was_promised_and_nothing_before(client, amina, link):
    secret = ("Rådhusgata 1", "Møterom 3", "https://video.example/forum")
    before = client.get(link).content.decode()
    assert [part in before for part in secret] == [False, False, False]
    assert "Sentrum, Sandefjord" in before

    client.post(link, {"answer": "accepted"})
    after = client.get(link).content.decode()
    assert [part in after for part in secret] == [True, True, True]

    client.post(link, {"answer": "declined"})
    again = client.get(link).content.decode()
    assert [part in again for part in secret] == [False, False, False]


def test_the_page_says_whose_invitation_it_is_without_naming_anybody(client, amina, link):
    page = client.get(link).content.decode()

    assert "A… N…, S… m…" in page
    assert [part in page for part in ("Amina", "Noor", "moské", "amina@moske.example")] == [False] * 4


def test_masked_keeps_the_first_letter_of_each_word():
    assert masked("Amina  Noor-Hansen") == "A… N…"
    assert masked("") == ""


def test_other_invitees_are_nowhere_on_the_page(client, amina, link):
    other = invitation(amina.event)
    answer(fresh(other), reply="accepted", comment="Hemmelig", source="web")

    page = client.get(link).content.decode()
    assert [part in page for part in (other.contact.name, str(other.contact.organisation), "Hemmelig")] == [
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("address", ["{}", "{}event.ics", "{}?lang=en"])
def test_wrong_expired_and_revoked_links_are_one_page_byte_for_byte(client, amina, meeting, address):
    expired = invitation(meeting, expires_at=timezone.now() - HOUR)
    revoked = invitation(meeting, revoked_at=timezone.now())
    tokens = [new_token(), expired.token, revoked.token, "æ", "x" * 5000, amina.reply_token, "%00"]
    pages = [client.get(address.format(f"/rsvp/{token}/")) for token in tokens]

    assert [page.status_code for page in pages] == [404] * len(tokens)
    assert len({page.content for page in pages}) == 1
    assert len({repr(sorted(page.headers.items())) for page in pages}) == 1


def test_a_post_to_a_dead_link_is_the_same_page_and_writes_nothing(client, amina):
    Invitation.objects.of(amina.tenant).filter(pk=amina.pk).update(revoked_at=timezone.now())
    dead = client.post(f"/rsvp/{amina.token}/", {"answer": "accepted"})
    wrong = client.post(f"/rsvp/{new_token()}/", {"answer": "accepted"})

    assert (dead.status_code, dead.content) == (404, wrong.content)
    assert amina.answers.count() == 0


def test_the_token_may_be_typed_in_capitals(client, amina):
    assert client.get(f"/rsvp/{amina.token.upper()}/").status_code == 200


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"starts_at": -HOUR, "ends_at": HOUR}, "The meeting has begun or is over"),
        ({"state": "held", "held_at": -HOUR}, "The meeting has begun or is over"),
        ({"state": "cancelled", "cancelled_at": -HOUR}, "The meeting is cancelled"),
    ],
)
def test_after_the_end_the_page_says_so_with_the_contact_and_without_a_form(client, amina, link, facts, told):
    assert "<form" in client.get(link).content.decode()
    now = timezone.now()
    change(amina, **{k: now + at if isinstance(at, dt.timedelta) else at for k, at in facts.items()})

    response = client.get(f"{link}?lang=en")
    page = words(response)
    assert (told in page, "kari@sandefjord.example" in page, "33 41 60 00" in page) == (True, True, True)
    assert "<form" not in response.content.decode()

    refused = client.post(f"{link}?lang=en", {"answer": "accepted"})
    assert (refused.status_code, told in words(refused)) == (409, True)
    assert "kari@sandefjord.example" in words(refused)
    assert fresh(amina).reply == ""


def test_a_full_event_says_so_and_offers_maybe_and_no(client, amina, link):
    change(amina, waitlist="none", capacity=1)
    answer(fresh(invitation(amina.event)), reply="accepted", comment="", source="web")

    response = client.get(f"{link}?lang=en")
    assert "All seats are taken" in words(response)
    offered = re.findall(r'name="answer" value="(\w+)"', response.content.decode())
    assert offered == ["online", "tentative", "declined"]

    refused = client.post(f"{link}?lang=en", {"answer": "accepted", "comment": "Vil gjerne"})
    assert (refused.status_code, "All seats are taken" in words(refused)) == (409, True)
    assert "Vil gjerne" in refused.content.decode()
    assert client.post(link, {"answer": "tentative"}).status_code == 302


def test_a_post_without_an_answer_names_the_field_and_keeps_the_comment(client, amina, link):
    response = client.post(f"{link}?lang=en", {"comment": "Hei på deg"})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["answer"]
    assert words(response).count("Choose yes, maybe or no.") == 2  # in the summary and beside the field
    assert "Hei på deg" in response.content.decode()
    assert fresh(amina).reply == ""


@pytest.mark.parametrize("posted", [{"answer": "yes"}, {"answer": ""}, {"answer": "accepted\x00"}, {}])
def test_nonsense_is_never_an_answer(client, amina, link, posted):
    assert client.post(link, posted).status_code == 200
    assert amina.answers.count() == 0


def test_a_comment_that_is_too_long_is_refused_and_kept(client, amina, link):
    response = client.post(f"{link}?lang=en", {"answer": "accepted", "comment": "a" * 1001})
    assert list(response.context["form"].errors) == ["comment"]
    assert "Write at most 1000 characters." in words(response)
    assert "a" * 1001 in response.content.decode()


def test_html_in_a_comment_is_text(client, amina, link):
    client.post(link, {"answer": "declined", "comment": "<script>alert(1)</script>"})
    page = client.get(link).content.decode()
    assert ("<script" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_the_language_is_the_invitations_and_can_be_switched(client, amina, link):
    assert client.get(link)["Content-Language"] == "nb"
    english = client.get(f"{link}?lang=en")
    assert (english["Content-Language"], '<html lang="en"' in english.content.decode()) == ("en", True)
    assert client.get(f"{link}?lang=xx")["Content-Language"] == "nb"
    assert client.post(f"{link}?lang=en", {"answer": "declined"})["Location"] == f"{link}?lang=en"


def test_the_page_is_private_and_not_indexed(client, link):
    for address in (link, f"{link}event.ics"):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"


def test_times_are_on_the_clock_of_the_events_own_zone(client, amina, link):
    at = dt.datetime(2031, 1, 8, 6, 0, tzinfo=dt.UTC)
    change(amina, time_zone="Africa/Nairobi", starts_at=at, ends_at=at + 2 * HOUR, answer_by=at - 24 * HOUR)

    page = words(client.get(f"{link}?lang=en"))
    assert "Wednesday 8 January 2031, 09:00–11:00 (Nairobi time)" in page
    assert "Tuesday 7 January 2031 at 09:00" in page


def test_the_calendar_file_shows_the_place_that_the_answer_opens(client, amina, link):
    def event_of(response):
        return Calendar.from_ical(response.content).walk("VEVENT")[0]

    before = event_of(client.get(f"{link}event.ics"))
    assert (str(before["UID"]), str(before["LOCATION"])) == (
        f"{amina.event.uid}@127.0.0.1",
        "Sentrum, Sandefjord",
    )
    client.post(link, {"answer": "accepted"})
    response = client.get(f"{link}event.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(event_of(response)["LOCATION"]).startswith("Sandefjord rådhus, Møterom 3, Rådhusgata 1")


def test_after_a_yes_was_taken_back_the_calendar_file_has_no_address_and_is_the_newer_one(
    client, amina, link, time_machine
):
    files = []
    for said in ("accepted", "declined"):
        time_machine.move_to(timezone.now() + dt.timedelta(minutes=1))
        client.post(link, {"answer": said})
        files.append(client.get(f"{link}event.ics").content)
    was, now = (Calendar.from_ical(octets).walk("VEVENT")[0] for octets in files)
    secrets = ("Rådhusgata", "Møterom")
    assert [[word in octets.decode() for word in secrets] for octets in files] == [
        [True, True],
        [False, False],
    ]
    assert (was["UID"], was["SEQUENCE"]) == (now["UID"], now["SEQUENCE"])
    assert now.decoded("DTSTAMP") > was.decoded("DTSTAMP")


def test_the_page_weighs_at_most_30_kB_compressed_with_assets_cold(client, amina, link):
    client.post(link, {"answer": "accepted", "comment": "x"})
    page = client.get(link).content
    packed = client.get(link, headers={"accept-encoding": "gzip, br"})
    assets = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    paths = [finders.find(name.decode()) for name in assets]
    if not all(paths):
        pytest.skip("the npm packages are absent")
    # As a browser gets it: style sheets in brotli (whitenoise), the page itself in gzip.
    files = [brotli.compress(Path(str(path)).read_bytes()) for path in paths]

    assert len(files) >= 3
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) + sum(len(body) for body in files) <= 30_000


def test_the_page_has_no_script(client, link):
    page = client.get(link).content.decode()
    assert ("<script" in page, "javascript:" in page, " on" + "click" in page) == (False, False, False)


def test_only_get_head_and_post_are_known(client, link):
    assert [client.generic(method, link).status_code for method in ("PUT", "DELETE", "PATCH")] == [405] * 3
    assert client.post(f"{link}event.ics").status_code == 405


def test_a_draft_has_no_page(client, amina, link):
    change(amina, state="draft")
    assert client.get(link).status_code == 404

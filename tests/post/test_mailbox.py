"""The mailbox of demo mode: lists, shows and hands out the mails, and trusts none of them."""

import re

import pytest
from django.urls import reverse

from invites.post import folder
from invites.post.framing import framed
from invites.post.letters import Address
from invites.post.transports.file import FileTransport
from tests.post.kit import letter

HTML = '<!doctype html><html><head><style>p { color: red }</style></head><body><p><a href="https://x.example/">Ja</a></p></body></html>'
LINK = "https://moteplass.example/rsvp/abc/"


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def send(**facts):
    """Writes a mail and returns its name."""
    transport, one = FileTransport(), letter(**facts)
    return transport.send(one, transport.prepare(one)).provider_id


def pages(name):
    return [
        reverse("mailbox"),
        *(reverse(page, args=[name]) for page in ("mailbox-mail", "mailbox-body", "mailbox-raw")),
    ]


def test_outside_demo_mode_there_is_no_mailbox(client, settings, db):
    name = send()
    assert [client.get(page).status_code for page in pages(name)] == [200] * 4
    settings.DEMO = False
    assert [client.get(page).status_code for page in pages(name)] == [404] * 4


def test_nothing_is_cached_and_nothing_is_posted(client, db):
    name = send()
    assert [client.get(page)["Cache-Control"] for page in pages(name)] == ["private, no-store"] * 4
    assert [client.post(page).status_code for page in pages(name)] == [405] * 4


@pytest.mark.parametrize("name", ["x", "20261201T083000.000000Z-00000000-0000-0000-0000-000000000000"])
def test_a_mail_that_is_not_there_is_404(client, db, name):
    assert [client.get(page).status_code for page in pages(name)[1:]] == [404] * 3


def test_the_list_is_paged_newest_first(client, db):
    for number in range(30):
        send(subject=f"nummer {number}")
    first, second = client.get("/mailbox/"), client.get("/mailbox/?page=2")
    assert [entry.subject for entry in first.context["entries"]] == [f"nummer {n}" for n in range(29, 4, -1)]
    assert [entry.subject for entry in second.context["entries"]] == [f"nummer {n}" for n in range(4, -1, -1)]


def test_the_search_finds_recipients(client, db):
    send(to=Address("ola@x.example", "Ola"))
    send(to=Address("kari@x.example", "Kåre"))
    found = client.get("/mailbox/", {"q": "kåre"}).context["entries"]
    assert [entry.to for entry in found] == ["Kåre <kari@x.example>"]
    assert "kari" not in client.get("/mailbox/", {"q": "nobody"}).content.decode()


def test_an_empty_mailbox_says_so(client, db):
    assert (
        "No mail was sent yet" in client.get("/mailbox/", headers={"accept-language": "en"}).content.decode()
    )


def test_a_mail_shows_headers_text_and_meeting_with_its_links(client, db):
    name = send(text=f"Ja: {LINK}?answer=accepted\nNei: {LINK}?answer=declined\n")
    page = client.get(reverse("mailbox-mail", args=[name]))
    html = page.content.decode()
    assert page.context["card"].title == "Dialogmøte"
    assert page.context["card"].answers == {
        "accepted": f"{LINK}?answer=accepted",
        "declined": f"{LINK}?answer=declined",
    }
    assert [str(label) for label, _value in page.context["headers"]] == ["Fra", "Til", "Svar til"]
    assert page.context["sent"].tzinfo is not None
    assert re.findall(rf'href="({re.escape(LINK)}[^"]*)"', html)[:2] == [
        f"{LINK}?answer=accepted",
        f"{LINK}?answer=declined",
    ]


def test_the_frame_is_sandboxed_in_the_page_and_in_the_header(client, db):
    name = send(html=HTML)
    page = client.get(reverse("mailbox-mail", args=[name]))
    (frame,) = re.findall(r"<iframe[^>]*>", page.content.decode())
    assert 'sandbox="allow-top-navigation-by-user-activation"' in frame
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_the_body_may_be_framed_by_us_alone_and_runs_nothing(client, db):
    body = client.get(reverse("mailbox-body", args=[send(html=HTML)]))
    policy = dict(part.partition(" ")[::2] for part in body["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-top-navigation-by-user-activation",
    }
    assert body["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in body["Content-Security-Policy"]
    assert '<base target="_top">' in body.content.decode()


def test_a_mail_without_styles_allows_none():
    assert "style-src 'none'" in framed("<p>x</p>")["Content-Security-Policy"]


def test_hostile_headers_stay_text(client, db):
    name = send(subject="<script>alert(1)</script>", to=Address("ola@x.example", "<img src=x onerror=y>"))
    for address in ("/mailbox/", reverse("mailbox-mail", args=[name])):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_raw_message_is_the_file(client, db):
    name = send()
    response = client.get(reverse("mailbox-raw", args=[name]))
    assert response.content == folder.raw(name)
    assert response["Content-Type"] == "message/rfc822"
    assert response["Content-Disposition"] == f'attachment; filename="{name}.eml"'


def test_a_calendar_nobody_can_read_is_no_card(client, db):
    name = send(calendar=b"BEGIN:VCALENDAR\r\nnonsense")
    page = client.get(reverse("mailbox-mail", args=[name]))
    assert (page.status_code, page.context["card"]) == (200, None)

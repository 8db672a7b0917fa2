"""Answers in words: only one exact word counts; everything else is a suggestion, and what is quoted says nothing."""

import pytest

from invites.replies import plain
from invites.replies.models import InboundKind
from invites.replies.read import read
from invites.replies.wording import EXACT, words


def said(text, *headers):
    head = "\n".join(
        ["From: Ola <ola@forening.example>", "Content-Type: text/plain; charset=utf-8", *headers]
    )
    return read(f"{head}\n\n{text}".encode(), domain="x.example")


@pytest.mark.parametrize("ending", ["", ".", "!", " ", "\n\nMvh\nOla", "\n\n> Nei takk", "\n-- \nNei"])
@pytest.mark.parametrize(("word", "reply"), [(word, reply) for word, (reply, _language) in EXACT.items()])
def test_one_exact_word_is_an_answer(word, reply, ending):
    found = said(word.capitalize() + ending).sayings.words
    assert (found.reply, found.exact) == (reply, True)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Ja takk, gjerne", "accepted"),
        ("Ja, jeg kommer", "accepted"),
        ("Hei\nJa", "accepted"),
        ("Takker ja til invitasjonen!", "accepted"),
        ("Jag kommer gärna", "accepted"),
        ("Jeg deltager gerne", "accepted"),
        ("Vi sees der", "accepted"),
        ("I will be there", "accepted"),
        ("Ja, men jeg kan ikke komme", "declined"),
        ("Kan dessverre ikke", "declined"),
        ("Jeg har ikke mulighet", "declined"),
        ("Eg kjem ikkje", "declined"),
        ("Jag kan tyvärr inte komma", "declined"),
        ("Jeg er desværre forhindret", "declined"),
        ("Sorry, I can't make it", "declined"),
        ("I won't be able to come", "declined"),
        ("Nei takk", "declined"),
        ("Niestety nie mogę", "declined"),
        ("Not sure", "tentative"),
        ("Vet ikke ennå", "tentative"),
        ("Ved ikke", "tentative"),
        ("Ja, kanskje", "tentative"),
        ("Det kommer an på været", "tentative"),
        ("Ja?", ""),
        ("Kommer Kari også?", ""),
        ("Ja, jeg kommer, men ikke til middagen", ""),
        ("Hei, her er listen", ""),
        ("Tak", ""),
        ("Maya", "declined"),  # Somali for no, and a name: never exact
        ("Jakke og sko", ""),
        ("Notat følger", ""),
    ],
)
def test_more_than_a_word_is_only_suggested(text, reply):
    found = said(text).sayings.words
    assert (found.reply, found.exact) == (reply, False)


@pytest.mark.parametrize(
    "rest",
    [
        "men jeg kan ikke bli lenge",
        "hvis toget går",
        "Kan jeg ta med en venn?",
        "dessverre ikke likevel",
        "but only online",
    ],
)
def test_a_word_with_a_condition_below_is_not_exact(rest):
    assert not said(f"Ja\n\n{rest}").sayings.words.exact


def test_a_no_followed_by_a_yes_is_not_exact():
    assert not said("Nei.\n\nJo forresten, jeg kommer!").sayings.words.exact


@pytest.mark.parametrize(
    "quoted",
    [
        "> Ja",
        "| Ja",
        "-----Original Message-----\nJa",
        "-----Opprinnelig melding-----\nJa",
        "________________________________\nJa",
        "Fra: Sandefjord\nJa",
        "*From:* Sandefjord\nYes",
        "Från: Sandefjord\nJa",
        "On Mon, Nov 2, 2026, Sandefjord <a@b.example> wrote:\nYes",
        "On Mon, Nov 2, 2026 at 10:00 Sandefjord kommune\n<a@b.example>\nwrote:\nYes",
        "Den 2. nov. 2026 kl. 10 skrev Sandefjord kommune:\nJa",
        "Den mån 2 nov. 2026 kl 10:00 skrev Sandefjord <a@b.example>:\nJa",
        "2. nov. 2026 kl. 10:00 skrev Sandefjord <a@b.example>:\nJa",
        "W dniu 2.11.2026 o 10:00, Sandefjord pisze:\nyes",
        "-- \nJa",
        "--\nJa",
        "Sent from my iPhone\nJa",
        "Sendt fra min iPhone\nJa",
        "Skickat från min iPhone\nJa",
        "Sendt fra Outlook for Android\nJa",
        "Hent Outlook for iOS\nJa",
        "This email and any attachments are confidential. Yes",
        "Denne e-posten er konfidensiell. Ja",
    ],
)
def test_what_is_quoted_or_stands_in_a_footer_says_nothing(quoted):
    assert said(f"Se under\n\n{quoted}").sayings.words.text == "Se under"
    assert said(quoted).sayings.words.reply == ""
    assert said(f"Nei\n{quoted}").sayings.words.exact


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <a.b.example>",
        "Return-Path: <>",
        "Subject: Automatic reply: Hei",
        "Subject: =?utf-8?Q?Automatiskt_svar=3A_Hej?=",
        "Subject: Autosvar: Hei",
        "Subject: Ute av kontoret",
    ],
)
def test_what_a_program_writes_is_never_an_answer(header):
    found = said("Ja", header)
    assert (found.kind, found.sayings.words.reply) == (InboundKind.AUTOMATIC, "")
    assert found.sayings.absence.text == "Ja"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Subject: Re: Automatic reply: Hei",
        "Subject: Fravær",
        "Return-Path: <ola@x.example>",
    ],
)
def test_what_only_looks_like_a_program_is_a_person(header):
    found = said("Ja", header)
    assert (found.kind, found.sayings.words.exact) == (InboundKind.MESSAGE, True)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Jeg er tilbake 9. november", "2026-11-09"),
        ("borte til 1.12.", "2026-12-01"),
        ("back on January 4th", "2027-01-04"),
        ("until 2026-12-24", "2026-12-24"),
        ("åter den 3 mars 2027", "2027-03-03"),
        ("til 31. februar", None),
        ("jeg er borte", None),
        ("Møtet 9. november er flyttet", None),
    ],
)
def test_an_absence_ends_when_it_says_so(text, until):
    found = said(
        text, "Auto-Submitted: auto-replied", "Date: Mon, 02 Nov 2026 09:30:15 +0000"
    ).sayings.absence
    assert (found.until.isoformat() if found.until else None) == until


def test_html_is_read_as_its_reader_sees_it():
    html = (
        "<style>ja</style><p>Nei<b> takk</b></p><!-- <p>Ja</p> --><blockquote>Ja</blockquote><p>Ola &amp; Co"
    )
    assert plain.own(plain.from_html(html)) == ["Nei takk", "Ola & Co"]
    assert plain.from_html("a < b &#" + "9" * 5000 + ";").startswith("a < b")
    assert plain.own(plain.from_html("<p>Ja</p><!-- <p>Nei</p>")) == ["Ja"]


def test_what_a_person_wrote_is_kept_short():
    assert len(words(["ord " * 1000]).text) <= 500
    assert words([]).text == ""


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("From: Ola <Ola@Forening.example>", "ola@forening.example"),
        ("From: a@b.example\nFrom: ola@forening.example", ""),
        ("From: ola@forening.example, a@b.example", ""),
        ("From: =?utf-8?q?=3Cola@forening.example=3E?= <a@b.example>", "a@b.example"),
        ('From: "ola@forening.example" <a@b.example>', "a@b.example"),
        ("From: a@b.example (ola@forening.example)", "a@b.example"),
        ("To: x@y.example", ""),
    ],
)
def test_the_sender_is_the_one_address_of_from(written, sender):
    assert read(f"{written}\n\nJa".encode(), domain="x.example").sayings.sender == sender

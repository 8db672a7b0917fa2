"""No token and no address gets into the logs."""

import logging

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.discretion import DiscreetFilter, discreet

TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
tokens = st.text(TOKEN_LETTERS, min_size=32, max_size=32)
LINES = (
    "GET /rsvp/{}/ 200",
    "GET /rsvp/{}/?answer=accepted",
    "/accounts/login/?next=%2Frsvp%2F{}%2F",
    "GET /calendar/{}.ics 304",
    "POST /hooks/sendgrid/inbound/{}/ 200",
    "reply to <svar-{}@svar.kommune.example>",
    "Not Found: https://moteplass.example/rsvp/{}",
    "token={}",
    "{}",
)


@given(token=tokens, line=st.sampled_from(LINES), upper=st.booleans())
def test_no_token_survives_wherever_it_stands(token, line, upper):
    token = token.upper() if upper else token
    assert token not in discreet(line.format(token))


@given(address=st.emails(), before=st.sampled_from(["", "to ", "<", "mailto:", "?email=", "RCPT TO:<", "'"]))
@example(address="=@A.ad", before="")
def test_no_address_survives_whatever_its_characters(address, before):
    told = discreet(f"{before}{address} refused")
    assert address not in told
    assert address.rpartition("@")[2] not in told
    assert told.endswith("refused")


@pytest.mark.parametrize(
    "address",
    [
        "kari@localhost",
        "o'brien@politi.example",
        '"kari nordmann"@kommune.example',
        "kari%40kommune.example",
        "blåbær@øy.example",
    ],
)
def test_odd_addresses_do_not_survive(address):
    assert discreet(f"to {address}, refused") == "to …@…, refused"


@given(st.text())
def test_hiding_twice_changes_nothing_more(text):
    assert discreet(discreet(text)) == discreet(text)


@pytest.mark.parametrize(
    "line",
    [
        "GET /calendar/public/sandefjord.ics 200",
        "GET /t/sandefjord/events/12/ 200",
        "accounts/password/reset/ 200",
        'POST /svar/ HTTP/1.1" 404',
        "GET /svar/?lang=en 200",
        "claimed 200 mails in 0.4 s",
    ],
)
def test_harmless_lines_stay_as_they_are(line):
    assert discreet(line) == line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Not Found: /svar/ABCD-EFGH", "Not Found: /svar/…"),
        ("Not Found: /svar/abcd efgh", "Not Found: /svar/…"),
        ("GET /svar/ABCD%20EFGH HTTP/1.1 404", "GET /svar/… HTTP/1.1 404"),
        ("GET /svar/ABCDEFGH/ HTTP/1.1 404", "GET /svar/… HTTP/1.1 404"),
        ("GET /svar/?code=ABCD-EFGH 200", "GET /svar/… 200"),
        ("/accounts/login/?next=%2Fsvar%2FABCDEFGH", "/accounts/login/?next=%2Fsvar%2F…"),
    ],
)
def test_a_letters_code_behind_the_address_of_its_page_does_not_survive(line, told):
    assert discreet(line) == told


def test_the_key_of_a_password_link_does_not_survive():
    assert discreet("GET /accounts/password/reset/key/7-cx3k9a-1f2e3d4c5b/ 302") == (
        "GET /accounts/password/reset/key/…/ 302"
    )


def test_arguments_and_exceptions_pass_through_the_filter_too():
    secret = "a" * 32
    try:
        raise ValueError(f"no invitation {secret} for kari@kommune.example")
    except ValueError as error:
        record = logging.LogRecord(
            "x",
            logging.ERROR,
            __file__,
            1,
            "%s asked %s",
            ("kari@kommune.example", secret),
            (type(error), error, None),
        )
    assert DiscreetFilter().filter(record) is True
    assert logging.Formatter().format(record) == "…@… asked …\nValueError: no invitation … for …@…"

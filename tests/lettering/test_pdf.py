"""The letters as PDF: a page an invitee, and whatever stands in a name or a text."""

import datetime as dt
import io
import re
import time

import pypdf
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.gatherings.models import PlaceLevel
from invites.invitations.lettering import codes, facts, pdf, services
from tests.factories import contact, event, invitation, organisation, programme

DAY = dt.date(2026, 11, 27)
ODD = (
    "مريم النعيمي",
    "משה כהן",
    "李小龍",
    "Kari\x07 Nordmann\r\n\x1b[31m",
    '#import "x"; $1^2$ *fet* _kursiv_ `kode` @ref <label> \\',
    "x" * 200,
    "\u202eevil\u2066",
    "😀 Ola",
    "–",
)


def letters_to(to, *people, **also):
    rows = [invitation(to, contact=one, channel="letter", language=one.language, **also) for one in people]
    for row in rows:
        codes.seal(row)
        row.save()
    return rows


def addressed(at, **given):
    return contact(at, **{"email": "", "address": "Storgata 12, 3210 Sandefjord", **given})


def pages(body):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages]


def squares(svg):
    """The matrix of a QR code back from the drawing."""
    width = int(re.search(r'width="(\d+)"', svg)[1])
    rows = [[0] * width for _ in range(width)]
    x = y = 0.0
    for command, first, second in re.findall(
        r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.search(r' d="([^"]+)"', svg)[1]
    ):
        if command == "h":
            for at in range(int(first)):
                rows[int(y - 0.5)][int(x) + at] = 1
            x += int(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return rows


def test_a_page_for_each_invitee_with_address_code_and_ways_to_answer(sandefjord, settings):
    settings.BASE_URL = "https://moteplass.example"
    sandefjord.contact_phone = "33 41 60 00"
    to = event(sandefjord, title="Trygghet i sentrum", purpose="Vi vil snakke sammen.", contact_name="Kari")
    programme(to, "Velkommen", "Samtale")
    here = organisation(sandefjord, name="Fjordbyen moské", address="Moskégata 1, 3211", city="Sandefjord")
    rows = letters_to(
        to,
        addressed(sandefjord, name="Amina Alene"),
        contact(sandefjord, name="Bo Berg", organisation=here, language="en"),
    )
    first, second = pages(pdf.render(to, rows, on=DAY))
    for told in ("Amina Alene\nStorgata 12\n3210 Sandefjord", "fredag 27. november 2026", "Hei Amina Alene,"):
        assert told in first
    for told in ("Trygghet i sentrum", "Vi vil snakke sammen.", "Velkommen", "Kari", "33 41 60 00"):
        assert told in first
    assert "moteplass.example/svar/" in first
    assert codes.code_of(rows[0]) in first
    assert codes.code_of(rows[1]) not in first
    assert "Fjordbyen moské\nAttn: Bo Berg\nMoskégata 1\n3211\nSandefjord" in second
    assert "Hello Bo Berg," in second
    assert codes.code_of(rows[1]) in second
    assert rows[0].token not in first + second


def test_the_square_holds_the_invitees_own_link(sandefjord, settings):
    settings.BASE_URL = "https://moteplass.example"
    to = event(sandefjord)
    rows = letters_to(to, addressed(sandefjord), addressed(sandefjord))
    drawn = [squares(each["qr"]) for each in facts.letters(to, rows, on=DAY)["letters"]]
    for row, matrix in zip(rows, drawn, strict=True):
        link = segno.make(f"https://moteplass.example/rsvp/{row.token}/", error="m", micro=False)
        assert matrix == [list(line) for line in link.matrix]
    assert drawn[0] != drawn[1]


def test_a_letter_tells_no_more_of_the_place_than_the_ladder_allows(sandefjord):
    to = event(
        sandefjord,
        place_for_invited=PlaceLevel.CITY,
        place_for_public=PlaceLevel.CITY,
        online_url="https://x.example/hemmelig",
    )
    (page,) = pages(pdf.render(to, letters_to(to, addressed(sandefjord, address="Vei 1")), on=DAY))
    assert "Sandefjord" in page
    for hidden in ("rådhus", "Rådhusgata", "Møterom", "Sentrum", "hemmelig"):
        assert hidden not in page


def test_the_same_letters_are_the_same_bytes_and_say_what_they_are(sandefjord):
    to = event(sandefjord, title="Trygghet i sentrum")
    rows = letters_to(to, addressed(sandefjord))
    body = pdf.render(to, rows, on=DAY)
    assert body == pdf.render(to, rows, on=DAY)
    reader = pypdf.PdfReader(io.BytesIO(body))
    assert reader.metadata.title == "Invitasjon: Trygghet i sentrum"
    assert "<pdfuaid:part>1</pdfuaid:part>" in body.decode("latin-1")


@pytest.mark.parametrize("odd", ODD)
def test_nothing_in_a_name_or_text_breaks_a_letter(sandefjord, odd):
    to = event(sandefjord, title=odd, purpose=odd, contact_name=odd)
    programme(to, odd)
    here = organisation(sandefjord, name=odd, address=f"{odd}, {odd}"[:300], city=odd[:100])
    people = [
        addressed(sandefjord, name=odd, address=odd),
        contact(sandefjord, name=f"{odd}."[:200], organisation=here),
    ]
    found = pages(pdf.render(to, letters_to(to, *people, note=odd), on=DAY))
    assert len(found) == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=200), address=st.text(max_size=300))
def test_any_name_and_address_give_one_page(sandefjord, name, address):
    here = contact(sandefjord, email="")
    here.name, here.address = name, address
    to = event(sandefjord)
    (row,) = letters_to(to, contact(sandefjord))
    row.contact = here
    assert len(pages(pdf.render(to, [row], on=DAY))) == 1


def test_a_long_text_still_gives_one_page_with_the_code_on_it(sandefjord):
    to = event(
        sandefjord, title="Tittel " * 28, purpose="Et langt formål med mange ord. " * 300, chair="x " * 90
    )
    programme(to, *(f"Punkt {n} med en lang tittel som går over mer enn en linje " * 3 for n in range(40)))
    (row,) = letters_to(to, addressed(sandefjord, name="N " * 100, address="Vei " * 75), note="merk " * 200)
    (page,) = pages(pdf.render(to, [row], on=DAY))
    assert codes.code_of(row) in page
    assert "har hele teksten og programmet" in page


@pytest.mark.slow
def test_two_hundred_letters_in_a_few_seconds(sandefjord, kari):
    to = event(sandefjord, purpose="Vi vil snakke om trygghet.")
    programme(to, "Velkommen", "Samtale", "Avslutning")
    services.invite_by_letter(to, by=kari, contacts=[addressed(sandefjord) for _ in range(200)])
    rows = services.make_letters(to, by=kari, ids=[row.pk for row in services.by_letter(to)])
    began = time.process_time()
    body = pdf.render(to, rows, on=DAY)
    spent = time.process_time() - began
    assert len(pages(body)) == 200
    assert spent < 6, spent  # measured: 1.7 s of CPU

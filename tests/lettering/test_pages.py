"""The page of letters."""

import io
import re

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.audit import AuditEntry
from invites.invitations.models import Invitation
from tests.factories import contact, draft, event, invitation


def at(to, name="invitation-letters"):
    return reverse(name, kwargs={"tenant": "sandefjord", "pk": to.pk})


def letter(to, **facts):
    who = contact(to.tenant, email="", address="Storgata 12", **facts)
    return invitation(to, contact=who, channel="letter")


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def pages(response):
    return pypdf.PdfReader(io.BytesIO(response.content)).pages


def made(client, to, *rows, **more):
    asked = {"invitations": ",".join(str(row.pk) for row in rows), **more}
    return client.post(at(to, "invitation-letters-pdf"), asked)


def test_without_letters_the_page_says_what_they_are(at_desk, kari, sandefjord):
    to = event(sandefjord)
    invitation(to)
    page = text(at_desk(kari).get(at(to)))
    assert "Ingen er invitert per brev ennå" in page


def test_the_page_shows_who_is_asked_by_letter_and_never_a_code(at_desk, kari, sandefjord):
    to = event(sandefjord)
    row, lost = letter(to, name="Amina"), invitation(to, channel="letter")
    client = at_desk(kari)
    made(client, to, row)
    row.refresh_from_db()
    page = client.get(at(to))
    assert [each.pk for each in page.context["letters"]] == [row.pk, lost.pk]
    assert page.context["without_address"] == {lost.pk}
    assert "Amina" in text(page)
    assert row.token not in text(page)
    assert not re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", text(page))


def test_the_page_asks_as_much_for_one_letter_as_for_three(at_desk, kari, sandefjord):
    to, client = event(sandefjord), at_desk(kari)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(at(to)).status_code == 200
        return len(caught)

    def add():
        letter(to)
        contact(sandefjord, channel="letter")

    add()
    client.get(at(to))
    one = queries()
    add()
    add()
    assert queries() == one
    assert one <= 3 + 4


def test_the_letters_are_downloaded_and_noted_as_printed(at_desk, kari, sandefjord):
    to = event(sandefjord)
    rows = [letter(to) for _ in range(3)]
    answer = made(at_desk(kari), to, *rows[:2], printed="on")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="letters-{to.pk}.pdf"'
    assert len(pages(answer)) == 2
    assert [row.printed_at is None for row in Invitation.objects.of(sandefjord).order_by("pk")] == [
        False,
        False,
        True,
    ]
    told = [entry.action for entry in AuditEntry.objects.of(sandefjord).about(to)]
    assert sorted(told) == ["letters.made", "letters.printed"]


def test_one_letter_is_downloaded_again_without_a_note(at_desk, kari, sandefjord):
    to = event(sandefjord)
    row = letter(to)
    client = at_desk(kari)
    first, second = made(client, to, row), made(client, to, row)
    assert len(pages(first)) == 1
    assert pages(first)[0].extract_text() == pages(second)[0].extract_text()
    row.refresh_from_db()
    assert row.printed_at is None


def test_looking_changes_nothing(at_desk, kari, sandefjord):
    to = event(sandefjord)
    row = letter(to)
    client = at_desk(kari)
    client.get(at(to))
    assert (
        client.get(at(to, "invitation-letters-pdf"), {"invitations": row.pk, "printed": "on"}).status_code
        == 405
    )
    row.refresh_from_db()
    assert (row.printed_at, row.code_hash) == (None, None)


@pytest.mark.parametrize("asked", ["", "x", "9" * 40, "0"])
def test_letters_that_are_none_lead_back(at_desk, kari, sandefjord, asked):
    to = event(sandefjord)
    letter(to)
    answer = at_desk(kari).post(at(to, "invitation-letters-pdf"), {"invitations": asked})
    assert (answer.status_code, answer.url) == (302, at(to))


def test_another_tenants_letters_are_not_made(at_desk, kari, sandefjord, kristiansand):
    to, theirs = event(sandefjord), letter(event(kristiansand))
    client = at_desk(kari)
    assert made(client, to, theirs).status_code == 302
    assert client.get(at(theirs.event)).status_code == 404


def test_a_meeting_that_is_not_on_gets_no_letters(at_desk, kari, sandefjord):
    to = draft(sandefjord)
    row = letter(to)
    client = at_desk(kari)
    assert "Brev kan lages mens" in text(client.get(at(to)))
    answer = made(client, to, row)
    assert (answer.status_code, answer.url) == (302, at(to))


def test_a_letter_whose_link_cannot_be_written_is_told_and_not_noted(at_desk, kari, sandefjord):
    to = event(sandefjord)
    row = letter(to)
    Invitation.objects.of(sandefjord).filter(pk=row.pk).update(token_hash="0" * 64)
    client = at_desk(kari)
    assert made(client, to, row, printed="on").status_code == 302
    assert "kan ikke lenger skrives" in text(client.get(at(to)))
    row.refresh_from_db()
    assert row.printed_at is None


def test_those_who_want_letters_are_invited_from_the_page(at_desk, kari, sandefjord):
    to = event(sandefjord)
    wants, other = contact(sandefjord, channel="letter"), contact(sandefjord, channel="letter")
    contact(sandefjord)
    client = at_desk(kari)
    form = client.get(at(to)).context["form"]
    assert [pk for pk, _label in form.fields["contacts"].choices] == [wants.pk, other.pk]
    assert client.post(at(to, "invitation-letters-invite"), {"contacts": [wants.pk]}).url == at(to)
    assert [row.contact_id for row in Invitation.objects.of(sandefjord)] == [wants.pk]
    assert [one.pk for one in client.get(at(to)).context["form"].people] == [other.pk]


def test_ticking_nobody_is_told(at_desk, kari, sandefjord):
    to = event(sandefjord)
    contact(sandefjord, channel="letter")
    answer = at_desk(kari).post(at(to, "invitation-letters-invite"), {})
    assert answer.status_code == 200
    assert "Velg minst én kontakt" in text(answer)


def test_nobody_of_another_tenant_or_unasked_is_invited(at_desk, kari, sandefjord, kristiansand):
    to = event(sandefjord)
    contact(sandefjord, channel="letter")
    for other in (contact(kristiansand, channel="letter"), contact(sandefjord)):
        assert (
            at_desk(kari).post(at(to, "invitation-letters-invite"), {"contacts": [other.pk]}).status_code
            == 200
        )
    assert not Invitation.objects.across_tenants("a test").exists()


def test_the_guest_list_leads_to_the_letters(at_desk, kari, mina, sandefjord):
    to = event(sandefjord)
    invitation(to, invited_at=timezone.now())
    assert at(to) in text(at_desk(kari).get(at(to, "invitation-list")))
    assert at(to) not in text(at_desk(mina).get(at(to, "invitation-list")))
    assert at_desk(mina).get(at(to)).status_code == 403

"""What an invitee sees is in the invitee's own language, the right way round; a fallback is said."""

import datetime as dt
import io
import re

import pypdf
import pytest
from django.utils import timezone, translation

from events.gatherings import services as gatherings
from events.languages import RIGHT_TO_LEFT, InviteeLanguage
from invites.answers.services import answer
from invites.invitations import mails
from invites.invitations.drafting import rounds
from invites.invitations.lettering import codes, pdf
from invites.invitations.reminders import mails as reminding
from invites.invitations.telling import mails as telling
from invites.invitations.telling.models import Telling
from invites.post import letters
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation, programme

LANGUAGES = InviteeLanguage.values
pytestmark = pytest.mark.usefixtures("still_post")


@pytest.fixture
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None, raising=False)


@pytest.fixture
def meeting(sandefjord):
    row = event(
        sandefjord,
        title="Dialogmøte",
        purpose="Hvordan går det?",
        chair="Berit Ordfører",
        online_url="https://video.example/forum",
        capacity=10,
    )
    programme(row, "Velkommen", "Samtale")
    return row


def invited(to, language, **facts):
    person = contact(to.tenant, name="Amina Noor", language=language, phone="33 41 60 00")
    return invitation(to, contact=person, language=language, **facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_invitees_language_before_and_after_the_answer(client, meeting, language, untold):
    row = invited(meeting, language)
    link = f"/rsvp/{row.token}/"
    before = client.get(link)
    wrong = client.post(link, {"comment": "x" * 1001})
    answered = client.post(link, {"answer": "accepted", "comment": "Takk"}, follow=True)
    changed = client.post(link, {"answer": "declined"}, follow=True)
    for response in (before, wrong, answered, changed):
        assert response.status_code == 200
        page = response.content.decode()
        (opening,) = re.findall("<html[^>]*>", page)
        assert f'lang="{language}"' in opening
        assert ('dir="rtl"' in opening) == (language in RIGHT_TO_LEFT)
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_closed_is_in_the_invitees_language_too(client, meeting, sandefjord, language, untold):
    row = invited(meeting, language)
    link = f"/rsvp/{row.token}/"
    meeting.answer_by = timezone.now() - dt.timedelta(hours=1)
    meeting.save()
    assert client.get(link).status_code == 200
    meeting.capacity, meeting.answer_by = 0, None
    meeting.save()
    assert client.get(link).status_code == 200
    gatherings.cancel(meeting, by=None, reason="")
    assert client.get(link).status_code == 200
    assert client.get(f"/svar/?lang={language}").status_code == 200
    assert client.post(f"/svar/?lang={language}", {"code": "AAAA-BBBB"}).status_code == 404
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_in_the_invitees_language(meeting, kari, language, untold):
    row, asked = (
        invited(meeting, language),
        invitation(
            meeting,
            contact=contact(meeting.tenant, language=language),
            language=language,
            for_organisation=True,
            quota=3,
        ),
    )
    written = [
        mails.preview(meeting, row.contact, note="Velkommen"),
        mails.preview(meeting, asked.contact, quota=3),
    ]
    written += [reminding.preview(meeting, row, message="Minner om dette")]
    written += [telling.preview(meeting, row, Telling(message="Nytt", asks_again=True), since=0)]
    given = answer(row, reply="accepted", comment="Takk", source="web")
    receipt = OutgoingMail.objects.of(meeting.tenant).get(kind="receipt", subject_id=given.pk)
    written += letters.composer_of("receipt")([receipt]).values()
    gatherings.cancel(meeting, by=kari, reason="")
    meeting.refresh_from_db()
    written += [telling.preview(meeting, row, Telling(message="Avlyst"), since=0)]
    for letter in written:
        assert isinstance(letter, letters.Letter)
        assert letter.language == language
        assert f'dir="{"rtl" if language in RIGHT_TO_LEFT else "ltr"}"' in letter.html
    assert untold == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_in_the_invitees_language(meeting, language, untold):
    row = invited(meeting, language, channel="letter")
    codes.seal(row)
    row.save()
    body = pdf.render(meeting, [row], on=dt.date(2026, 11, 27))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "[U+" not in text
    assert untold == set()


def test_without_a_font_for_it_the_letter_is_in_the_tenants_language(meeting, settings, tmp_path):
    settings.FONT_DIR = tmp_path
    row = invited(meeting, "ar", channel="letter")
    codes.seal(row)
    row.save()
    body = pdf.render(meeting, [row], on=dt.date(2026, 11, 27))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "Hei Amina Noor" in text
    assert "[U+" not in text


@pytest.mark.parametrize(("language", "said"), [("nb", ""), ("ar", "på dette språket: Norsk bokmål")])
def test_the_preview_says_that_title_and_purpose_stay_as_they_are_written(meeting, language, said):
    reader = contact(meeting.tenant, language=language)
    round_ = rounds.Round(meeting, [reader], notes=None, quotas={})
    with translation.override("nb"):
        assert said in round_.falls_back(reader)
        assert bool(round_.falls_back(reader)) == bool(said)


def test_an_unknown_language_in_the_address_changes_nothing(client, meeting):
    row = invited(meeting, "pl")
    assert 'lang="pl"' in client.get(f"/rsvp/{row.token}/?lang=xx").content.decode()
    assert 'lang="so"' in client.get(f"/rsvp/{row.token}/?lang=so").content.decode()

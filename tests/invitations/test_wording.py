"""The words a tenant edits: placeholders in plain text, the built-in text otherwise, never markup."""

import email
import email.policy
import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar

from events.audit import AuditEntry
from events.gatherings.visibility import Audience, seen
from invites.invitations import mails, wording
from invites.invitations.drafting import services
from invites.invitations.drafting.forms import WordsForm
from invites.invitations.drafting.models import MailKind, MailTemplate
from invites.invitations.mails import compose_invitations, preview
from invites.post import outbox
from invites.post.models import OutgoingMail
from invites.post.transports import mime, sendgrid
from invites.post.transports.file import FileTransport
from invites.post.transports.smtp import SmtpTransport
from tests.factories import contact, event, invitation, organisation
from tests.queries import queries_of

GAP = re.compile(r"gap[0-9a-f]{16}")


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Dialogmøte om tillit")


def write(tenant, by, *, kind="invitation", language="nb", subject="Velkommen: {title}", body="Hei {name}"):
    return services.write_words(tenant, by=by, kind=kind, language=language, subject=subject, body=body)


def form(kind="invitation", **typed):
    return WordsForm({"subject": "Velkommen", "body": "Hei {name}", **typed}, kind=kind)


def composed(row):
    outbox.enqueue("invitation", tenant=row.tenant, items=[(row.pk, row.contact.email)])
    mail = OutgoingMail.objects.of(row.tenant).get(kind="invitation", subject_id=row.pk)
    return compose_invitations([mail])[mail.pk]


# --- Own and built-in words -----------------------------------------------------------------------------------------
def test_without_own_words_the_built_in_ones_stand_in_each_language(sandefjord):
    assert wording.words_for(sandefjord, "invitation", "nb").subject == "Invitasjon: {title}, {day}"
    assert wording.words_for(sandefjord, "invitation", "en") == wording.Wording(
        "Invitation: {title}, {day}", "Hello {name},\n\n{sender} invites you to"
    )


def test_own_words_stand_in_their_kind_language_and_tenant_only(sandefjord, kristiansand, kari):
    write(sandefjord, kari)
    own = wording.Wording("Velkommen: {title}", "Hei {name}", own=True)
    assert wording.words_for(sandefjord, "invitation", "nb") == own
    for tenant, kind, language in (
        (kristiansand, "invitation", "nb"),
        (sandefjord, "chase", "nb"),
        (sandefjord, "invitation", "en"),
    ):
        assert wording.words_for(tenant, kind, language).own is False


def test_every_kind_has_built_in_words_that_its_own_form_takes():
    for kind in MailKind.values:
        for language in ("nb", "en"):
            words = wording.built_in(kind, language)
            checked = WordsForm({"subject": words.subject, "body": words.body}, kind=kind)
            assert checked.is_valid(), (kind, language, checked.errors)


def test_the_database_keeps_one_text_for_a_kind_and_a_language(sandefjord, kari):
    write(sandefjord, kari)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailTemplate.objects.create(
            tenant=sandefjord, kind="invitation", language="nb", subject="x", body="y"
        )


def test_changing_and_resetting_stand_in_the_audit_trail_once_each(sandefjord, kari):
    for _click in range(2):
        write(sandefjord, kari)
    assert services.reset_words(sandefjord, by=kari, kind="invitation", language="nb") is True
    assert services.reset_words(sandefjord, by=kari, kind="invitation", language="nb") is False
    with translation.override("en"):
        assert [entry.words() for entry in AuditEntry.objects.of(sandefjord)] == [
            "Kari Koordinator set the text of invitations back (nb).",
            "Kari Koordinator changed the text of invitations (nb).",
        ]
    assert wording.words_for(sandefjord, "invitation", "nb").own is False


# --- In the mail ----------------------------------------------------------------------------------------------------
def test_own_words_open_the_mail_and_the_fixed_parts_follow(meeting, kari):
    body = "Kjære {name} ({organisation})\n\nVelkommen til {title}, {when}, {place}.\n"
    body += "Svar innen {deadline} til {contact}."
    write(meeting.tenant, kari, subject="{sender}: {title} {day}", body=body)
    mosque = organisation(meeting.tenant, name="Sentrum moské & venner")
    person = contact(meeting.tenant, name="Amina Yusuf", organisation=mosque)
    letter = composed(invitation(meeting, contact=person))

    with translation.override("nb"):
        said = wording.values(meeting.tenant, seen(meeting, Audience.INVITED))
    assert letter.subject == f"Sandefjord kommune: Dialogmøte om tillit {said['day']}"
    assert letter.text.startswith(
        "Kjære Amina Yusuf (Sentrum moské & venner)\n\n"
        f"Velkommen til Dialogmøte om tillit, {said['when']}, Sentrum, Sandefjord.\n"
        f"Svar innen {said['deadline']} til Kari Koordinator.\n\n"
    )
    assert '<p dir="auto">Kjære Amina Yusuf (Sentrum moské &amp; venner)</p>' in letter.html
    assert f"Sandefjord.<br>Svar innen {said['deadline']}" in letter.html
    for part in (letter.text, letter.html):
        for fixed in (
            "Når",
            "Hvor",
            "answer=accepted",
            "Hvorfor du får denne e-posten",
            "Ikke send dem videre",
        ):
            assert fixed in part


def test_words_without_any_placeholder_cannot_edit_away_facts_links_and_reason(meeting, kari):
    write(meeting.tenant, kari, subject="Hei", body="Kom!")
    letter = composed(invitation(meeting))
    for part in (letter.text, letter.html):
        assert "Dialogmøte om tillit" in part
        assert part.count("answer=") == 3
        assert "Hvorfor du får denne e-posten" in part


def test_how_many_an_organisation_may_send_is_told(meeting, kari):
    write(meeting.tenant, kari, body="Dere kan sende {quota}.")
    assert composed(invitation(meeting, for_organisation=True, quota=2)).text.startswith("Dere kan sende 2.")


def test_a_letter_may_follow_a_placeholder_at_once(meeting, kari):
    write(meeting.tenant, kari, body="{name}xx og {name}s venner")
    letter = composed(invitation(meeting, contact=contact(meeting.tenant, name="Amina")))
    assert letter.text.startswith("Aminaxx og Aminas venner\n")


def test_a_placeholder_in_a_value_is_text(meeting, kari):
    meeting.title = "Møte {name} {deadline}"
    meeting.save()
    write(meeting.tenant, kari, subject="{title}", body="{title}")
    letter = composed(invitation(meeting))
    assert letter.subject == "Møte {name} {deadline}"
    assert letter.text.startswith("Møte {name} {deadline}\n")


def test_the_place_in_the_words_is_as_far_as_invitees_may_know(meeting, kari):
    write(meeting.tenant, kari, body="Sted: {place}")
    assert composed(invitation(meeting)).text.startswith("Sted: Sentrum, Sandefjord\n")


# --- The note -------------------------------------------------------------------------------------------------------
def test_a_note_stands_after_the_greeting_in_text_and_html_and_is_escaped(meeting):
    note = "Takk for sist <b>& sees</b>!\nHilsen K.\n\nVelkommen."
    letter = composed(invitation(meeting, note=note, contact=contact(meeting.tenant, name="Amina")))
    assert letter.text.startswith(f"Hei Amina,\n\n{note}\n\nSandefjord kommune inviterer deg til\n\n")
    html = letter.html.partition('<p dir="auto">Hei Amina,</p>')[2].lstrip()
    paragraphs = "Takk for sist &lt;b&gt;&amp; sees&lt;/b&gt;!<br>Hilsen K.", "Velkommen."
    note_html = "".join(f'<p dir="auto">{one}</p>' for one in paragraphs)
    assert html.startswith(note_html)


def test_without_a_note_nothing_stands_in_its_place(meeting):
    letter = composed(invitation(meeting, contact=contact(meeting.tenant, name="Amina")))
    assert letter.text.startswith(
        "Hei Amina,\n\nSandefjord kommune inviterer deg til\n\nDialogmøte om tillit\n"
    )
    assert not re.search(r"<p>\s*</p>", letter.html)


# --- Bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "typed", "named"),
    [
        ("body", "Hei {navn}", "{navn}"),
        ("body", "Hei {name} {foo} {bar}", "{foo}, {bar}"),
        ("body", "Hei {name", "{name"),
        ("body", "Hei name}", "}"),
        ("body", "Hei {{name}}", "{"),
        ("body", "Hei {Name}", "{Name}"),
        ("body", "{% load x %}", "{%"),
        ("body", "{change}", "{change}"),
        ("subject", "Hei {name}", "{name}"),
        ("subject", "Hei {organisation}", "{organisation}"),
        ("subject", "Hei {x}", "{x}"),
        ("body", "Se https://zoom.us/j/1?pwd=hemmelig", "zoom.us/…"),
    ],
)
def test_what_is_wrong_is_named_beside_its_own_field(field, typed, named):
    checked = form(**{field: typed})
    assert checked.is_valid() is False
    assert list(checked.errors) == [field]
    assert named in checked.errors[field][0]


def test_texts_too_long_are_refused_and_line_ends_never_reach_the_subject():
    assert list(form(subject="x" * 151).errors) == ["subject"]
    assert list(form(body="x" * 3001).errors) == ["body"]
    assert list(form(subject="", body=" \n ").errors) == ["subject", "body"]
    checked = form(subject="Hei\r\nBcc: x@y.example\x07", body="a\r\nb\x07")
    assert checked.is_valid()
    assert checked.cleaned_data == {"subject": "Hei Bcc: x@y.example", "body": "a\nb"}


# --- Any text at all --------------------------------------------------------------------------------------------------
ANY = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80) | st.just(
    "</p><script>&\r\nBcc: x@y"
)
PIECE = ANY.map(lambda text: text.replace("{", "").replace("}", ""))
WORDS = st.lists(
    PIECE | st.sampled_from([f"{{{name}}}" for name in wording.PLACEHOLDERS["invitation"]]), max_size=9
)
TAGS = re.compile(r"<\s*(script|img|iframe|b)\b", re.IGNORECASE)


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_no_text_leaves_a_gap_breaks_the_markup_or_the_mail(meeting, data):
    said = wording.Wording(
        "".join(data.draw(WORDS, label="subject")), "".join(data.draw(WORDS, label="body")), own=True
    )
    meeting.title, meeting.chair = data.draw(ANY, label="title"), data.draw(ANY, label="chair")
    meeting.tenant.name = data.draw(ANY, label="tenant")
    person = contact(meeting.tenant)
    person.name, person.organisation.name = data.draw(ANY, label="name"), data.draw(ANY, label="organisation")
    row = invitation(meeting, contact=person, language=data.draw(st.sampled_from(["nb", "en"])))
    row.note = data.draw(ANY, label="note")
    letter = mails.paper_for(meeting, row.language, said=said).letter(
        row, to="a@b.example", delivery_id=meeting.uid
    )

    for part in (letter.subject, letter.text, letter.html, letter.to.name, letter.calendar.decode()):
        assert not GAP.search(part)
    assert not TAGS.search(letter.html)
    assert not re.search(r"[\r\n]", letter.subject)
    message = email.message_from_bytes(mime.message(letter), policy=email.policy.default)
    assert [address.addr_spec for address in message["To"].addresses] == ["a@b.example"]
    assert len(message.get_all("To")) == len(message.get_all("Subject")) == len(message.get_all("From")) == 1
    assert not {"cc", "bcc"} & {name.lower() for name in message.keys()}  # noqa: SIM118 - a message is no dict
    reply = message["From"].addresses[0].addr_spec
    assert message["Reply-To"].addresses[0].addr_spec == reply == f"svar-{row.reply_token}@127.0.0.1"
    (vevent,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert (str(vevent["ORGANIZER"]), str(vevent["ATTENDEE"])) == (f"mailto:{reply}", "mailto:a@b.example")
    sendgrid.payload(letter)
    row.delete()
    person.delete()


# --- The pages --------------------------------------------------------------------------------------------------------
ADDRESS = "/t/sandefjord/mail-texts/"


def test_the_list_shows_each_kind_in_each_language_and_whose_the_words_are(at_desk, kari, sandefjord):
    client = at_desk(kari)
    page = client.get(ADDRESS).content.decode()
    assert (page.count("innebygd"), len(re.findall(r'/mail-texts/\w+/\w\w/"', page))) == (
        60,
        60,
    )  # six kinds, ten languages
    before = queries_of(client, ADDRESS)
    for kind in ("invitation", "update", "chase"):
        write(sandefjord, kari, kind=kind)
    assert queries_of(client, ADDRESS) == before
    page = client.get(ADDRESS).content.decode()
    assert page.count("innebygd") == 57
    assert page.count("Kari Koordinator") >= 3


def test_a_text_is_written_shown_and_set_back(at_desk, kari, sandefjord):
    client, address = at_desk(kari), f"{ADDRESS}invitation/nb/"
    typed = {"subject": "Kom til {title}", "body": "Hei {name}!\n\nVelkommen <b>{place}</b>."}
    looked = client.post(address, {**typed, "do": "look"}).content.decode()
    assert "Kom til Dialogmøte om trygghet" in looked
    assert "Velkommen &lt;b&gt;sentrum&lt;/b&gt;." in looked
    assert MailTemplate.objects.of(sandefjord).count() == 0
    assert client.post(address, {**typed, "do": "save"})["Location"] == address
    page = client.get(address).content.decode()
    assert "Invitasjon: {title}, {day}" in page  # the built-in text, to compare with
    assert wording.words_for(sandefjord, "invitation", "nb").subject == "Kom til {title}"
    client.post(f"{address}reset/")
    assert MailTemplate.objects.of(sandefjord).count() == 0


def test_a_text_that_is_refused_keeps_what_was_typed(at_desk, kari, sandefjord):
    page = at_desk(kari).post(f"{ADDRESS}invitation/nb/", {"subject": "Hei", "body": "Kom, {foo}"})
    assert page.status_code == 200
    html = page.content.decode()
    assert "{foo} er ikke blant feltene i listen nedenfor." in html
    assert "Kom, {foo}</textarea>" in html
    assert MailTemplate.objects.of(sandefjord).count() == 0


@pytest.mark.parametrize("end", ["nothing/nb/", "invitation/fr/", "invitation/nb%0A/"])
def test_a_kind_or_language_that_we_do_not_know_is_not_found(at_desk, kari, end):
    assert at_desk(kari).get(ADDRESS + end).status_code == 404


def test_the_preview_of_a_language_we_do_not_write_is_in_ours(meeting):
    person = contact(meeting.tenant, language="fr")
    assert preview(meeting, person).language == "nb"


# --- Whatever the transport -------------------------------------------------------------------------------------------
BREAKS = "Hei\r\nBcc: spion@x.example\r\n\r\n<b>ny kropp</b>\x0b\x1f\u2028BEGIN:VEVENT"


@pytest.mark.parametrize("transport", ["file", "smtp", "sendgrid"])
def test_nothing_that_was_typed_ends_a_header_or_a_line_of_the_calendar(meeting, kari, transport):
    """Past the forms too: an import, or a row that an older version wrote."""
    words = {"subject": f"{{title}} {BREAKS}", "body": "Hei {name}"}
    MailTemplate.objects.create(tenant=meeting.tenant, kind="invitation", language="nb", **words)
    meeting.title = meeting.chair = meeting.city = BREAKS
    meeting.tenant.name = BREAKS
    person = contact(meeting.tenant, email="amina@moske.example")
    person.name = BREAKS
    letter = preview(meeting, person)
    if transport == "sendgrid":
        sent = json.loads(sendgrid.payload(letter))
        heads = [sent["subject"], sent["from"]["name"], sent["personalizations"][0]["to"][0]["name"]]
        assert [re.findall(r"[\x00-\x1f\x7f\u2028]", head) for head in heads] == [[], [], []]
        assert set(sent["personalizations"][0]) <= {"to", "custom_args", "subject", "headers"}
        assert sent["personalizations"][0]["to"][0]["email"] == "amina@moske.example"
    else:
        wire = {"file": FileTransport, "smtp": SmtpTransport}[transport].prepare(None, letter)
        message = email.message_from_bytes(wire, policy=email.policy.default)
        assert (message["Bcc"], message["Cc"], message.defects) == (None, None, [])
        assert [each.addr_spec for each in message["To"].addresses] == ["amina@moske.example"]
        assert len(message["From"].addresses) == 1
        assert message["Subject"].count("Bcc: spion@x.example") == 2  # as text, from title and template
    lines = [line.split(b":")[0].split(b";")[0] for line in letter.calendar.split(b"\r\n")]
    assert (lines.count(b"BEGIN"), lines.count(b"ATTENDEE"), lines.count(b"ORGANIZER")) == (
        lines.count(b"END"),
        1,
        1,
    )
    assert not {b"Bcc", b"<b>ny kropp</b>"} & set(lines)
    assert len(Calendar.from_ical(letter.calendar).walk("VEVENT")) == 1

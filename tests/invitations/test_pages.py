"""Choosing, seeing the mail, sending, the guest list, its export, and withdrawing."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.formulas import guarded
from events.directory.models import Contact
from events.gatherings.models import Event
from invites.answers import services as answers
from invites.invitations.models import Invitation
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, draft, event, invitation, organisation

HOUSEHOLD = ("django_session", "events_user", "events_membership")


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Samarbeidsforum", capacity=20)


def address(meeting: Event, end: str = "invite/") -> str:
    return f"/t/{meeting.tenant.slug}/events/{meeting.pk}/{end}"


def content_queries(client, url: str) -> int:
    """Queries for the page's content: session, user and memberships come on top."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return sum(not re.search(rf'FROM "({"|".join(HOUSEHOLD)})"', q["sql"]) for q in seen)


def say(row: Invitation, reply: str, comment: str = "", source: str = "web", by=None) -> None:
    rows = Invitation.objects.of(row.tenant_id).select_related("event", "contact", "tenant")
    answers.answer(rows.get(pk=row.pk), reply=reply, comment=comment, source=source, by=by)


def names(response) -> list[str]:
    return [guest.name for guest in response.context["guests"]]


# --- Choosing ----------------------------------------------------------------------------------------------------
def test_contacts_are_found_by_type_organisation_and_name(at_desk, kari, sandefjord, meeting):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    contact(sandefjord, name="Bjørn Politi", organisation=organisation(sandefjord, kind="police"))
    client = at_desk(kari)

    def found(query):
        return [one.name for one in client.get(address(meeting) + query).context["page_obj"]]

    assert sorted(found("")) == ["Amina Noor", "Bjørn Politi"]
    assert found("?kind=faith") == ["Amina Noor"]
    assert found(f"?organisation={amina.organisation_id}") == ["Amina Noor"]
    assert found("?q=bjørn") == ["Bjørn Politi"]
    assert found("?kind=faith&q=bjørn") == []
    assert sorted(found("?kind=nonsense&organisation=99999999")) == ["Amina Noor", "Bjørn Politi"]


def test_who_is_invited_or_has_no_address_is_marked_and_cannot_be_ticked(at_desk, kari, sandefjord, meeting):
    asked = invitation(meeting).contact
    contact(sandefjord, name="Uten Epost", email="", phone="33 00 00 00")
    free = contact(sandefjord)
    page = at_desk(kari).get(address(meeting)).content.decode()

    assert re.findall(r'name="contact" value="(\d+)"', page) == [str(free.pk)]
    assert (asked.name in page, "33 00 00 00" in page) == (True, True)


def test_ticks_are_kept_from_search_to_search_and_page_to_page(at_desk, kari, sandefjord, meeting):
    one, two, three = (contact(sandefjord, name=name) for name in ("Anne", "Bente", "Cato"))
    client = at_desk(kari)
    shown = f"{one.pk},{two.pk}"
    response = client.post(
        address(meeting), {"shown": shown, "contact": [one.pk, two.pk], "q": "cato", "do": "search"}
    )
    assert response["Location"] == f"{address(meeting)}?q=cato"
    assert client.get(response["Location"]).context["chosen"] == {one.pk, two.pk}

    client.post(address(meeting), {"shown": f"{three.pk}", "contact": [three.pk], "page": "2"})
    response = client.post(address(meeting), {"shown": shown, "contact": [two.pk], "do": "search"})
    assert client.get(response["Location"]).context["chosen"] == {two.pk, three.pk}

    client.post(address(meeting), {"shown": "", "do": "clear"})
    assert client.get(address(meeting)).context["chosen"] == set()


def test_all_found_means_all_that_the_list_showed_not_what_stands_in_the_search_now(
    at_desk, kari, sandefjord, meeting
):
    faith = [contact(sandefjord, organisation=organisation(sandefjord, kind="faith")) for _ in range(3)]
    contact(sandefjord, organisation=organisation(sandefjord, kind="police"))
    contact(sandefjord, email="", organisation=faith[0].organisation)
    client = at_desk(kari)
    client.post(address(meeting), {"listed": "kind=faith", "kind": "police", "all": "1", "do": "search"})

    assert client.get(address(meeting)).context["chosen"] == {one.pk for one in faith}


def test_a_thousand_contacts_stay_quick(at_desk, kari, sandefjord, meeting):
    client = at_desk(kari)
    contact(sandefjord)
    few = content_queries(client, address(meeting))
    Contact.objects.bulk_create(
        [Contact(tenant=sandefjord, name=f"Person {n}", email=f"p{n}@x.example") for n in range(1000)]
    )
    many = content_queries(client, address(meeting))

    assert (few, many) == (4, 4)
    assert len(client.get(address(meeting)).content) < 200_000


def test_a_draft_says_publish_first(at_desk, kari, sandefjord):
    row = draft(sandefjord)
    page = at_desk(kari).get(address(row)).content.decode()
    assert ('name="contact"' in page, '<form method="post" class="stack"' in page) == (False, False)
    assert at_desk(kari).get(address(row, "invite/preview/")).status_code == 302


def test_previewing_without_a_choice_says_so(at_desk, kari, meeting):
    response = at_desk(kari).post(address(meeting), {"do": "preview"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@pytest.mark.parametrize("nonsense", ["abc", "1;2", "٣", "9" * 40, "-1", ""])
def test_nonsense_in_the_form_is_ignored(at_desk, kari, meeting, nonsense):
    client = at_desk(kari)
    data = {"shown": nonsense, "contact": nonsense, "page": nonsense, "do": nonsense, "listed": nonsense}
    assert client.post(address(meeting), data).status_code == 302
    assert client.post(address(meeting, "invite/send/"), {"contacts": nonsense}).status_code == 302
    assert client.get(address(meeting) + f"?organisation={nonsense}&page={nonsense}").status_code == 200
    assert Invitation.objects.of(meeting.tenant).count() == 0


# --- Preview and sending -----------------------------------------------------------------------------------------
def test_the_preview_is_the_mail_that_the_contact_gets_and_stores_nothing(at_desk, kari, sandefjord, meeting):
    one, two = contact(sandefjord, name="Anne"), contact(sandefjord, name="Bente", language="en")
    client = at_desk(kari)
    client.post(address(meeting), {"contact": [one.pk, two.pk], "do": "preview"})

    page = client.get(address(meeting, f"invite/preview/?contact={two.pk}"))
    letter = page.context["letter"]
    assert (letter.to.email, letter.language, "Samarbeidsforum" in letter.subject) == (two.email, "en", True)
    frame = client.get(address(meeting, f"invite/preview/{two.pk}/"))
    assert ("Bente" in frame.content.decode(), "sandbox" in frame["Content-Security-Policy"]) == (True, True)
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert (Invitation.objects.of(sandefjord).count(), OutgoingMail.objects.of(sandefjord).count()) == (0, 0)


def test_sending_invites_those_of_the_preview_once(at_desk, kari, sandefjord, meeting):
    people = [contact(sandefjord) for _ in range(3)]
    client = at_desk(kari)
    client.post(address(meeting), {"contact": [one.pk for one in people], "do": "preview"})
    contacts = client.get(address(meeting, "invite/preview/")).context["contacts"]

    for _click in range(2):
        response = client.post(address(meeting, "invite/send/"), {"contacts": contacts})
        assert response["Location"] == address(meeting, "invitations/")

    assert Invitation.objects.of(sandefjord).count() == 3
    assert OutgoingMail.objects.of(sandefjord).filter(kind="invitation").count() == 3
    assert client.get(address(meeting)).context["chosen"] == set()


def test_a_strangers_contact_cannot_be_slipped_in(at_desk, kari, kristiansand, meeting):
    stranger = contact(kristiansand)
    client = at_desk(kari)
    client.post(address(meeting, "invite/send/"), {"contacts": str(stranger.pk)})
    assert Invitation.objects.of(meeting.tenant).count() == 0
    assert client.get(address(meeting, f"invite/preview/{stranger.pk}/")).status_code == 404


# --- The guest list ----------------------------------------------------------------------------------------------
@pytest.fixture
def guests(sandefjord, meeting, kari):
    """Anne said yes, Bente no, Cato nothing (and has a telephone), Dag nothing and his mail failed."""
    faith, police = organisation(sandefjord, kind="faith"), organisation(sandefjord, kind="police")
    rows = [
        invitation(meeting, contact=contact(sandefjord, name=name, organisation=body, phone=phone))
        for name, body, phone in (
            ("Anne", faith, "+47 900 00 001"),
            ("Bente", police, ""),
            ("Cato", police, "+47 900 00 003"),
            ("Dag", faith, ""),
        )
    ]
    for row, state in zip(rows, ("accepted", "accepted", "queued", "failed"), strict=True):
        OutgoingMail.objects.create(
            tenant=sandefjord,
            kind="invitation",
            series="invitation",
            subject_id=row.pk,
            to_address="x@x.example",
            state=state,
        )
    say(rows[0], "tentative", "Kanskje")
    say(rows[0], "accepted", "Likevel ja")
    say(rows[1], "declined", "", "staff", kari)
    return rows


def test_the_list_counts_by_type_and_altogether(at_desk, kari, meeting, guests):
    facts = at_desk(kari).get(address(meeting, "invitations/")).context

    def numbers(tally):
        return (
            tally.invited,
            tally.sent,
            tally.accepted,
            tally.tentative,
            tally.declined,
            tally.silent,
            tally.to_call,
        )

    assert numbers(facts["total"]) == (4, 2, 1, 0, 1, 2, 2)
    assert [numbers(tally) for tally in facts["by_kind"]] == [(2, 1, 1, 0, 0, 1, 1), (2, 1, 0, 0, 1, 1, 1)]


def test_the_list_shows_the_standing_answer_with_its_comment(at_desk, kari, meeting, guests):
    rows = at_desk(kari).get(address(meeting, "invitations/") + "?sort=name").context["guests"]
    assert [(g.name, g.answer != "", g.comment, g.recorded_by, g.to_call) for g in rows] == [
        ("Anne", True, "Likevel ja", "", False),
        ("Bente", True, "", "Kari Koordinator", False),
        ("Cato", False, "", "", True),
        ("Dag", False, "", "", True),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("answer=accepted", ["Anne"]),
        ("answer=none", ["Cato", "Dag"]),
        ("kind=police", ["Bente", "Cato"]),
        ("mail=failed", ["Dag"]),
        ("q=ben", ["Bente"]),
        ("call=on", ["Cato", "Dag"]),
        ("answer=none&kind=faith", ["Dag"]),
        ("answer=nonsense&mail=nonsense", ["Anne", "Bente", "Cato", "Dag"]),
    ],
)
def test_the_list_is_filtered(at_desk, kari, meeting, guests, query, found):
    assert names(at_desk(kari).get(address(meeting, f"invitations/?sort=name&{query}"))) == found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Anne", "Bente", "Cato", "Dag"]),
        ("-name", ["Dag", "Cato", "Bente", "Anne"]),
        ("mail", ["Dag", "Cato", "Bente", "Anne"]),
        ("-answer", ["Bente", "Anne", "Cato", "Dag"]),
        ("answered", ["Anne", "Bente", "Cato", "Dag"]),
    ],
)
def test_the_list_is_sorted_and_says_so(at_desk, kari, meeting, guests, sort, order):
    response = at_desk(kari).get(address(meeting, f"invitations/?sort={sort}"))
    assert names(response) == order
    way = "descending" if sort.startswith("-") else "ascending"
    assert re.findall(r'aria-sort="(\w+)"', response.content.decode()) == [way]


def test_the_list_takes_the_same_four_queries_for_one_and_three_and_sixty(at_desk, kari, sandefjord, meeting):
    client, url = at_desk(kari), address(meeting, "invitations/")
    counts = []
    for more in (1, 2, 57):
        for _ in range(more):
            say(invitation(meeting, contact=contact(sandefjord)), "declined", "Beklager")
        counts.append(content_queries(client, url))
    assert counts == [4, 4, 4]
    assert (len(names(client.get(url))), len(names(client.get(url + "?page=2")))) == (50, 10)


def test_readers_are_refused_and_strangers_find_nothing(at_desk, leif, nils, meeting, guests):
    pages = ("invitations/", "invitations/export.csv", "invite/", "invite/preview/")
    assert [at_desk(leif).get(address(meeting, page)).status_code for page in pages] == [403] * 4
    assert [at_desk(nils).get(address(meeting, page)).status_code for page in pages] == [404] * 4


def test_a_minute_taker_sees_the_list_but_no_way_to_invite(at_desk, mina, meeting, guests):
    page = at_desk(mina).get(address(meeting, "invitations/")).content.decode()
    assert ("Anne" in page, "/withdraw/" in page, "/answer/" in page, "/invite/" in page) == (
        True,
        False,
        False,
        False,
    )


def test_withdrawn_invitations_are_off_the_list(at_desk, kari, meeting, guests):
    client = at_desk(kari)
    url = f"/t/sandefjord/invitations/{guests[0].pk}/withdraw/"
    assert client.get(url).status_code == 200
    assert names(client.get(address(meeting, "invitations/") + "?sort=name")) == [
        "Anne",
        "Bente",
        "Cato",
        "Dag",
    ]

    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302
    assert names(client.get(address(meeting, "invitations/") + "?sort=name")) == ["Bente", "Cato", "Dag"]
    assert Event.objects.of(meeting.tenant).get(pk=meeting.pk).seats_taken == 0


# --- Export ------------------------------------------------------------------------------------------------------
def test_the_export_is_a_csv_for_spreadsheets_and_stands_in_the_audit_trail(at_desk, kari, meeting, guests):
    client, url = at_desk(kari), address(meeting, "invitations/export.csv")
    body = client.get(f"{url}?sort=name").content

    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Anne", "Bente", "Cato", "Dag"]
    assert [row[5] for row in rows[1:]] == ["+47 900 00 001", "", "+47 900 00 003", ""]
    assert [row[9] for row in rows[1:]] == ["Likevel ja", "", "", ""]
    entries = AuditEntry.objects.of(meeting.tenant).filter(action="invitations.exported")
    assert list(entries.values_list("actor_id", "facts")) == [(kari.pk, {"title": "Samarbeidsforum"})]

    client.head(url)
    assert entries.count() == 1


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "＝1"])
def test_a_cell_that_looks_like_a_formula_is_disarmed(formula):
    assert guarded(formula) == f"'{formula}"


@pytest.mark.parametrize("kept", ["+47 900 00 001", "33 41 60 00", "(+47) 33", "Anne", "a-b@x.example", ""])
def test_telephone_numbers_and_plain_words_are_kept(kept):
    assert guarded(kept) == kept


def test_times_in_the_list_and_export_are_the_events_own(at_desk, kari, sandefjord):
    far = event(sandefjord, time_zone="Africa/Nairobi")
    row = invitation(far)
    at = dt.datetime(2026, 1, 5, 21, 30, tzinfo=dt.UTC)
    Invitation.objects.of(sandefjord).filter(pk=row.pk).update(reply="accepted", replied_at=at)
    client = at_desk(kari)

    assert "2026-01-06 00:30" in client.get(address(far, "invitations/export.csv")).content.decode()
    assert "00:30" in client.get(address(far, "invitations/")).content.decode()


# --- By telephone ------------------------------------------------------------------------------------------------
def test_staff_record_a_telephone_answer(at_desk, kari, meeting, guests):
    client, url = at_desk(kari), f"/t/sandefjord/invitations/{guests[2].pk}/answer/"
    assert client.get(url).status_code == 200
    response = client.post(url, {"answer": "accepted", "source": "phone", "comment": "Ringte"})

    assert response["Location"] == address(meeting, "invitations/")
    given = guests[2].answers.get()
    assert (given.reply, given.comment, given.source, given.recorded_by) == (
        "accepted",
        "Ringte",
        "phone",
        kari,
    )


def test_a_telephone_answer_to_a_full_meeting_is_refused_beside_the_field(at_desk, kari, meeting, guests):
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(capacity=1, waitlist="none")
    url = f"/t/sandefjord/invitations/{guests[2].pk}/answer/"
    response = at_desk(kari).post(url, {"answer": "accepted", "source": "phone", "comment": "Ringte"})

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["answer"])
    assert "Ringte" in response.content.decode()
    assert guests[2].answers.count() == 0


def test_a_telephone_answer_after_the_start_is_refused(at_desk, kari, meeting, guests):
    now = timezone.now()
    Event.objects.of(meeting.tenant).filter(pk=meeting.pk).update(
        starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1)
    )
    url = f"/t/sandefjord/invitations/{guests[2].pk}/answer/"
    response = at_desk(kari).post(url, {"answer": "declined", "source": "phone"})
    assert list(response.context["form"].errors) == ["__all__"]


def test_only_those_who_invite_record_answers_or_withdraw(at_desk, mina, nils, guests):
    pages = [f"/t/sandefjord/invitations/{guests[2].pk}/{verb}/" for verb in ("answer", "withdraw")]
    assert [at_desk(mina).post(page, {"answer": "accepted"}).status_code for page in pages] == [403, 403]
    assert [at_desk(nils).post(page, {"answer": "accepted"}).status_code for page in pages] == [404, 404]

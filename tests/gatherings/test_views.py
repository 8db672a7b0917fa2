"""The meeting pages as Kari (coordinator), Leif (reader) and Nils (of another municipality) meet them."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from events.directory.models import Organisation
from events.gatherings import services
from events.gatherings.models import Event, EventFormat
from tests.factories import contact, draft, event, invitation, measure, organisation, programme
from tests.gatherings.test_forms import LEAST, TIMES

MOVES = ("publish", "hold", "cancel")


@pytest.fixture
def page(client):
    """`page(kari, "event-list")` opens a page in English; data posts it."""

    def open_page(who, name, at=None, post=None, query="", **kwargs):
        if who is not None:
            who.language = "en"
            who.save()
            client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        tenant = at or who.memberships.get().tenant
        address = reverse(name, kwargs={"tenant": tenant.slug, **kwargs}) + query
        return client.get(address) if post is None else client.post(address, post)

    return open_page


def titles(response):
    return [row.title for row in response.context["page_obj"]]


def text(response):
    """The words of <main>, without tags."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


# --- the list -------------------------------------------------------------------------------------------------------
@pytest.fixture
def shelves(sandefjord):
    """One event of each kind of the list, named after where it belongs."""
    now = timezone.now()
    gone = {"starts_at": now - dt.timedelta(days=2), "ends_at": now - dt.timedelta(days=1), "answer_by": None}
    draft(sandefjord, title="Utkast")
    event(sandefjord, title="Kommer")
    event(sandefjord, title="Over", **gone)
    event(sandefjord, title="Holdt", state="held", **{**gone, "starts_at": now - dt.timedelta(days=3)})
    event(sandefjord, title="Avlyst", state="cancelled")
    event(
        sandefjord,
        title="Vag",
        state="held",
        starts_at=None,
        ends_at=None,
        answer_by=None,
        vague_from=dt.date(2014, 10, 1),
        vague_precision="month",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Kommer"]),
        ("?show=upcoming", ["Kommer"]),
        ("?show=drafts", ["Utkast"]),
        ("?show=past", ["Avlyst", "Over", "Holdt", "Vag"]),
        ("?show=nonsense", ["Kommer"]),
        ("?show=past&q=HOLDT", ["Holdt"]),
        ("?show=past&q=holdt+avlyst", []),
        ("?show=past&q=sandefjord+hol", ["Holdt"]),
        ("?page=99", ["Kommer"]),
        ("?page=x", ["Kommer"]),
        ("?q=%00", ["Kommer"]),
    ],
)
def test_each_meeting_stands_in_its_own_list(page, leif, shelves, query, expected):
    assert titles(page(leif, "event-list", query=query)) == expected


def test_search_does_not_mind_letter_case_and_accents(page, kari, sandefjord):
    event(sandefjord, title="Møte på Ålesund kafé")
    assert titles(page(kari, "event-list", query="?q=ALESUND+KAFE+møte")) == ["Møte på Ålesund kafé"]


def test_a_vague_date_is_shown_in_words(page, kari, shelves):
    assert "October 2014" in text(page(kari, "event-list", query="?show=past"))


@pytest.mark.parametrize("query", ["", "?show=drafts", "?show=past"])
def test_the_list_takes_as_many_queries_for_three_meetings_as_for_one(
    page, kari, sandefjord, django_assert_num_queries, django_assert_max_num_queries, query
):
    states = {"": "published", "?show=drafts": "draft", "?show=past": "cancelled"}
    add_one(sandefjord, states[query])
    page(kari, "event-list", query=query)
    with django_assert_max_num_queries(5) as one:  # session and user, membership, and at most 4 for content
        page_again(page, "event-list", sandefjord, query)
    for _ in range(2):
        add_one(sandefjord, states[query])
    with django_assert_num_queries(len(one.captured_queries)):
        response = page_again(page, "event-list", sandefjord, query)
    assert len(titles(response)) == 3


def add_one(tenant, state):
    """A meeting in a format of its own, which the list names."""
    name = f"Form {EventFormat.objects.of(tenant).count()}"
    event(tenant, state=state, format=EventFormat.objects.create(tenant=tenant, name=name))


def page_again(page, name, tenant, query):
    return page(None, name, at=tenant, query=query)


def test_fifty_meetings_stand_on_a_page(page, kari, sandefjord):
    for _ in range(51):
        event(sandefjord)
    assert len(titles(page(kari, "event-list"))) == 50
    assert len(titles(page(kari, "event-list", query="?page=2"))) == 1


@pytest.mark.parametrize(("query", "words"), [("", "No meetings ahead"), ("?q=x", "No meeting found")])
def test_an_empty_list_says_what_to_do(page, kari, query, words):
    assert words in text(page(kari, "event-list", query=query))


# --- who may do what ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["event-detail", "event-edit", *(f"event-{move}" for move in MOVES)])
@pytest.mark.parametrize("post", [None, {}])
def test_the_meeting_of_another_municipality_does_not_exist(page, nils, kristiansand, sandefjord, name, post):
    row = draft(sandefjord)
    assert page(nils, name, at=sandefjord, post=post, pk=row.pk).status_code == 404
    if not (name == "event-detail" and post is not None):
        assert page(nils, name, at=kristiansand, post=post, pk=row.pk).status_code == 404
    assert Event.objects.of(sandefjord).get().state == "draft"


@pytest.mark.parametrize("name", ["event-edit", *(f"event-{move}" for move in MOVES)])
@pytest.mark.parametrize("post", [None, {}])
def test_a_reader_changes_nothing(page, leif, sandefjord, name, post):
    row = draft(sandefjord)
    assert page(leif, name, post=post, pk=row.pk).status_code == 403


def test_a_reader_sees_the_meeting_but_neither_guests_nor_buttons(page, kari, leif, sandefjord):
    row = event(sandefjord)
    invitation(row, contact=contact(sandefjord, name="Fatima Gjest"))
    services.change(
        row, by=kari, facts={"purpose": "Trygghet"}, hosts=(), measures=(), programme=(), format_name=""
    )
    mine, theirs = page(kari, "event-detail", pk=row.pk), page(leif, "event-detail", pk=row.pk)
    for words in ("Trygghet", "Sentrum, Sandefjord"):
        assert words in text(mine)
        assert words in text(theirs)
    for words in ("Cancel the meeting", "Invitations and answers", "Kari Koordinator changed"):
        assert words in text(mine)
        assert words not in text(theirs)
    assert "Fatima Gjest" not in theirs.content.decode()


@pytest.mark.parametrize("move", MOVES)
def test_opening_the_page_of_a_move_changes_nothing(page, kari, sandefjord, move):
    row = draft(sandefjord)
    assert page(kari, f"event-{move}", pk=row.pk).status_code == 200
    assert Event.objects.of(sandefjord).get().state == "draft"


# --- one meeting ----------------------------------------------------------------------------------------------------
def test_the_overview_says_in_words_who_sees_how_much_of_the_place(page, kari, sandefjord):
    shown = text(page(kari, "event-detail", pk=event(sandefjord, district="Sentrum").pk))
    assert "The public sees Sandefjord Invitees see before they accept Sentrum, Sandefjord" in shown
    assert "Those who accept see Sandefjord rådhus, Møterom 3, Rådhusgata 1, Sentrum, Sandefjord" in shown


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("draft", ["Publish", "Change", "Repeat", "Cancel the meeting"]),
        ("published", ["Invite", "Change", "Cancel the meeting", "Lock this event"]),
        ("held", ["Lock this event"]),
        ("cancelled", []),
    ],
)
def test_the_overview_offers_what_the_state_allows(page, kari, sandefjord, state, offered):
    response = page(kari, "event-detail", pk=event(sandefjord, state=state).pk)
    head = response.content.decode().partition("page-head")[2].partition("<nav")[0]
    assert re.findall(r'class="ds-button"[^>]*>([^<]+)<', head) == offered


def test_a_meeting_can_be_marked_as_held_from_its_day_on(page, kari, sandefjord):
    now = timezone.now()
    row = event(sandefjord, starts_at=now, ends_at=now + dt.timedelta(hours=1), answer_by=None)
    shown = (
        page(kari, "event-detail", pk=row.pk).content.decode().partition("page-head")[2].partition("<nav")[0]
    )
    assert re.findall(r'class="ds-button"[^>]*>([^<]+)<', shown) == [
        "Mark as held",
        "Change",
        "Cancel the meeting",
        "Lock this event",
    ]
    response = page(kari, "event-hold", pk=row.pk, post={})
    assert response.status_code == 302
    assert Event.objects.of(sandefjord).get().state == "held"


def test_the_history_is_told_in_words_latest_first(page, kari, sandefjord):
    row = draft(sandefjord, title="Møtet")
    services.publish(row, by=kari)
    services.cancel(row, by=kari, reason="Snø")
    shown = text(page(kari, "event-detail", pk=row.pk)).partition("History")[2]
    assert re.findall(r"Kari Koordinator \w+ “Møtet”", shown) == [
        "Kari Koordinator cancelled “Møtet”",
        "Kari Koordinator published “Møtet”",
    ]
    assert "Cancelled: Snø" in text(page(kari, "event-detail", pk=row.pk))


def test_one_meeting_takes_the_same_queries_with_more_in_it(
    page, kari, sandefjord, django_assert_num_queries
):
    row = draft(sandefjord)

    def fill(n):
        services.change(
            row,
            by=kari,
            facts={},
            hosts=[organisation(sandefjord) for _ in range(n)],
            measures=[measure(sandefjord) for _ in range(n)],
            programme=[{"title": f"{i}", "speakers": [{"name": "Kari"}, {"name": "Ola"}]} for i in range(n)],
            format_name="",
        )

    fill(1)
    page(kari, "event-detail", pk=row.pk)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        page(None, "event-detail", at=sandefjord, pk=row.pk)
    fill(3)
    with django_assert_num_queries(len(one.captured_queries)):
        page(None, "event-detail", at=sandefjord, pk=row.pk)


# --- making and changing --------------------------------------------------------------------------------------------
def test_a_meeting_is_made_from_one_form_and_shown(page, kari, sandefjord):
    organisation(sandefjord, name="Sandefjord kommune", kind="municipal")
    planned = measure(sandefjord)
    post = {
        **LEAST,
        **TIMES,
        "start_date": f"{timezone.localdate() + dt.timedelta(days=30)}",
        "format_name": "Utvidet politiråd",
        "venue": "Rådhuset",
        "chair": "Ordføreren",
        "capacity": "40",
        "hosts-0-name": "Sandefjord kommune",
        "measures": [planned.pk],
        "programme-0-title": "Velkommen",
        "programme-0-starts": "17:00",
        "programme-0-speakers": "Kari Nordmann, ordfører",
    }
    response = page(kari, "event-create", post=post)
    made = Event.objects.of(sandefjord).get()
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("event-detail", kwargs={"tenant": "sandefjord", "pk": made.pk}),
    )
    shown = text(page(kari, "event-detail", pk=made.pk))
    for words in (
        "Dialogmøte",
        "Utvidet politiråd",
        "17:00–19:00",
        "Rådhuset",
        "Ordføreren",
        "40",
        str(planned),
    ):
        assert words in shown
    assert "Kari Nordmann" in shown


def test_a_double_click_on_save_makes_one_draft(page, kari, sandefjord):
    key = re.search(r'name="key" value="([^"]+)"', page(kari, "event-create").content.decode())
    assert key is not None
    for _ in range(2):
        assert page(kari, "event-create", post={**LEAST, "key": key[1]}).status_code == 302
    page(kari, "event-create", post={**LEAST, "key": key[1], "purpose": "Et annet møte"})
    assert Event.objects.of(sandefjord).count() == 2


def test_wrong_input_keeps_all_that_was_typed_and_leads_to_the_field(page, kari, sandefjord):
    response = page(
        kari,
        "event-create",
        post={
            **LEAST,
            **TIMES,
            "end_time": "16:00",
            "purpose": "Skrevet <b>lenge</b>",
            "hosts-0-name": "Ukjent",
        },
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert not Event.objects.of(sandefjord).exists()
    assert 'href="#id_end_time"' in html
    assert 'href="#id_hosts-0-name"' in html
    assert "Skrevet &lt;b&gt;lenge&lt;/b&gt;" in html
    assert 'value="16:00"' in html
    assert 'value="Ukjent"' in html


def test_another_row_is_added_without_saving_or_scolding(page, kari, sandefjord):
    response = page(
        kari, "event-create", post={**LEAST, "title": "", "programme-0-title": "A", "add": "programme"}
    )
    html = response.content.decode()
    assert 'name="programme-1-title"' in html
    assert re.search(r'name="programme-1-title"[^>]*autofocus', html)
    assert "error-summary" not in html
    assert not Event.objects.of(sandefjord).exists()


def form_of(row, **values):
    """What the edit form of `row` posts, with `values` typed over it."""
    return {
        **LEAST,
        "title": row.title,
        "start_date": f"{row.starts_local:%Y-%m-%d}",
        "start_time": f"{row.starts_local:%H:%M}",
        "end_time": f"{row.ends_local:%H:%M}",
        **{name: getattr(row, name) for name in ("venue", "room", "address", "district", "city")},
        "deadline_date": f"{row.answer_by_local:%Y-%m-%d}",
        "deadline_time": f"{row.answer_by_local:%H:%M}",
        "version": row.changed_at.isoformat(),
        **values,
    }


def test_a_new_time_without_anybody_invited_is_saved_and_leads_nowhere_else(page, kari, sandefjord):
    row = event(sandefjord)
    assert "you choose on the next page who of those invited is told" in text(
        page(kari, "event-edit", pk=row.pk)
    )
    response = page(kari, "event-edit", pk=row.pk, post=form_of(row, end_time="20:00"))
    assert response.headers["Location"] == f"/t/sandefjord/events/{row.pk}/"
    shown = page(kari, "event-detail", pk=row.pk).content.decode()
    assert Event.objects.of(sandefjord).get().sequence == 1
    assert ("The changes are saved." in shown, "Tell those invited" in shown) == (True, False)


def test_a_typing_error_put_right_says_only_that_it_is_saved(page, kari, sandefjord):
    row = event(sandefjord)
    page(kari, "event-edit", pk=row.pk, post=form_of(row, title="Bedre tittel"))
    shown = page(kari, "event-detail", pk=row.pk).content.decode()
    assert "The changes are saved." in shown
    assert "Tell those invited" not in shown
    assert Event.objects.of(sandefjord).get().sequence == 0


def test_two_who_change_at_once_lose_nothing(page, kari, sandefjord):
    row = draft(sandefjord, title="Gammel")
    mine = form_of(row, title="Min", purpose="Mitt formål")
    services.change(
        Event.objects.of(sandefjord).get(),
        by=kari,
        facts={"title": "Deres"},
        hosts=(),
        measures=(),
        programme=(),
        format_name="",
    )
    told = page(kari, "event-edit", pk=row.pk, post=mine)
    html = told.content.decode()
    assert Event.objects.of(sandefjord).get().title == "Deres"
    assert "Somebody else has changed this meeting" in text(told)
    assert 'value="Min"' in html
    assert "Mitt formål" in html
    version = re.search(r'name="version" value="([^"]+)"', html)
    assert version is not None
    assert page(kari, "event-edit", pk=row.pk, post={**mine, "version": version[1]}).status_code == 302
    assert Event.objects.of(sandefjord).get().title == "Min"


def test_a_double_click_on_save_of_a_change_is_harmless(page, kari, sandefjord):
    organisation(sandefjord, name="Politiet")
    row = event(sandefjord)
    twice = form_of(row, end_time="20:00", **{"programme-0-title": "Ny", "hosts-0-name": "Politiet"})
    for _ in range(2):
        assert page(kari, "event-edit", pk=row.pk, post=twice).status_code == 302
    kept = Event.objects.of(sandefjord).get()
    assert (kept.sequence, kept.programme.count(), kept.host_links.count()) == (1, 1, 1)
    shown = text(page(kari, "event-detail", pk=row.pk))
    assert shown.count("changed the time or place") == 1


def test_a_form_without_a_version_overwrites_nothing(page, kari, sandefjord):
    row = draft(sandefjord, title="Gammel")
    response = page(kari, "event-edit", pk=row.pk, post=form_of(row, title="Ny", version=""))
    assert (response.status_code, Event.objects.of(sandefjord).get().title) == (200, "Gammel")


def test_fewer_seats_than_are_taken_are_refused_at_the_field(page, kari, sandefjord):
    row = event(sandefjord, capacity=20, seats_taken=12)
    response = page(kari, "event-edit", pk=row.pk, post=form_of(row, capacity="5", title="Ny"))
    html = response.content.decode()
    assert 'href="#id_capacity"' in html
    assert "12 seats are taken" in html
    assert 'value="Ny"' in html
    assert Event.objects.of(sandefjord).get().capacity == 20


def test_a_published_meeting_cannot_lose_its_place(page, kari, sandefjord):
    row = event(sandefjord)
    response = page(
        kari, "event-edit", pk=row.pk, post=form_of(row, venue="", start_date="", start_time="", end_time="")
    )
    assert response.status_code == 200
    html = response.content.decode()
    assert 'href="#id_venue"' in html
    assert 'href="#id_start_date"' in html
    assert Event.objects.of(sandefjord).get().venue == "Sandefjord rådhus"


@pytest.mark.parametrize("state", ["held", "cancelled"])
@pytest.mark.parametrize("post", [None, LEAST])
def test_the_form_of_a_closed_meeting_leads_back_with_a_sentence(page, kari, sandefjord, state, post):
    row = event(sandefjord, state=state, title="Før")
    response = page(kari, "event-edit", pk=row.pk, post=post)
    assert response.status_code == 302
    assert "can no longer be changed" in page(kari, "event-detail", pk=row.pk).content.decode()
    assert Event.objects.of(sandefjord).get().title == "Før"


# --- moves ----------------------------------------------------------------------------------------------------------
def test_publishing_without_time_and_place_names_the_fields_and_leads_to_them(page, kari, sandefjord):
    row = services.create(tenant=sandefjord, by=kari, facts={"title": "Dialogmøte"})
    edit = reverse("event-edit", kwargs={"tenant": "sandefjord", "pk": row.pk})
    for post in (None, {"yes": ""}):
        html = page(kari, "event-publish", pk=row.pk, post=post).content.decode()
        assert f'href="{edit}#id_start_date"' in html
        assert f'href="{edit}#id_venue"' in html
    assert Event.objects.of(sandefjord).get().state == "draft"
    for field in ("start_date", "venue"):
        assert f'id="id_{field}"' in page(kari, "event-edit", pk=row.pk).content.decode()


def test_a_double_click_on_publish_or_cancel_is_harmless(page, kari, sandefjord):
    row = draft(sandefjord)
    for _ in range(2):
        assert page(kari, "event-publish", pk=row.pk, post={}).status_code == 302
    for _ in range(2):
        assert page(kari, "event-cancel", pk=row.pk, post={"reason": "Snø"}).status_code == 302
    kept = Event.objects.of(sandefjord).get()
    assert (kept.state, kept.sequence, kept.cancel_reason) == ("cancelled", 1, "Snø")
    assert "can no longer be done" not in page(kari, "event-detail", pk=row.pk).content.decode()


def test_a_move_that_comes_too_late_is_refused_with_a_sentence(page, kari, sandefjord):
    row = event(sandefjord, state="cancelled")
    assert page(kari, "event-publish", pk=row.pk, post={}).status_code == 302
    assert (
        "is cancelled, so this can no longer be done"
        in page(kari, "event-detail", pk=row.pk).content.decode()
    )


@pytest.mark.parametrize("reason", ["x" * 301, "NUL\x00"])
def test_a_reason_too_long_or_broken_is_an_error_and_kept(page, kari, sandefjord, reason):
    row = event(sandefjord)
    response = page(kari, "event-cancel", pk=row.pk, post={"reason": reason})
    assert response.status_code == 200
    assert 'href="#id_reason"' in response.content.decode()
    assert Event.objects.of(sandefjord).get().state == "published"


def test_the_form_stays_quick_with_a_thousand_organisations(
    page, kari, sandefjord, django_assert_max_num_queries
):
    Organisation.objects.bulk_create(
        Organisation(tenant=sandefjord, name=f"Forening nummer {n}", kind="ngo") for n in range(1000)
    )
    row = draft(sandefjord)
    programme(row, "A", "B", "C")
    page(kari, "event-edit", pk=row.pk)
    with django_assert_max_num_queries(14):  # two of them for the measures of items
        response = page(None, "event-edit", at=sandefjord, pk=row.pk)
    assert response.content.decode().count("Forening nummer") == 1000

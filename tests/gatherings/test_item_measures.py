"""An item of the agenda says which measures it is about: for our own staff alone (issue 6, points 3 and 5)."""

import pytest

from events.gatherings import services as gatherings
from events.gatherings.forms import Entry
from events.gatherings.models import ProgrammeItem
from events.gatherings.programme import is_as_given, set_programme
from events.gatherings.series.peers import unchanged_after
from events.gatherings.visibility import Audience, seen
from events.plans.models import Plan
from invites.invitations.services import invite
from minutes.records import services as records
from tests.factories import contact, draft, event, measure, measure_of_plan, programme, staff
from tests.gatherings.test_forms import typed
from tests.queries import queries_of
from tests.records.scene import address, forum
from tests.series.stage import made

SECRET = "Tiltaket ingen gjest ser"


@pytest.fixture
def aim(sandefjord):
    return measure(sandefjord, title=SECRET)


def about(item):
    return [link.measure_id for link in item.measure_links.all()]


def item(title, **facts):
    return {"title": title, **facts}


def test_an_item_is_about_the_measures_it_names_and_a_second_call_changes_nothing(sandefjord, aim):
    meeting, other = event(sandefjord), measure(sandefjord)
    rows = [item("Lys", measures=[other.pk, aim.pk]), item("Kaffe", measures=[])]
    for _twice in range(2):
        set_programme(meeting, rows)
        assert [set(about(row)) for row in meeting.programme.all()] == [{aim.pk, other.pk}, set()]
    assert is_as_given(meeting, [], [], rows)
    assert not is_as_given(meeting, [], [], [item("Lys", measures=[aim.pk]), rows[1]])


def test_an_item_keeps_its_measures_where_nothing_is_said_of_them(sandefjord, aim):
    meeting = event(sandefjord)
    set_programme(meeting, [item("Lys", measures=[aim.pk])])
    row = meeting.programme.get()
    set_programme(meeting, [item("Mer lys", id=row.pk)])
    assert about(meeting.programme.get()) == [aim.pk]
    set_programme(meeting, [item("Mer lys", id=row.pk, measures=[])])
    assert about(meeting.programme.get()) == []


def test_another_tenants_measure_is_refused(sandefjord, kristiansand):
    theirs = measure(kristiansand)
    with pytest.raises(ValueError, match="tenant's measures"):
        set_programme(event(sandefjord), [item("Lys", measures=[theirs.pk])])


# --- the form -------------------------------------------------------------------------------------------------------
def entry(at, by, of=None, **values):
    return Entry(typed(**{"programme-0-title": "Lys", **values}), tenant=at, by=by, event=of)


def test_the_form_chooses_and_shows_them(sandefjord, kari, aim, at_desk):
    filled = entry(sandefjord, kari, **{"programme-0-measures": [str(aim.pk)]})
    assert filled.is_valid()
    meeting = draft(sandefjord)
    gatherings.change(meeting, by=kari, **filled.given())
    assert about(meeting.programme.get()) == [aim.pk]
    page = at_desk(kari).get(address("event-edit", meeting)).content.decode()
    box = next(part for part in page.split("<input") if 'name="programme-0-measures"' in part)
    assert "checked" in box
    assert SECRET in at_desk(kari).get(address("event-detail", meeting)).content.decode()


@pytest.mark.parametrize("state", ["draft", "superseded"])
def test_the_form_refuses_what_is_not_in_force_and_keeps_what_was_chosen(sandefjord, kari, state):
    other = measure_of_plan(sandefjord, key="annen", plan_title="Annen plan", title="Skjult")
    over = {"ended_on": "2026-01-01"} if state == "superseded" else {}
    Plan.objects.of(sandefjord).filter(pk=other.plan_id).update(state=state, **over)
    chosen = {"programme-0-measures": [str(other.pk)]}
    refused = entry(sandefjord, kari, **chosen)
    assert not refused.is_valid()
    assert set(refused.programme.forms[0].errors) == {"measures"}
    assert "Skjult" not in str(refused.programme.forms[0])
    meeting = draft(sandefjord)
    set_programme(meeting, [item("Lys", measures=[other.pk])])
    assert entry(sandefjord, kari, of=meeting, **chosen).is_valid()


@pytest.mark.parametrize("typed_id", ["x", "9" * 30, "-1", "999999"])
def test_what_is_no_measure_is_refused_at_its_field(sandefjord, kari, aim, typed_id):
    filled = entry(sandefjord, kari, **{"programme-0-measures": [typed_id]})
    assert not filled.is_valid()
    assert set(filled.programme.forms[0].errors) == {"measures"}


def test_a_row_in_which_only_a_measure_is_chosen_asks_for_its_title(sandefjord, kari, aim):
    filled = entry(sandefjord, kari, **{"programme-0-title": "", "programme-0-measures": [str(aim.pk)]})
    assert not filled.is_valid()
    assert set(filled.programme.forms[0].errors) == {"title"}


def test_another_row_keeps_what_was_ticked(sandefjord, kari, aim, at_desk):
    meeting = draft(sandefjord)
    sent = typed(**{"programme-0-title": "Lys", "programme-0-measures": [str(aim.pk)], "add": "programme"})
    page = at_desk(kari).post(address("event-edit", meeting), sent).content.decode()
    boxes = [part.split(">")[0] for part in page.split("<input") if "-measures" in part.split(">")[0]]
    assert ["checked" in box for box in boxes if "programme-" in box] == [True, False]


def test_the_form_takes_the_same_queries_for_three_items_as_for_one(sandefjord, kari, aim, at_desk):
    meeting, desk = draft(sandefjord), at_desk(kari)
    set_programme(meeting, [item("a", measures=[aim.pk])])
    pages = [address("event-edit", meeting), address("event-detail", meeting)]
    one = [queries_of(desk, page) for page in pages]
    set_programme(meeting, [item(name, measures=[aim.pk, measure(sandefjord).pk]) for name in "abc"])
    assert [queries_of(desk, page) for page in pages] == one


# --- copies ---------------------------------------------------------------------------------------------------------
def test_the_other_meetings_of_a_series_have_them_too(sandefjord, kari, aim):
    first = draft(sandefjord)
    set_programme(first, [item("Lys", measures=[aim.pk]), item("Kaffe")])
    series = made(first, by=kari, count=3)
    told = [[about(row) for row in one.programme.all()] for one in series.occurrences.all()]
    assert told == [[[aim.pk], []]] * 3


@pytest.mark.parametrize(
    "facts", [{"level": "internal"}, {"kind": "decision"}, {"papers": "https://x.example/"}]
)
def test_a_meeting_whose_item_was_changed_by_itself_is_not_overwritten_by_its_series(sandefjord, kari, facts):
    first = draft(sandefjord)
    programme(first, "Lys")
    rows = list(made(first, by=kari, count=3).occurrences.order_by("recurrence_at"))
    ProgrammeItem.objects.of(sandefjord).filter(event=rows[1]).update(**facts)
    assert unchanged_after(rows[0]) == [rows[2]]


def test_a_meeting_whose_item_is_about_something_else_is_not_overwritten_by_its_series(sandefjord, kari, aim):
    first = draft(sandefjord)
    programme(first, "Lys")
    rows = list(made(first, by=kari, count=3).occurrences.order_by("recurrence_at"))
    rows[1].programme.get().measure_links.create(tenant=sandefjord, measure=aim)
    assert unchanged_after(rows[0]) == [rows[2]]


# --- who sees it ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("audience", list(Audience))
def test_it_is_no_part_of_what_an_audience_sees(sandefjord, aim, audience):
    meeting = event(sandefjord)
    set_programme(meeting, [item("Lys", level="public", measures=[aim.pk])])
    assert SECRET not in repr(seen(meeting, audience))


def test_it_is_in_no_mail_on_no_page_of_an_invitee_and_in_no_calendar(sandefjord, kari, client, aim):
    from invites.invitations.mails import compose_invitations
    from invites.invitations.models import Invitation
    from invites.post.models import OutgoingMail

    meeting = event(sandefjord, is_public=True)
    set_programme(meeting, [item("Lys", level="public", measures=[aim.pk])])
    invite(meeting, by=kari, contacts=[contact(sandefjord)])
    [mail] = OutgoingMail.objects.of(sandefjord)
    letter = compose_invitations([mail])[mail.pk]
    token = Invitation.objects.of(sandefjord).get().token
    pages = [f"/rsvp/{token}/", f"/events/{meeting.uid}/", "/calendar/public/sandefjord.ics", "/"]
    told = [client.get(page).content.decode() for page in pages]
    for words in (letter.text, letter.html, letter.calendar.decode(), *told):
        assert SECRET not in words
    assert "Lys" in letter.text


def test_a_reader_gets_no_measures_of_an_item_he_may_not_read(sandefjord, aim, at_desk):
    meeting = event(sandefjord)
    set_programme(meeting, [item("Hemmelig sak", level="restricted", measures=[aim.pk])])
    page = at_desk(staff(sandefjord, "reader")).get(address("event-detail", meeting)).content.decode()
    assert SECRET not in page


def test_the_minutes_form_shows_them_beside_the_item(sandefjord, mina, aim, at_desk):
    meeting = forum(sandefjord)
    meeting.programme.first().measure_links.create(tenant=sandefjord, measure=aim)
    records.open_minutes(meeting, by=mina)
    page = at_desk(mina).get(address("minutes-edit", meeting))
    rows = page.context["parts"].sections["items"].forms
    assert [form.about for form in rows] == [[str(aim)], []]
    assert f": {aim}</p>" in page.content.decode()

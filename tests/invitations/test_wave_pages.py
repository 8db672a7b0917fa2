"""When invitations go out, asked on the preview and told on the pages of the waves; and asking an organisation."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events.directory.groups.rules import Rule
from events.directory.labels.models import ContactTag
from events.directory.models import Contact
from events.gatherings.models import Event
from invites.invitations.choosing import offers
from invites.invitations.mails import preview
from invites.invitations.models import Invitation
from invites.invitations.waves import sending, services
from invites.invitations.waves.models import Wave, WaveMember
from invites.invitations.waves.timing import Timing
from invites.post import outbox
from tests.factories import contact, event, group, invitation, organisation, organisation_type, tag
from tests.queries import queries_of

OSLO = ZoneInfo("Europe/Oslo")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Samarbeidsforum")


@pytest.fixture
def clock(monkeypatch):
    def at(text):
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    return at


@pytest.fixture
def quiet(sandefjord):
    """Sandefjord sends no mails between 20 and 7 and at weekends."""
    sandefjord.quiet_from, sandefjord.quiet_until, sandefjord.quiet_weekends = dt.time(20), dt.time(7), True
    sandefjord.save()


@pytest.fixture
def far(sandefjord):
    """A meeting in May 2027 with answers until April is over, so that clocks change before it."""
    starts = dt.datetime(2027, 12, 6, 17, tzinfo=OSLO)
    return event(
        sandefjord,
        title="Langt fram",
        starts_at=starts,
        ends_at=starts + 2 * dt.timedelta(hours=1),
        answer_by=starts,
    )


def address(row, end=""):
    return f"/t/{row.tenant.slug}/events/{row.pk}/{end}"


def send(client, row, *people, **fields):
    when = {f"when-{name}": value for name, value in fields.items()}
    return client.post(
        address(row, "invite/send/"), {"contacts": ",".join(str(one.pk) for one in people), **when}
    )


def waves(row):
    return list(Wave.objects.of(row.tenant_id).filter(event=row))


def invited(row):
    return Invitation.objects.of(row.tenant_id).filter(event=row).count()


def errors(response):
    """The fields with errors on the preview that came back."""
    assert response.status_code == 200
    return list(response.context["when_form"].errors)


def planned(row, by, *people, days=3, **how):
    timing = Timing(timezone.now() + days * DAY, **how)
    return services.arrange(row, by=by, contacts=people, timing=timing).wave


# --- Saying when -------------------------------------------------------------------------------------------------
def test_a_time_of_ones_choice_plans_a_wave_on_the_meetings_own_clock(at_desk, kari, sandefjord, meeting):
    people = [contact(sandefjord), contact(sandefjord)]
    day = timezone.localdate() + 5 * DAY
    response = send(
        at_desk(kari), meeting, *people, choice="at", date=f"{day}", time="09:30", name="Ordføreren først"
    )
    assert response["Location"] == address(meeting, "waves/")
    (wave,) = waves(meeting)
    assert (wave.due_at, wave.name) == (dt.datetime.combine(day, dt.time(9, 30), OSLO), "Ordføreren først")
    assert (invited(meeting), WaveMember.objects.of(sandefjord).count()) == (0, 2)
    page = at_desk(kari).get(address(meeting, "waves/")).content.decode()
    assert ("Ordføreren først" in page, "09:30" in page, "2 kontakter" in page) == (True, True, True)


def test_days_after_the_last_wave(at_desk, kari, sandefjord, meeting):
    client = at_desk(kari)
    first = planned(meeting, kari, contact(sandefjord), days=2)
    send(client, meeting, contact(sandefjord), choice="after", days="3")
    second = waves(meeting)[1]
    assert (second.after, second.after_days) == (first, 3)
    begins, follows = (w.due_at.astimezone(OSLO).replace(tzinfo=None) for w in (first, second))
    assert follows - begins == 3 * DAY


def test_joining_a_planned_wave(at_desk, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord))
    send(at_desk(kari), meeting, contact(sandefjord), choice=f"join-{wave.pk}")
    assert (len(waves(meeting)), wave.members.count(), invited(meeting)) == (1, 2, 0)


def test_without_a_choice_it_is_now(at_desk, kari, sandefjord, meeting):
    assert send(at_desk(kari), meeting, contact(sandefjord))["Location"] == address(meeting, "invitations/")
    assert (invited(meeting), [wave.state for wave in waves(meeting)]) == (1, ["sent"])


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"choice": "at"}, ["date", "time"]),
        ({"choice": "at", "date": "2027-11-01"}, ["time"]),
        ({"choice": "at", "time": "10:00"}, ["date"]),
        ({"choice": "at", "date": "i morgen", "time": "10:00"}, ["date"]),
        ({"choice": "at", "date": "2027-11-01", "time": "25:00"}, ["time"]),
        ({"choice": "at", "date": "2027-03-28", "time": "02:30"}, ["time"]),  # clocks go forward
        ({"choice": "at", "date": "2027-10-31", "time": "02:30"}, ["time"]),  # it comes twice
        ({"choice": "at", "date": "2020-01-06", "time": "10:00"}, ["time"]),  # passed
        ({"choice": "at", "date": "2027-12-06", "time": "17:00"}, ["time"]),  # begun
        ({"choice": "after", "days": ""}, ["choice"]),  # nothing to come after
        ({"choice": "join-1"}, ["choice"]),
        ({"choice": "nonsense"}, ["choice"]),
        ({"choice": "now", "date": "2027-11-01"}, ["choice"]),  # what was typed is not passed over
        ({"choice": "now", "name": "x" * 101}, ["name"]),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_nothing_typed_is_lost(
    at_desk, kari, sandefjord, far, fields, at
):
    one = contact(sandefjord, name="Anne")
    response = send(at_desk(kari), far, one, **fields)
    assert (errors(response), waves(far), invited(far)) == (at, [], 0)
    page = response.content.decode()
    typed = [value for name, value in fields.items() if name != "choice" and value]
    assert all(f'value="{value}"' in page for value in typed)
    assert response.context["contacts"] == str(one.pk)


def test_the_mail_is_still_shown_beside_what_is_wrong(at_desk, kari, sandefjord, far):
    response = send(at_desk(kari), far, contact(sandefjord), choice="at")
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_an_hour_that_comes_twice_is_asked_about_once_more(at_desk, kari, sandefjord, far):
    client, one = at_desk(kari), contact(sandefjord)
    fields = {"choice": "at", "date": "2027-10-31", "time": "02:30"}
    assert 'name="when-which"' in send(client, far, one, **fields).content.decode()
    send(client, far, one, **fields, which="second")
    assert waves(far)[0].due_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_a_time_after_the_answer_deadline_is_refused(at_desk, kari, sandefjord, meeting):
    day = meeting.answer_by_local.date()
    response = send(at_desk(kari), meeting, contact(sandefjord), choice="at", date=f"{day}", time="23:00")
    assert (errors(response), waves(meeting)) == (["time"], [])


@pytest.mark.parametrize(
    ("days", "fits"), [("1", True), ("60", False), ("0", False), ("61", False), ("x", False)]
)
def test_days_that_lead_past_the_deadline_or_nowhere_are_refused(
    at_desk, kari, sandefjord, meeting, days, fits
):
    planned(meeting, kari, contact(sandefjord), days=2)
    response = send(at_desk(kari), meeting, contact(sandefjord), choice="after", days=days)
    assert (response.status_code == 302, len(waves(meeting))) == (fits, 2 if fits else 1)
    assert fits or errors(response) == ["days"]


def test_days_typed_beside_another_choice_are_not_passed_over(at_desk, kari, sandefjord, meeting):
    planned(meeting, kari, contact(sandefjord), days=2)
    response = send(at_desk(kari), meeting, contact(sandefjord), choice="now", days="3")
    assert (errors(response), 'value="3"' in response.content.decode()) == (["choice"], True)
    assert (len(waves(meeting)), invited(meeting)) == (1, 0)


# --- Quiet hours -------------------------------------------------------------------------------------------------
def test_in_the_evening_the_page_says_when_the_mails_go_out_before_sending(
    at_desk, kari, sandefjord, far, quiet, clock
):
    one = contact(sandefjord)
    clock("2027-05-21T21:00")  # a Friday
    client = at_desk(kari)
    client.post(address(far, "invite/"), {"contact": [one.pk], "do": "preview"})
    page = client.get(address(far, "invite/preview/")).content.decode()
    assert "Mandag 24. mai 2027 kl.\xa007:00, når stilletiden deres er over" in page
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["now"]

    send(client, far, one, choice="now")
    assert ([w.state for w in waves(far)], invited(far)) == (["planned"], 0)
    assert waves(far)[0].due_at == dt.datetime(2027, 5, 24, 7, tzinfo=OSLO)


def test_whoever_chooses_so_sends_in_the_quiet_hours(at_desk, kari, sandefjord, far, quiet, clock):
    clock("2027-05-21T21:00")
    send(at_desk(kari), far, contact(sandefjord), choice="anyway")
    assert ([w.state for w in waves(far)], invited(far)) == (["sent"], 1)


def test_by_day_there_is_nothing_to_choose(at_desk, kari, sandefjord, far, quiet, clock):
    one = contact(sandefjord)
    clock("2027-05-21T12:00")
    client = at_desk(kari)
    client.post(address(far, "invite/"), {"contact": [one.pk], "do": "preview"})
    assert 'value="anyway"' not in client.get(address(far, "invite/preview/")).content.decode()
    assert errors(send(client, far, one, choice="anyway")) == ["choice"]


def test_a_time_in_the_quiet_hours_is_asked_about(at_desk, kari, sandefjord, far, quiet, clock):
    clock("2027-05-21T12:00")
    client, one = at_desk(kari), contact(sandefjord)
    fields = {"choice": "at", "date": "2027-05-25", "time": "22:00"}
    response = send(client, far, one, **fields)
    assert (errors(response), 'name="when-quiet"' in response.content.decode()) == (["time"], True)
    send(client, far, one, **fields, quiet="on")
    (wave,) = waves(far)
    assert (wave.due_at, wave.in_quiet_hours) == (dt.datetime(2027, 5, 25, 22, tzinfo=OSLO), True)


def test_days_after_a_wave_that_lead_into_the_weekend_lead_to_monday(
    at_desk, kari, sandefjord, far, quiet, clock
):
    clock("2027-05-20T12:00")  # a Thursday
    first, second = contact(sandefjord), contact(sandefjord)
    client = at_desk(kari)
    send(client, far, first, choice="now")
    send(client, far, second, choice="after", days="2")
    assert waves(far)[1].due_at == dt.datetime(2027, 5, 24, 7, tzinfo=OSLO)


def test_what_was_typed_about_when_is_kept_while_looking_at_one_mail_after_the_other(
    at_desk, kari, sandefjord, meeting
):
    one, two = contact(sandefjord), contact(sandefjord)
    client = at_desk(kari)
    client.post(address(meeting, "invite/"), {"contact": [one.pk, two.pk], "do": "preview"})
    typed = {"when-choice": "at", "when-date": "2020-01-06", "when-time": "10:15", "when-name": "Først"}
    client.post(address(meeting, "invite/preview/"), {"reader": one.pk, "do": "next", **typed})
    page = client.get(address(meeting, "invite/preview/"))
    assert all(f'value="{value}"' in page.content.decode() for value in typed.values())
    assert list(page.context["when_form"].errors) == []
    assert re.findall(r'value="(\w+)"[^>]* checked', page.content.decode()) == ["at"]


def test_a_wave_that_is_held_back_says_why(at_desk, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord))
    Event.objects.of(sandefjord).filter(pk=meeting.pk).update(purpose="Vi møtes i Møterom 3.")
    now = timezone.now()
    Wave.objects.of(sandefjord).update(due_at=now, held_at=now)
    page = at_desk(kari).get(f"/t/sandefjord/waves/{wave.pk}/").content.decode()
    assert ("noe må rettes først" in page, "Møterom 3" in page) == (True, True)
    response = at_desk(kari).post(f"/t/sandefjord/waves/{wave.pk}/send/", follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert invited(meeting) == 0


def test_the_mail_asks_an_organisation_for_people_and_a_person_for_nobody(sandefjord, meeting):
    one = contact(sandefjord, language="en")
    asked, alone = preview(meeting, one, quota=3), preview(meeting, one)
    words = "Your organisation is asked to send up to 3 people, and names them itself when it answers."
    assert [words in part for part in (asked.text, asked.html, alone.text, alone.html)] == [
        True,
        True,
        False,
        False,
    ]


# --- The pages of the waves --------------------------------------------------------------------------------------
def test_the_list_takes_the_same_queries_for_one_and_three_waves(at_desk, kari, sandefjord, meeting):
    client, counts = at_desk(kari), []
    for more in (1, 2):
        for _ in range(more):
            planned(meeting, kari, contact(sandefjord), contact(sandefjord))
        counts.append(queries_of(client, address(meeting, "waves/")))
    assert counts == [3, 3]


def test_the_page_of_a_wave_takes_the_same_queries_for_one_and_three_people(
    at_desk, kari, sandefjord, meeting
):
    client, counts = at_desk(kari), []
    for number in (1, 3):
        wave = planned(meeting, kari, *(contact(sandefjord) for _ in range(number)))
        counts.append(queries_of(client, f"/t/sandefjord/waves/{wave.pk}/"))
    assert counts[0] == counts[1] <= 5


def test_a_wave_without_effect_says_why(at_desk, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord))
    pages = (address(meeting, "waves/"), f"/t/sandefjord/waves/{wave.pk}/")
    for facts, words in (
        ({"answer_by": wave.due_at - DAY}, "Svarfristen er før det"),
        ({"starts_at": wave.due_at - DAY}, "Møtet har begynt innen da"),
        ({"state": "cancelled", "cancelled_at": timezone.now()}, "Møtet er avlyst, så ingenting sendes."),
    ):
        Event.objects.of(sandefjord).filter(pk=meeting.pk).update(**facts)
        assert [words in at_desk(kari).get(page).content.decode() for page in pages] == [True, True]


def test_moving_sending_taking_out_and_calling_off_on_the_page(at_desk, kari, sandefjord, meeting):
    anne, bente, cato = (contact(sandefjord, name=name) for name in ("Anne", "Bente", "Cato"))
    first, second = planned(meeting, kari, anne, bente), planned(meeting, kari, cato)
    client, page = at_desk(kari), f"/t/sandefjord/waves/{first.pk}/"
    local = first.due_at.astimezone(OSLO)
    assert f'value="{local:%H:%M}"' in client.get(f"{page}move/").content.decode()

    later = local.date() + DAY
    client.post(f"{page}move/", {"when-choice": "at", "when-date": f"{later}", "when-time": "10:00"})
    client.post(f"{page}take-out/", {"member": [first.members.get(contact=bente).pk, "x", "9" * 30]})
    client.post(f"{page}send/")
    client.post(f"{page}send/")
    client.post(f"/t/sandefjord/waves/{second.pk}/call-off/")

    assert [wave.state for wave in waves(meeting)] == ["sent", "called_off"]
    assert list(Invitation.objects.of(sandefjord).values_list("contact", flat=True)) == [anne.pk]
    assert "Anne" in client.get(page).content.decode()


def test_a_wave_that_went_out_meanwhile_is_not_moved_and_says_so(at_desk, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord))
    sending.send_early(Wave.objects.of(sandefjord).select_related("event__tenant").get(), by=kari)
    client, page = at_desk(kari), f"/t/sandefjord/waves/{wave.pk}/"
    for end in ("move/", "send/", "call-off/", "take-out/"):
        response = client.post(f"{page}{end}", follow=True)
        assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert (Wave.objects.of(sandefjord).get().state, invited(meeting)) == ("sent", 1)


def test_a_wrong_time_for_a_move_stands_beside_the_field(at_desk, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord))
    response = at_desk(kari).post(
        f"/t/sandefjord/waves/{wave.pk}/move/",
        {"when-choice": "at", "when-date": "2020-01-06", "when-time": "10:15"},
    )
    assert (errors(response), 'value="10:15"' in response.content.decode()) == (["time"], True)
    assert Wave.objects.of(sandefjord).get().due_at == wave.due_at


def test_a_minute_taker_sees_the_waves_and_no_buttons(at_desk, mina, kari, sandefjord, meeting):
    wave = planned(meeting, kari, contact(sandefjord, name="Anne"))
    page = at_desk(mina).get(f"/t/sandefjord/waves/{wave.pk}/").content.decode()
    assert ("Anne" in page, "/send/" in page, "/call-off/" in page, 'name="member"' in page) == (
        True,
        False,
        False,
        False,
    )


def test_who_is_planned_is_marked_and_cannot_be_ticked(at_desk, kari, sandefjord, meeting):
    free = contact(sandefjord)
    planned(meeting, kari, contact(sandefjord))
    page = at_desk(kari).get(address(meeting, "invite/")).content.decode()
    assert re.findall(r'name="contact" value="(\d+)"', page) == [str(free.pk)]
    assert "I en planlagt pulje" in page


def test_the_list_says_how_each_wants_to_be_asked_and_who_cannot_be_mailed(
    at_desk, kari, sandefjord, meeting
):
    contact(sandefjord, name="Brev", channel="letter")
    contact(sandefjord, name="Telefon", channel="phone")
    contact(sandefjord, name="Uten", email="", phone="33 00 00 00")
    page = at_desk(kari).get(address(meeting, "invite/")).content.decode()
    assert [
        words in page for words in ("Vil helst ha brev.", "Vil helst bli oppringt.", "Kan ikke få e-post")
    ] == [True] * 3


# --- Asking an organisation --------------------------------------------------------------------------------------
@pytest.fixture
def mosque(sandefjord):
    return organisation(sandefjord, name="Sentrum moské", kind="faith", email="post@moske.example")


def ask(client, meeting, of, **fields):
    return client.post(f"{address(meeting, 'invite/organisation/')}?organisation={of.pk}", fields)


def test_an_organisation_is_asked_through_one_of_its_contacts(at_desk, kari, sandefjord, meeting, mosque):
    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    client = at_desk(kari)
    assert ask(client, meeting, mosque, through=amina.pk, quota="3")["Location"] == address(
        meeting, "invite/"
    )
    chosen = client.get(address(meeting, "invite/"))
    assert [(one.contact, one.quota) for one in chosen.context["asked"]] == [(amina, 3)]

    preview = client.get(address(meeting, "invite/preview/"))
    fields = {name: preview.context[name] for name in ("contacts", "quotas")}
    assert fields == {"contacts": str(amina.pk), "quotas": f"{amina.pk}:3"}
    client.post(address(meeting, "invite/send/"), fields)
    row = Invitation.objects.of(sandefjord).get()
    assert (row.contact, row.for_organisation, row.quota) == (amina, True, 3)


def test_its_own_address_gets_a_contact_of_its_name_once(at_desk, kari, sandefjord, meeting, mosque):
    client = at_desk(kari)
    for _ in range(2):
        ask(client, meeting, mosque, through="own", quota="2")
    row = Contact.objects.of(sandefjord).get()
    assert (row.name, row.email, row.organisation) == ("Sentrum moské", "post@moske.example", mosque)
    assert client.session[f"invite-{meeting.pk}"] == {"ids": [row.pk], "quotas": {str(row.pk): 2}}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"through": "own", "quota": ""}, "quota"),
        ({"through": "own", "quota": "0"}, "quota"),
        ({"through": "own", "quota": "21"}, "quota"),
        ({"through": "own", "quota": "to"}, "quota"),
        ({"through": "", "quota": "2"}, "through"),
        ({"through": "999999", "quota": "2"}, "through"),
    ],
)
def test_a_number_or_a_contact_that_cannot_be_is_told_beside_the_field(
    at_desk, kari, sandefjord, meeting, mosque, fields, field
):
    response = ask(at_desk(kari), meeting, mosque, **fields)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Contact.objects.of(sandefjord).count() == 0


def test_an_organisation_nobody_can_mail_says_what_to_do(at_desk, kari, sandefjord, meeting):
    silent = organisation(sandefjord, name="Uten adresse")
    contact(sandefjord, organisation=silent, email="")
    invitation(meeting, contact=contact(sandefjord, organisation=silent))
    page = at_desk(kari).get(f"{address(meeting, 'invite/organisation/')}?organisation={silent.pk}")
    assert (
        "Ingen der kan spørres på e-post" in page.content.decode(),
        'name="quota"' in page.content.decode(),
    ) == (
        True,
        False,
    )


def test_organisations_are_found_by_name_and_strangers_are_not_there(
    at_desk, kari, sandefjord, kristiansand, meeting, mosque
):
    theirs = organisation(kristiansand, name="Sentrum kirke")
    organisation(sandefjord, name="Natteravnene")
    client, url = at_desk(kari), address(meeting, "invite/organisation/")
    assert [one.name for one in client.get(f"{url}?q=sentrum").context["page_obj"]] == ["Sentrum moské"]
    assert client.get(f"{url}?organisation={theirs.pk}").status_code == 404
    assert client.get(f"{url}?organisation=nonsense").status_code == 200


def test_an_organisation_can_be_taken_out_of_the_choice_again(at_desk, kari, sandefjord, meeting, mosque):
    client = at_desk(kari)
    ask(client, meeting, mosque, through="own", quota="2")
    pk = Contact.objects.of(sandefjord).get().pk
    client.post(address(meeting, "invite/"), {"drop": pk})
    assert client.get(address(meeting, "invite/")).context["asked"] == []


@pytest.mark.parametrize("quotas", ["", "x", "1:", ":2", "1:99", "1:-1", "٣:2", "9" * 40 + ":1"])
def test_nonsense_among_the_quotas_is_left_out(at_desk, kari, sandefjord, meeting, quotas):
    one = contact(sandefjord)
    at_desk(kari).post(address(meeting, "invite/send/"), {"contacts": f"{one.pk}", "quotas": quotas})
    row = Invitation.objects.of(sandefjord).get()
    assert (row.for_organisation, row.quota) == (False, 1)


def test_a_choice_kept_by_an_earlier_version_is_still_read(at_desk, kari, sandefjord, meeting):
    one, client = contact(sandefjord), at_desk(kari)
    session = client.session
    session[f"invite-{meeting.pk}"] = [one.pk]
    session.save()
    assert client.get(address(meeting, "invite/")).context["chosen"] == {one.pk}


# --- Who comes ---------------------------------------------------------------------------------------------------
def test_names_stand_in_the_guest_list_and_its_csv(at_desk, kari, sandefjord, meeting, mosque):
    from invites.answers.people import Person
    from invites.answers.services import answer

    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    row = invitation(meeting, contact=amina, for_organisation=True, quota=3)
    invitation(meeting, reply="accepted", replied_at=timezone.now())
    read = Invitation.objects.of(sandefjord).select_related("event", "contact", "tenant").get(pk=row.pk)
    people = (Person("Bashir", "imam", "b@moske.example"), Person("=Carla"))
    answer(read, reply="accepted", comment="", source="web", people=people)

    client = at_desk(kari)
    response = client.get(address(meeting, "invitations/"))
    assert (response.context["total"].accepted, response.context["total"].people) == (2, 3)
    page = response.content.decode()
    assert ("Bashir, imam, b@moske.example" in page, "inntil 3 personer" in page) == (True, True)
    lines = client.get(address(meeting, "invitations/export.csv")).content.decode("utf-8-sig").splitlines()
    assert any(line.endswith(';2;;"Bashir (imam, b@moske.example); =Carla"') for line in lines)


def test_the_guest_list_takes_one_query_more_for_all_organisations(at_desk, kari, sandefjord, meeting):
    client, url = at_desk(kari), address(meeting, "invitations/")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            invitation(meeting, for_organisation=True, quota=2)
        counts.append(queries_of(client, url))
    assert counts == [5, 5], "the list's four and one"


# --- Groups, tags and own types ----------------------------------------------------------------------------------
def test_contacts_are_found_by_saved_group_tag_and_own_type(at_desk, kari, sandefjord, meeting):
    own = organisation_type(sandefjord, name="moské", kind="faith")
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith", type=own)
    church = organisation(sandefjord, name="Nordre kirke", kind="faith")
    amina = contact(sandefjord, name="Amina Noor", organisation=mosque)
    bo = contact(sandefjord, name="Bo Kirke", organisation=church)
    young = tag(sandefjord, "ungdom")
    ContactTag.objects.create(tenant=sandefjord, contact=bo, tag=young)
    by_hand = group(sandefjord, amina, name="Nøkkelpersoner")
    by_rule = group(sandefjord, name="Tro", rule=Rule(kinds=("faith",)))
    client = at_desk(kari)

    def found(query):
        return [one.name for one in client.get(address(meeting, f"invite/?{query}")).context["page_obj"]]

    assert found("kind=faith") == ["Bo Kirke", "Amina Noor"]
    assert found(f"kind=t{own.pk}") == ["Amina Noor"]
    assert found(f"group={by_hand.pk}") == ["Amina Noor"]
    assert found(f"group={by_rule.pk}") == ["Bo Kirke", "Amina Noor"]
    assert found(f"tag={young.pk}") == ["Bo Kirke"]
    assert found(f"group={by_hand.pk}&tag={young.pk}") == []
    assert found("group=999999&tag=x&kind=t") == ["Bo Kirke", "Amina Noor"]


def test_a_whole_group_is_chosen_with_one_tick(at_desk, kari, sandefjord, meeting):
    chosen = [contact(sandefjord), contact(sandefjord)]
    contact(sandefjord)
    row = group(sandefjord, *chosen, contact(sandefjord, email=""))
    client = at_desk(kari)
    client.post(address(meeting, "invite/"), {"listed": f"group={row.pk}", "all": "1", "do": "preview"})
    assert client.get(address(meeting, "invite/")).context["chosen"] == {one.pk for one in chosen}


def test_another_tenants_group_offers_nobody(at_desk, kari, sandefjord, kristiansand, meeting):
    theirs = group(kristiansand, contact(kristiansand), name="Deres gruppe")
    one = contact(sandefjord)
    page = at_desk(kari).get(address(meeting, f"invite/?group={theirs.pk}"))
    assert ([row.pk for row in page.context["page_obj"]], "Deres gruppe" in page.content.decode()) == (
        [one.pk],
        False,
    )


def test_what_can_be_chosen_from_is_read_in_one_query(sandefjord, meeting, django_assert_num_queries):
    organisation(sandefjord, name="Øst")
    organisation(sandefjord, name="Alfa")
    group(sandefjord, name="Gruppe A")
    tag(sandefjord, "ungdom")
    organisation_type(sandefjord, name="moské", kind="faith")
    with django_assert_num_queries(1):
        found = offers(meeting)
    assert [name for _pk, name in found.organisations] == ["Alfa", "Øst"]
    assert ([name for _pk, name in found.groups], [name for _pk, name in found.tags]) == (
        ["Gruppe A"],
        ["ungdom"],
    )

"""Opening minutes and saving what is written."""

import datetime as dt

import pytest
from django.utils import timezone

from events.audit import AuditEntry
from minutes.records import services
from minutes.records.actions.models import ActionItem
from minutes.records.content import Content
from minutes.records.models import Attendance, Minutes
from minutes.records.refusals import ChangedMeanwhile, IdentityNumber, Locked, NotAllowed
from tests.factories import contact, draft, event, measure, organisation, programme
from tests.records.scene import answered, forum, held, new, opened, written


def people(minutes):
    return {p.name: (p.organisation, p.organisation_kind, p.status) for p in minutes.attendance.all()}


def test_opening_fills_in_attendance_from_the_answers(sandefjord, mina):
    assert people(opened(sandefjord, mina)) == {
        "Amina Accepted": ("Moskeen i byen", "faith", "present"),
        "Dag Declined": ("Moskeen i byen", "faith", "excused"),
        "Tone Tentative": ("", "", "absent"),
        "Stille Silent": ("Politiet", "police", "absent"),
    }


def test_opening_makes_an_item_for_each_programme_item(sandefjord, mina):
    items = opened(sandefjord, mina).items.all()
    assert [(i.position, i.title, i.notes) for i in items] == [
        (1, "Velkommen", ""),
        (2, "Trygghet i sentrum", ""),
    ]


def test_a_meeting_without_programme_gets_one_general_item_in_the_language_of_the_meeting(sandefjord, mina):
    minutes = services.open_minutes(held(sandefjord, language="en"), by=mina)
    assert [item.title for item in minutes.items.all()] == ["General"]


def test_opening_twice_makes_nothing_twice(sandefjord, mina, kari):
    meeting = forum(sandefjord)
    first = services.open_minutes(meeting, by=mina)
    second = services.open_minutes(meeting, by=kari)
    assert (first.pk, second.author) == (second.pk, mina)
    assert (second.items.count(), second.attendance.count()) == (2, 4)
    assert [e.action for e in AuditEntry.objects.of(sandefjord).about(first)] == ["minutes.opened"]


def test_a_withdrawn_invitation_is_not_in_the_attendance(sandefjord, mina):
    meeting = held(sandefjord)
    gone = answered(meeting, "accepted", name="Trukket Tilbake")
    answered(meeting, "accepted", name="Kommer Visst")
    gone.revoked_at = timezone.now()
    gone.save()
    assert list(people(services.open_minutes(meeting, by=mina))) == ["Kommer Visst"]


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_minutes_of_a_draft_or_a_cancelled_meeting_are_refused(sandefjord, mina, state):
    meeting = draft(sandefjord) if state == "draft" else event(sandefjord, state=state)
    with pytest.raises(NotAllowed):
        services.open_minutes(meeting, by=mina)
    assert not Minutes.objects.of(sandefjord).exists()


def test_minutes_of_a_coming_meeting_can_be_prepared_and_follow_the_answers_until_the_first_save(
    sandefjord, mina
):
    meeting = event(sandefjord)
    programme(meeting, "Velkommen")
    person = answered(meeting, "", name="Sen Svarer", organisation=None)
    minutes = services.open_minutes(meeting, by=mina)
    person.reply, person.replied_at = "accepted", timezone.now()
    person.save()
    answered(meeting, "declined", name="Ny Invitert", organisation=None)
    services.open_minutes(meeting, by=mina)
    assert people(minutes) == {"Sen Svarer": ("", "", "present"), "Ny Invitert": ("", "", "excused")}


def test_after_the_first_save_opening_again_only_adds(sandefjord, mina):
    meeting = event(sandefjord)
    person = answered(meeting, "accepted", name="Kari Kom", organisation=None)
    minutes = services.open_minutes(meeting, by=mina)
    row, item = minutes.attendance.get(), minutes.items.get()
    content = Content(
        attendance=[{"id": row.pk, "remove": False, "status": "absent"}],
        items=[{"id": item.pk, "remove": False, "title": item.title, "notes": "Skrevet."}],
    )
    services.save(minutes, by=mina, revision=0, content=content)
    programme(meeting, "Kom til")
    answered(meeting, "accepted", name="Sent Invitert", organisation=None)
    services.open_minutes(meeting, by=mina)
    assert person.reply == "accepted"
    assert people(minutes) == {"Kari Kom": ("", "", "absent"), "Sent Invitert": ("", "", "present")}
    assert [(i.title, i.notes) for i in minutes.items.all()] == [(item.title, "Skrevet."), ("Kom til", "")]


def test_everything_written_is_stored(sandefjord, mina):
    three = measure(sandefjord)
    minutes = written(sandefjord, mina, measure=three)
    walkin = minutes.attendance.get(invitation=None)
    assert (walkin.name, walkin.organisation_kind, walkin.status) == ("Ida Innom", "police", "present")
    assert [(h.organisation, h.count) for h in minutes.headcounts.all()] == [("Skoleklasse 10B", 22)]
    assert minutes.items.all()[0].notes == "**Vel møtt** alle sammen."
    assert [
        (o.kind, o.text, o.item and o.item.title, o.measure, o.phase) for o in minutes.outcomes.all()
    ] == [
        ("decision", "Forumet møtes hvert kvartal.", "Trygghet i sentrum", None, ""),
        ("action", "Kalle inn til neste møte", None, None, ""),
        ("measure_update", "Forumet er i gang.", None, three, "under_way"),
    ]
    action = minutes.outcomes.get(kind="action")
    assert (action.owner, action.owner_contact.name, action.due_from) == (
        "Amina Accepted",
        "Amina Accepted",
        dt.date(2027, 1, 15),
    )
    assert minutes.revision == 1


def test_an_owner_who_may_be_two_people_is_kept_as_text_only(sandefjord, mina):
    contact(sandefjord, name="Amina Accepted", email="annen@forening.example")
    minutes = written(sandefjord, mina)
    action = minutes.outcomes.get(kind="action")
    assert (action.owner, action.owner_contact) == ("Amina Accepted", None)


def test_rows_are_changed_in_place_and_removed_by_their_box(sandefjord, mina):
    minutes = written(sandefjord, mina)
    decision, action = minutes.outcomes.get(kind="decision"), minutes.outcomes.get(kind="action")
    headcount = minutes.headcounts.get()
    content = Content(
        headcounts=[{"id": headcount.pk, "remove": True, "organisation": "Skoleklasse 10B", "count": 22}],
        decisions=[{"id": decision.pk, "remove": True, "text": decision.text, "item": None}],
        actions=[
            {
                "id": action.pk,
                "remove": False,
                "text": "Ny tekst",
                "owner": "Politiet",
                "due": None,
                "item": 0,
            }
        ],
    )
    services.save(minutes, by=mina, revision=1, content=content)
    after = minutes.outcomes.get()
    assert (after.pk, after.text, after.owner) == (action.pk, "Ny tekst", "Politiet")
    assert (after.owner_contact, after.owner_organisation.name) == (None, "Politiet")
    assert not minutes.headcounts.exists()
    assert ActionItem.objects.of(sandefjord).count() == 0


def test_rows_that_are_not_named_stay(sandefjord, mina):
    minutes = written(sandefjord, mina)
    before = people(minutes)
    services.save(minutes, by=mina, revision=1, content=Content())
    assert people(minutes) == before
    assert minutes.outcomes.count() == 2


def test_an_older_revision_is_told_so_and_writes_nothing(sandefjord, mina, kari):
    minutes = written(sandefjord, mina)
    item = minutes.items.all()[0]
    old = Content(items=[{"id": item.pk, "remove": False, "title": "Gammelt", "notes": "gammelt"}])
    with pytest.raises(ChangedMeanwhile):
        services.save(minutes, by=kari, revision=0, content=old)
    item.refresh_from_db()
    assert item.title == "Velkommen"
    assert Minutes.objects.of(sandefjord).get().revision == 1


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_minutes_that_are_not_a_draft_refuse_every_write(sandefjord, mina, state):
    minutes = written(sandefjord, mina)
    approved_at = timezone.now() if state == "approved" else None
    Minutes.objects.of(sandefjord).update(state=state, approved_at=approved_at)
    content = Content(decisions=[new(text="For sent")])
    with pytest.raises(Locked) as refusal:
        services.save(minutes, by=mina, revision=1, content=content)
    assert refusal.value.approved == (state == "approved")
    assert minutes.outcomes.filter(kind="decision").count() == 1


def test_rows_of_other_minutes_cannot_be_reached(sandefjord, kristiansand, mina, nils):
    ours, theirs = written(sandefjord, mina), written(kristiansand, nils)
    victim = theirs.outcomes.get(kind="decision")
    their_measure, item = measure(kristiansand), theirs.items.all()[0]
    content = Content(
        decisions=[
            {"id": victim.pk, "remove": True, "text": "x", "item": None},
            new(text="Vår", item=item.pk),
        ],
        items=[{"id": item.pk, "remove": True, "title": "x", "notes": ""}],
    )
    services.save(ours, by=mina, revision=1, content=content)
    assert theirs.outcomes.filter(pk=victim.pk).exists()
    assert theirs.items.count() == 2
    assert ours.outcomes.get(text="Vår").item is None
    with pytest.raises(Exception, match="measure_update_names_measure_and_phase"):
        services.save(
            ours,
            by=mina,
            revision=2,
            content=Content(updates=[new(measure=their_measure.pk, phase="standing", text="x")]),
        )


@pytest.mark.parametrize(
    "content",
    [
        Content(walkins=[new(name="Ola 010190 12480", organisation="")]),
        Content(decisions=[new(text="om 01019012480")]),
        Content(actions=[new(text="x", owner="01019012480")]),
    ],
)
def test_a_national_identity_number_is_refused_by_the_service_too(sandefjord, mina, content):
    minutes = opened(sandefjord, mina)
    with pytest.raises(IdentityNumber):
        services.save(minutes, by=mina, revision=0, content=content)
    assert minutes.revision == 0


def test_every_save_is_in_the_audit_trail_without_names_or_text(sandefjord, mina):
    minutes = written(sandefjord, mina)
    entry = AuditEntry.objects.of(sandefjord).about(minutes)[0]
    assert (entry.action, entry.actor_name, entry.facts) == (
        "minutes.changed",
        "Mina Referent",
        {"title": "Samarbeidsforum i høst"},
    )


def test_a_row_of_approved_minutes_refuses_to_be_saved_or_deleted(sandefjord, mina):
    minutes = written(sandefjord, mina)
    rows = [
        minutes.items.all()[0],
        minutes.attendance.first(),
        minutes.headcounts.first(),
        minutes.outcomes.first(),
    ]
    Minutes.objects.of(sandefjord).update(state="approved", approved_at=timezone.now())
    for row in rows:
        with pytest.raises(TypeError, match="approved"):
            row.save()
        with pytest.raises(TypeError, match="approved"):
            row.delete()
    assert Attendance.objects.of(sandefjord).count() == 5


def test_walk_ins_of_an_unknown_organisation_are_kept(sandefjord, mina):
    organisation(sandefjord, name="Noe annet")
    minutes = opened(sandefjord, mina)
    content = Content(walkins=[new(name="Ukjent Person", organisation="Ukjent lag")])
    services.save(minutes, by=mina, revision=0, content=content)
    assert people(minutes)["Ukjent Person"] == ("Ukjent lag", "", "present")

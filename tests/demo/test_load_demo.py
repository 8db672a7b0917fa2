"""The demo's data: whole after the first run, untouched by the second."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.merging import hints
from events.directory.merging.services import merge
from events.directory.models import Contact, Organisation
from events.gatherings.matrix import presets
from events.gatherings.models import Event
from events.plans.importing import import_plan
from events.plans.loading import load
from events.plans.models import Measure
from events.tenancy.models import Membership, Tenant, User
from events.tenancy.scoping import TenantModel
from invites.answers.models import Answer
from invites.answers.questions.models import Question
from invites.answers.seats.models import SeatGroup
from invites.invitations.drafting.models import Enclosure
from invites.invitations.models import Invitation
from invites.invitations.waves.models import Wave
from invites.post.models import OutgoingMail
from minutes.approval.models import MinutesVersion
from minutes.reports.trail import meetings_of

ACCOUNTS = {
    "coordinator@sandefjord.example": ("sandefjord", "coordinator"),
    "minutes@sandefjord.example": ("sandefjord", "minute_taker"),
    "reader@sandefjord.example": ("sandefjord", "reader"),
    "coordinator@kristiansand.example": ("kristiansand", "coordinator"),
    "national@ministry.example": ("ministry", "coordinator"),
}
SLUGS = ("sandefjord", "kristiansand", "ministry")


def of(slug):
    return Tenant.objects.get(slug=slug)


def coming(slug):
    [event] = Event.objects.of(of(slug)).upcoming()
    return event


def precision(event):
    return str(event.vague_precision)


def snapshot(settings):
    """Every row of every tenant, and every mail file."""
    rows = {
        model.__name__: sorted(map(str, model.objects.across_tenants("all of the demo").values_list()))
        for model in apps.get_models()
        if issubclass(model, TenantModel)
    }
    users = sorted(map(str, User.objects.values_list("email", "password", "name")))
    mails = sorted(path.name for path in Path(settings.MAIL_DIR).rglob("*") if path.is_file())
    return {**rows, "users": users, "mails": mails}


def test_the_second_run_changes_nothing_and_sends_nothing(demo, settings):
    before = snapshot(settings)
    call_command("load_demo")
    assert snapshot(settings) == before
    assert len(before["mails"]) == len(before["OutgoingMail"])


def test_the_accounts_have_their_roles(demo):
    found = {
        row.user.email: (row.tenant.slug, row.role)
        for row in Membership.objects.across_tenants("all of the demo").select_related("user", "tenant")
    }
    assert found == ACCOUNTS


def test_the_password_is_that_of_the_environment_and_follows_it(demo, settings):
    def opens(password):
        return {email for email in ACCOUNTS if authenticate(None, email=email, password=password) is not None}

    assert opens("prøv-demoen-2026") == set(ACCOUNTS)
    settings.DEMO_PASSWORD = "et-annet-passord"
    call_command("load_demo")
    assert (opens("et-annet-passord"), opens("prøv-demoen-2026")) == (set(ACCOUNTS), set())
    settings.DEMO_PASSWORD = ""
    call_command("load_demo")
    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 5


@pytest.mark.parametrize("slug", SLUGS)
def test_each_tenant_ends_with_a_coming_meeting_whose_mails_are_sent(demo, slug):
    event = coming(slug)
    assert event.starts_local.weekday() == 2
    assert (event.starts_local.hour, event.ends_local.hour) == (17, 19)
    assert timezone.now() + dt.timedelta(days=20) < event.starts_at < timezone.now() + dt.timedelta(days=28)
    invited = Invitation.objects.of(of(slug)).filter(event=event).count()
    assert invited >= 12
    mails = OutgoingMail.objects.of(of(slug))
    assert set(mails.values_list("state", flat=True)) == {"accepted"}
    assert mails.filter(kind="invitation").count() == invited
    assert mails.filter(kind="receipt").count() == Answer.objects.of(of(slug)).count()


def test_sandefjord_has_answers_of_each_kind_with_comments(demo):
    rows = Answer.objects.of(of("sandefjord"))
    assert sorted(rows.values_list("reply", flat=True)) == ["accepted"] * 6 + ["declined"] + ["tentative"] * 2
    assert rows.filter(reply="tentative").exclude(comment="").count() == 2
    assert coming("sandefjord").seats_taken == 6


def test_sandefjord_shows_a_planned_wave_an_organisation_that_names_people_a_note_and_a_file(demo):
    event = coming("sandefjord")
    first, later = Wave.objects.of(event.tenant).filter(event=event).order_by("number")
    assert (first.state, later.state, later.members.count()) == ("sent", "planned", 7)
    assert timezone.now() < later.due_at < event.starts_at - dt.timedelta(days=13)
    assert f"{event.local(later.due_at):%H:%M}" == "09:00"
    asked = Invitation.objects.of(event.tenant).filter(for_organisation=True).order_by("contact__email")
    assert [(row.quota, row.representatives.count()) for row in asked] == [(2, 0), (2, 1)]
    assert Invitation.objects.of(event.tenant).exclude(note="").count() == 1
    assert [file.with_invitation for file in Enclosure.objects.of(event.tenant)] == [True]


def test_sandefjord_shows_companions_a_waiting_list_a_mix_and_a_question(demo):
    event = coming("sandefjord")
    assert (event.capacity, event.companions, event.waitlist) == (60, 1, "offer")
    mix = SeatGroup.objects.of(event.tenant).filter(event=event).values_list("name", "target", "taken")
    assert list(mix) == [("Tros- og livssynssamfunn", 20, 2), ("Frivillige organisasjoner", 15, 2)]
    [question] = Question.objects.of(event.tenant).asked()
    assert len(question.choices) == 3
    assert question.delete_on == event.starts_local.date() + dt.timedelta(days=30)
    assert presets.current(event) == presets.PRESETS[0]  # the strictest: nobody sets it otherwise


def test_sandefjord_has_somebody_who_wants_a_letter_and_a_pair_to_merge(demo):
    sandefjord = of("sandefjord")
    assert Contact.objects.of(sandefjord).filter(channel="letter").exclude(address="").count() == 1
    [(pair, why)] = hints.of_contacts(sandefjord).items()
    assert set(Contact.objects.of(sandefjord).filter(pk__in=pair).values_list("name", flat=True)) == {
        "Leila Nasser"
    }
    assert why == ["name"]


def test_whom_somebody_merged_does_not_come_back(demo):
    sandefjord = of("sandefjord")
    kept, gone = Contact.objects.of(sandefjord).filter(name="Leila Nasser").order_by("pk")
    merge(kept=kept, gone=gone, facts={}, by=None)
    call_command("load_demo")
    assert Contact.objects.of(sandefjord).filter(name="Leila Nasser").get() == kept


def test_the_directory_has_all_kinds_of_organisations_at_example_addresses(demo):
    sandefjord = of("sandefjord")
    kinds = set(Organisation.objects.of(sandefjord).values_list("kind", flat=True))
    assert {"faith", "ngo", "police", "school", "municipal"} <= kinds
    assert Organisation.objects.of(sandefjord).filter(kind="faith").count() >= 8
    addresses = Contact.objects.across_tenants("all of the demo").values_list("email", flat=True)
    assert [a for a in addresses if not a.endswith(".example")] == []
    assert set(Contact.objects.of(sandefjord).values_list("language", flat=True)) == {"nb", "en"}


def test_the_plan_is_the_published_one(demo):
    assert Measure.objects.of(of("sandefjord")).count() == 18
    source = Path(__file__).resolve().parents[2] / "config/demo/data/sandefjord-plan.yaml"
    again = import_plan(load(source.read_bytes()), tenant=of("sandefjord"))
    assert (again.created, again.changed, again.errors) == ([], [], [])


def test_measure_three_has_proof_and_a_meeting_ahead(demo):
    measure = Measure.objects.of(of("sandefjord")).get(number=3)
    meetings = meetings_of([measure])[measure.pk]
    [proof] = meetings.advanced_by
    assert (len(proof.decisions), len(proof.actions), len(proof.updates)) == (1, 1, 1)
    assert meetings.planned == [coming("sandefjord")]
    version = MinutesVersion.objects.of(of("sandefjord")).get()
    assert version.sha256 == hashlib.sha256(version.canonical.encode()).hexdigest()


def test_the_campaign_of_2014_keeps_its_vague_dates(demo):
    events = Event.objects.of(of("ministry"))
    held = events.filter(state="held", vague_from__year=2014)
    assert sorted((e.city, precision(e)) for e in held) == sorted(
        [
            ("Sarpsborg", "month"),
            ("Stavanger", "month"),
            ("Haugesund", "month"),
            *((city, "season") for city in ("Oslo", "Ålesund", "Fredrikstad", "Tromsø")),
        ]
    )
    drafts = events.filter(state="draft", vague_from__year=2015)
    assert sorted((e.kind, precision(e)) for e in drafts) == [
        ("dialogue", "year"),
        ("dialogue", "year"),
        ("summit", "quarter"),
    ]
    assert set(events.values_list("starts_at", flat=True)) == {None, coming("ministry").starts_at}


def test_the_visit_has_its_programme_and_people(demo):
    visit = Event.objects.of(of("kristiansand")).get(kind="visit_in")
    days = [f"{day:%Y-%m-%d}" for day in (visit.first_day, visit.last_day)]
    assert visit.all_day  # its source tells no hours
    assert days == ["2021-11-07", "2021-11-10"]
    assert "2021" in visit.purpose  # says that the year is inferred
    assert [item.day for item in visit.programme.all()] == [1, 2, 1, 4]
    names = {a.name for item in visit.programme.all() for a in item.appearances.all()}
    assert {"Hassan Ali Joho", "Jan Oddvar Skisland", "Daniel Hooten"} <= names


def test_what_people_changed_in_the_demo_stays(demo, settings):
    sandefjord = of("sandefjord")
    Contact.objects.of(sandefjord).filter(email="prest@solvikmenighet.example").update(name="En annen")
    Organisation.objects.of(sandefjord).filter(name="Nattvandrerne").update(name="Natteravnene")
    Event.objects.of(sandefjord).filter(pk=coming("sandefjord").pk).update(title="Et annet møte")
    before = snapshot(settings)
    call_command("load_demo")
    assert snapshot(settings) == before


def test_a_new_meeting_comes_when_the_old_one_is_over(demo):
    old = coming("sandefjord")
    with time_machine.travel(old.ends_at + dt.timedelta(hours=1), tick=True):
        call_command("load_demo")
        assert coming("sandefjord").starts_at > old.ends_at
    assert Event.objects.of(of("sandefjord")).count() == 7


def test_every_change_is_in_the_audit_trail_in_words(demo):
    entries = AuditEntry.objects.across_tenants("all of the demo")
    actions = set(entries.values_list("action", flat=True))
    assert {
        "organisation.added",
        "contact.added",
        "plan.imported",
        "event.recorded",
        "event.published",
        "event.invited",
        "minutes.approved",
    } <= actions
    assert [entry for entry in entries if "@" in entry.words() or "%(" in entry.words()] == []


def test_each_step_is_told_with_its_seconds(db, capsys):
    call_command("load_demo")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "tenants and accounts",
        "Sandefjord kommune",
        "Kristiansand kommune",
        "Justis- og beredskapsdepartementet",
        "campaign",
        "mail",
    ]
    assert all(line.endswith(" s") for line in lines)


def test_a_forum_each_quarter_waits_as_drafts(demo):
    forum = Event.objects.of(of("sandefjord")).filter(series__isnull=False).order_by("recurrence_at")
    assert {(one.state, one.kind, one.starts_local.weekday()) for one in forum} == {("draft", "forum", 2)}
    months = [one.starts_local.year * 12 + one.starts_local.month for one in forum]
    assert [later - months[0] for later in months] == [0, 3, 6, 9]
    assert {one.title for item in forum for one in item.programme.all()} >= {"Avtaler og neste møte"}

"""Milestones: whose they are, when they are due, and when they were reached."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.audit import AuditEntry
from invites.answers.own import holdings
from minutes.progress.milestones import services
from minutes.progress.milestones.models import Milestone
from tests.factories import contact, measure, organisation
from tests.progress.kit import milestone
from tests.queries import queries_of

HOME = "/t/sandefjord/"


@pytest.fixture
def row(sandefjord):
    return measure(sandefjord)


def page_of(desk, row):
    return desk.get(f"{HOME}measures/{row.pk}/")


def shown(desk, row):
    return [(one.title, one.state) for one in page_of(desk, row).context["page"].milestones]


@time_machine.travel("2016-11-20 12:00:00+00:00", tick=False)
def test_milestones_stand_in_the_order_they_are_due_with_their_state_in_words(row, leif, at_desk):
    milestone(row, title="Uten frist")
    milestone(row, title="Senere", due_from=dt.date(2017, 6, 1), due_precision="season")
    milestone(row, title="Snart", due_from=dt.date(2016, 11, 1), due_precision="month")
    milestone(row, title="Sen", due_from=dt.date(2016, 11, 19), due_precision="day")
    milestone(row, title="Nådd", due_from=dt.date(2016, 1, 1), due_precision="year", reached_on="2016-05-04")
    assert shown(at_desk(leif), row) == [
        ("Nådd", "nådd 4. mai 2016"),
        ("Snart", "nærmer seg frist, ikke nådd ennå"),
        ("Sen", "forsinket, ikke nådd"),
        ("Senere", "ikke nådd ennå"),
        ("Uten frist", "ikke nådd ennå"),
    ]


def test_a_milestone_is_written_with_a_vague_date_and_a_body_of_the_directory(row, kari, at_desk):
    body = organisation(row.tenant, name="Sandefjord menighet")
    typed = {"title": "Avtale inngått", "owner": "sandefjord menighet", "due": "våren 2027"}
    at_desk(kari).post(f"{HOME}measures/{row.pk}/milestones/new/", typed)
    made = Milestone.objects.of(row.tenant).get()
    assert (made.title, made.owner_organisation, made.due.words()) == ("Avtale inngått", body, "våren 2027")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"title": ""}, "title"), ({"due": "snart"}, "due"), ({"title": "for 13097248022"}, "title")],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(row, kari, at_desk, typed, field):
    facts = {"title": "Avtale", "owner": "Ada", "due": "", **typed}
    page = at_desk(kari).post(f"{HOME}measures/{row.pk}/milestones/new/", facts)
    assert list(page.context["form"].errors) == [field]
    assert 'value="Ada"' in page.content.decode()
    assert not Milestone.objects.of(row.tenant).exists()


def test_a_reader_reads_a_bodys_name_and_never_a_persons(row, leif, mina, at_desk, kari):
    organisation(row.tenant, name="Sandefjord menighet")
    contact(row.tenant, name="Amina Noor")
    for owner in ("Amina Noor", "Ukjent Person", "Sandefjord menighet"):
        services.add_milestone(row, by=kari, title=f"Mål for {owner[:3]}", owner=owner)
    seen = [
        [name in page_of(at_desk(who), row).content.decode() for name in ("Amina Noor", "Ukjent Person")]
        for who in (leif, mina)
    ]
    assert seen == [[False, False], [True, True]]
    assert "Sandefjord menighet" in page_of(at_desk(leif), row).content.decode()


def test_reached_and_undone_are_audited_once_each(row, kari, at_desk):
    step, desk = milestone(row, title="Avtale"), at_desk(kari)
    today = timezone.localdate()
    for _n in range(2):
        desk.post(f"{HOME}milestones/{step.pk}/reached/", {"on": today.isoformat()})
    step.refresh_from_db()
    assert step.reached_on == today
    for _n in range(2):
        desk.post(f"{HOME}milestones/{step.pk}/undo/")
    step.refresh_from_db()
    assert step.reached_on is None
    words = [entry.words() for entry in AuditEntry.objects.of(row.tenant).about(step).order_by("pk")]
    assert words == [
        f"{kari.name} noterte at milepælen «Avtale» er nådd.",
        f"{kari.name} noterte at milepælen «Avtale» likevel ikke er nådd.",
    ]


def test_a_day_to_come_is_no_day_it_was_reached_on(row, kari, at_desk):
    step, tomorrow = milestone(row), timezone.localdate() + dt.timedelta(days=1)
    page = at_desk(kari).post(f"{HOME}milestones/{step.pk}/reached/", {"on": tomorrow.isoformat()})
    assert list(page.context["form"].errors) == ["on"]
    with pytest.raises(ValueError, match="to come"):
        services.reach(step, by=kari, on=tomorrow)


def test_a_change_that_changes_nothing_writes_nothing(row, kari, at_desk):
    step = milestone(row, title="Avtale")
    facts = {"title": "Avtale 2", "owner": "Ada", "due": None}
    assert services.change_milestone(step, by=kari, **facts)
    assert not services.change_milestone(step, by=kari, **facts)
    at_desk(kari).post(f"{HOME}milestones/{step.pk}/edit/", {"title": "Avtale 3", "owner": "", "due": "2027"})
    step.refresh_from_db()
    assert (step.title, step.owner, step.due_precision) == ("Avtale 3", "", "year")
    assert AuditEntry.objects.of(row.tenant).about(step).count() == 2


def test_a_milestone_is_removed_once(row, kari, at_desk):
    step = milestone(row)
    at_desk(kari).post(f"{HOME}milestones/{step.pk}/remove/")
    assert not Milestone.objects.of(row.tenant).exists()
    assert not services.remove_milestone(step, by=kari)


def test_a_person_sees_and_is_forgotten_in_milestones(row, kari):
    amina = contact(row.tenant, name="Amina Noor")
    step = services.add_milestone(row, by=kari, title="Avtale", owner="Amina Noor")
    assert holdings.as_data(amina)["milestones"] == [{"who": "Amina Noor", "what": "Avtale", "by_when": ""}]
    assert holdings.erase(amina)["milestones"] == 1
    step.refresh_from_db()
    assert step.owner == "Slettet person"


def test_pages_ask_the_same_for_one_milestone_and_for_three(row, leif, at_desk):
    milestone(row, due_from=dt.date(2027, 1, 1), due_precision="year")
    pages = [f"{HOME}measures/{row.pk}/", f"{HOME}plans/{row.plan_id}/"]
    one = [queries_of(at_desk(leif), page) for page in pages]
    for _n in range(2):
        milestone(row, due_from=dt.date(2027, 1, 1), due_precision="year")
        milestone(measure(row.tenant), due_from=dt.date(2027, 1, 1), due_precision="year")
    assert [queries_of(at_desk(leif), page) for page in pages] == one


def test_a_stranger_and_a_reader_change_nothing(row, nils, leif, at_desk):
    step = milestone(row)
    assert at_desk(leif).post(f"{HOME}milestones/{step.pk}/remove/").status_code == 403
    for verb in ("remove", "undo", "edit"):
        assert at_desk(nils).post(f"/t/kristiansand/milestones/{step.pk}/{verb}/").status_code == 404
    assert Milestone.objects.of(row.tenant).exists()


def test_the_database_refuses_two_owners_and_half_a_date(row):
    twice = {"owner_contact": contact(row.tenant), "owner_organisation": organisation(row.tenant)}
    for facts in (twice, {"due_from": dt.date(2027, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            milestone(row, **facts)


def test_a_measure_with_milestones_is_not_removed(row, kari, at_desk):
    milestone(row)
    assert at_desk(kari).get(f"{HOME}measures/{row.pk}/remove/").context["uses"] == ["1 milepæl gjelder det"]

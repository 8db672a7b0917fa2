"""What many do at the same moment happens once, on SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from events.audit import AuditEntry
from events.gatherings import services
from events.gatherings.models import Event, EventFormat, ScheduleVersion
from events.gatherings.services import ChangedMeanwhile, NotAllowed
from tests.factories import draft, event

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def at_once(do):
    """Runs `do(n)` in MANY threads that start together; its results, and the refusals as their class."""
    gate = Barrier(MANY)

    def one(n):
        try:
            gate.wait(timeout=10)
            return do(n)
        except NotAllowed as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def fresh(row):
    return Event.objects.of(row.tenant_id).get(pk=row.pk)


def test_of_many_who_cancel_at_once_one_does(sandefjord, kari):
    row = event(sandefjord)
    outcomes = at_once(lambda _n: services.cancel(fresh(row), by=kari, reason="Snø"))
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, *[NotAllowed] * (MANY - 1)]))
    assert (fresh(row).state, fresh(row).sequence) == ("cancelled", 1)
    assert AuditEntry.objects.of(sandefjord).about(row).count() == 1


def test_of_many_who_publish_and_cancel_at_once_none_skips_a_state(sandefjord, kari):
    row = draft(sandefjord)

    def move(n):
        if n % 2:
            return services.publish(fresh(row), by=kari)
        return services.cancel(fresh(row), by=kari, reason="")

    at_once(move)
    told = [entry.action for entry in AuditEntry.objects.of(sandefjord).about(row).order_by("pk")]
    assert told in (["event.cancelled"], ["event.published", "event.cancelled"])
    assert fresh(row).state == "cancelled"


def test_of_many_who_save_the_same_version_one_is_kept_and_the_rest_are_told(sandefjord, kari):
    row = draft(sandefjord)
    opened = row.changed_at

    def save(n):
        return services.change(
            fresh(row),
            by=kari,
            facts={"title": f"Nummer {n}"},
            hosts=(),
            measures=(),
            programme=({"title": f"Punkt {n}"},),
            format_name="",
            version=opened,
        ).title

    outcomes = at_once(save)
    kept = [outcome for outcome in outcomes if outcome is not ChangedMeanwhile]
    assert kept == [fresh(row).title]
    assert [item.title for item in fresh(row).programme.all()] == [kept[0].replace("Nummer", "Punkt")]


def test_many_first_changes_of_a_tenant_are_all_counted(sandefjord):
    at_once(lambda _n: services.schedule_changed(sandefjord.pk))
    assert ScheduleVersion.objects.get(tenant=sandefjord).version == MANY


def test_a_new_format_written_by_many_at_once_is_added_once(sandefjord, kari):
    def make(n):
        return services.create(tenant=sandefjord, by=kari, facts={"title": f"{n}"}, format_name="Folkemøte")

    assert len({made.pk for made in at_once(make)}) == MANY
    assert EventFormat.objects.of(sandefjord).count() == 1

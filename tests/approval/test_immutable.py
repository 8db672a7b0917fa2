"""The database itself refuses to change an approved version, whatever code asks."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from minutes.approval import services
from minutes.approval.models import MinutesVersion
from tests.records.scene import written

migration = import_module("minutes.migrations.0002_immutable_versions")


@pytest.fixture
def version(sandefjord, kari):
    """An approved version, with the guard in place also where tests run without migrations."""
    migration.guard(None, SimpleNamespace(connection=connection))
    minutes = written(sandefjord, kari)
    services.submit(minutes, by=kari)
    return services.approve(minutes, by=kari)


def rows(version):
    return MinutesVersion.objects.of(version.tenant_id).filter(pk=version.pk)


@pytest.mark.parametrize("field", ["canonical", "sha256", "approver_name", "reason", "number", "approved_at"])
def test_no_column_of_a_version_can_be_changed_in_bulk(version, field):
    before = rows(version).values().get()
    value = 7 if field == "number" else version.approved_at if field == "approved_at" else "tuklet"
    with pytest.raises(IntegrityError, match="approved minutes never change"), transaction.atomic():
        rows(version).update(**{field: value})
    assert rows(version).values().get() == before


def test_no_version_can_be_deleted_in_bulk(version):
    with pytest.raises(IntegrityError, match="approved minutes never change"), transaction.atomic():
        rows(version).delete()
    assert rows(version).exists()


def test_raw_sql_is_refused_too(version):
    with (
        pytest.raises(IntegrityError, match="approved minutes never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE minutes_minutesversion SET canonical = '{}'")


def test_the_approver_may_leave_and_the_name_stays(version, kari):
    kari.delete()
    assert rows(version).values_list("approved_by", "approver_name").get() == (None, "Kari Koordinator")


def test_migrations_put_the_guard_in_place(db, pytestconfig):
    if pytestconfig.getoption("nomigrations"):
        pytest.skip("this run makes tables without migrations")
    table = "sqlite_master" if connection.vendor == "sqlite" else "pg_trigger"
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = 'minutes_version_unchanged'")
        assert cursor.fetchone() == (1,)

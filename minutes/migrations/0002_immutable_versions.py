"""The database itself refuses to change or delete an approved version of minutes (rule 9).

Who approved may still be set to NULL when that user is deleted; the name stands in the row. SQLite rebuilds a table
when a migration alters it and drops its triggers then: such a migration must run `guard` again.

While 0001 is still being rewritten: move this file aside first, or makemigrations finds no parent for it.
"""

from django.db import migrations

COLUMNS = "tenant_id, minutes_id, number, canonical, sha256, approved_at, approver_name, reason"
WORDS = "approved minutes never change; a correction is a new version"

SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS minutes_version_unchanged
        BEFORE UPDATE OF {COLUMNS} ON minutes_minutesversion
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS minutes_version_kept
        BEFORE DELETE ON minutes_minutesversion
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION minutes_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE OR REPLACE TRIGGER minutes_version_unchanged
        BEFORE UPDATE OF {COLUMNS} ON minutes_minutesversion
        FOR EACH ROW EXECUTE FUNCTION minutes_version_is_frozen()""",
    """CREATE OR REPLACE TRIGGER minutes_version_kept
        BEFORE DELETE ON minutes_minutesversion
        FOR EACH ROW EXECUTE FUNCTION minutes_version_is_frozen()""",
)


def guard(apps, schema_editor):
    """Makes the triggers; a second call changes nothing."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def unguard(apps, schema_editor):
    connection = schema_editor.connection
    on = "" if connection.vendor == "sqlite" else " ON minutes_minutesversion"
    with connection.cursor() as cursor:
        for name in ("minutes_version_unchanged", "minutes_version_kept"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("minutes", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard, elidable=False)]

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_series(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Invitations queued before mails had series belong to that of the invitation, so that newer news supersedes them."""
    mails = apps.get_model("invites", "OutgoingMail").objects.using(schema_editor.connection.alias)
    mails.filter(kind="invitation", series="").update(series="invitation")


class Migration(migrations.Migration):
    dependencies = [("invites", "0008_telling_and_reminding")]

    operations = [migrations.RunPython(name_the_series, migrations.RunPython.noop)]

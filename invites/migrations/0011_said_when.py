from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Coalesce


def say_when(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Answers so far were said when they came in; the invitation takes both from the one that stands."""
    alias = schema_editor.connection.alias
    answers = apps.get_model("invites", "Answer").objects.using(alias)
    answers.update(said_at=models.F("answered_at"))
    standing = answers.filter(invitation=models.OuterRef("pk"), answered_at=models.OuterRef("replied_at"))
    invitations = (
        apps.get_model("invites", "Invitation").objects.using(alias).filter(replied_at__isnull=False)
    )
    sequence = models.Subquery(standing.values("event_sequence")[:1])
    invitations.update(said_at=models.F("replied_at"), said_sequence=Coalesce(sequence, models.Value(0)))


class Migration(migrations.Migration):
    dependencies = [("invites", "0010_answers_from_anywhere")]

    operations = [migrations.RunPython(say_when, migrations.RunPython.noop)]

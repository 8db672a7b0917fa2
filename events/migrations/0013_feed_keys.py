from django.db import migrations


def name_selections(apps, schema_editor):
    """Feeds so far show all meetings in full. What was kept had other names, and is written anew when asked for."""
    for feed in apps.get_model("events", "Feed").objects.all():
        feed.key = f"{feed.tenant_id}:staff:full:"
        feed.save(update_fields=["key"])
    for kept in ("StoredEvent", "StoredBody"):
        apps.get_model("events", kept).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("events", "0012_feeds_in_full")]

    operations = [migrations.RunPython(name_selections, migrations.RunPython.noop, elidable=True)]

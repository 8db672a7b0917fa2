"""What follows for events when one of their hosts gets another name."""

from django.utils import timezone

from events.directory import renaming
from events.directory.models import Organisation
from events.gatherings.models import Event
from events.gatherings.schedule import schedule_changed


def host_renamed(organisation: Organisation) -> None:
    """Calendars show the new name from their next reading on. The events' sequence stays: nobody has to be told."""
    hosted = Event.objects.of(organisation.tenant_id).filter(host_links__organisation=organisation)
    events = Event.objects.of(organisation.tenant_id).filter(pk__in=hosted.values("pk"))
    if events.update(changed_at=timezone.now()):
        schedule_changed(organisation.tenant_id)


renaming.register(host_renamed)

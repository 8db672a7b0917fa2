from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Rooms that follow what happens in a room below say so there."""
        from events.gatherings import hosting  # noqa: F401 - registers itself

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Rooms that show something on the pages of rooms below name it there."""
        from events.campaigns import beside  # noqa: F401 - registers itself

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Rooms that follow what happens in a room below, or show something on its pages, say so there."""
        from events.campaigns import beside  # noqa: F401 - registers itself
        from events.gatherings import hosting  # noqa: F401 - registers itself
        from events.gatherings.standing import beside as standing  # noqa: F401 - registers itself

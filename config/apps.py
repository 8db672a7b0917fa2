from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """An app for its commands alone: the demo's data calls the services of all floors, so it lives on top."""

    name = "config"

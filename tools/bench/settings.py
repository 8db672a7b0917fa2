"""The product's own settings, with the floors and peers beside its addresses, and no log lines in between."""

from config.settings import *  # noqa: F403 (all of them, by design)
from config.settings import STORAGES

ROOT_URLCONF = "tools.bench.urls"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = {"version": 1, "disable_existing_loggers": True}

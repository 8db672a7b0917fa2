"""The cast and the stage. Real servers where the machine has them; see README, "Tests"."""

import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.stage import ON_POSTGRES, POSTGRES_URL, REDIS_URL, REQUIRE_ALL, STAGE

# The same cases in every run, so that a green suite stays green; `HYPOTHESIS_PROFILE=search` looks for new ones.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def answers(url: str, port: int) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=2):
            return True
    except OSError:
        return False


POSTGRES_THERE = answers(POSTGRES_URL, 5432)
REDIS_THERE = answers(REDIS_URL, 6379)
CHROMIUM = next(
    (
        p
        for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        if Path(p).exists()
    ),
    "",
)

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NODE_ICAL = Path(__file__).resolve().parent.parent / "node_modules" / "node-ical"
LIBICAL = Path("/usr/lib/python3/dist-packages/gi"), "girepository-1.0/ICalGLib-3.0.typelib"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    there = {
        "postgres": (POSTGRES_THERE, "PostgreSQL is absent (TEST_POSTGRES_URL)"),
        "redis": (REDIS_THERE, "Redis is absent (TEST_REDIS_URL)"),
        "browser": (CHROMIUM, "Chromium is absent"),
        "libical": (
            LIBICAL[0].exists() and any(Path("/usr/lib").glob(f"*/{LIBICAL[1]}")),
            "libical is absent",
        ),
        "node_ical": (
            shutil.which("node") and NODE_ICAL.exists(),
            "node or node_modules/node-ical is absent",
        ),
        **{name: (shutil.which(name), f"{name} is absent") for name in ("vdirsyncer", "khal", "thunderbird")},
        "nginx": (NGINX, "nginx is absent"),
    }
    absent = {name: "" if found else reason for name, (found, reason) in there.items()}
    for item in items:
        names = [name for name in absent if item.get_closest_marker(name)]
        if ON_POSTGRES:
            names.append("postgres")
        for name in names:
            if absent[name] and REQUIRE_ALL:
                item.add_marker(pytest.mark.usefixtures("absence_is_failure"))
            elif absent[name]:
                item.add_marker(pytest.mark.skip(reason=absent[name]))


@pytest.fixture
def absence_is_failure() -> None:
    pytest.fail("a server or browser this test needs is absent, and REQUIRE_ALL=1 allows no skip")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite tests run on a file, so that threads and the live server see one database; each worker has its own."""
    from django.conf import settings

    if not ON_POSTGRES:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(STAGE / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """SQLite empties tables row by row after a transactional test, and the guard of approved minutes refuses that.

    tests/approval/test_immutable.py puts the guard back for itself. PostgreSQL truncates, which no row trigger sees.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS minutes_version_kept")


@pytest.fixture(autouse=True)
def empty_post_box(settings, tmp_path):
    """Each test has a mail folder and a cache of its own."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }


@pytest.fixture(autouse=True)
def bokmal():
    """Each test begins in the usual language: the test client leaves that of its last request behind."""
    translation.deactivate()


# --- The cast: recognisable, boring people. Kari and her colleagues work in Sandefjord, Nils in Kristiansand. -------
@pytest.fixture
def sandefjord(db):
    from tests.factories import tenant

    return tenant("sandefjord", name="Sandefjord kommune")


@pytest.fixture
def kristiansand(db):
    from tests.factories import tenant

    return tenant("kristiansand", name="Kristiansand kommune")


@pytest.fixture
def kari(sandefjord):
    """Coordinator in Sandefjord."""
    from tests.factories import staff

    return staff(sandefjord, "coordinator", name="Kari Koordinator")


@pytest.fixture
def mina(sandefjord):
    """Minute-taker in Sandefjord."""
    from tests.factories import staff

    return staff(sandefjord, "minute_taker", name="Mina Referent")


@pytest.fixture
def leif(sandefjord):
    """Reader in Sandefjord: sees counts, plans and approved minutes, never guests."""
    from tests.factories import staff

    return staff(sandefjord, "reader", name="Leif Leser")


@pytest.fixture
def nils(kristiansand):
    """Coordinator in Kristiansand: the stranger."""
    from tests.factories import staff

    return staff(kristiansand, "coordinator", name="Nils Nabo")


@pytest.fixture
def at_desk(client):
    """`at_desk(kari)` is a test client with Kari signed in."""

    def sit(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sit

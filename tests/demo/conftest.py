"""The demo, loaded once for all tests that only look at it or are undone anyway."""

import shutil

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

PASSWORD = "prøv-demoen-2026"


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Inside a transaction that the module's end undoes; each test runs in a savepoint of it."""
    mail = tmp_path_factory.mktemp("demo") / "mail"
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]  # as Django's TestCase marks its own: durable blocks may run inside
    with django_db_blocker.unblock(), outer, override_settings(DEMO_PASSWORD=PASSWORD, MAIL_DIR=mail):
        call_command("load_demo")
        yield mail
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded_once, db, settings):
    """The mail folder is a copy: no savepoint undoes files."""
    settings.DEMO_PASSWORD = PASSWORD
    shutil.copytree(loaded_once, settings.MAIL_DIR)

"""Bokmål is complete at once; English is the source. No string reaches a page without a Bokmål text."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is absent")


def read(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="nb") if message.id]


@pytest.fixture(scope="module")
def fresh_catalogue(tmp_path_factory):
    """The catalogue as makemessages writes it from today's sources, on a copy."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("config", "events", "invites", "minutes", "templates", "locale"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        from django.conf import settings

        patch.setattr(settings, "LOCALE_PATHS", [str(copy / "locale")])
        call_command("makemessages", locale=["nb"], no_location=True, verbosity=0)
    return read(copy / "locale/nb/LC_MESSAGES/django.po")


@needs_gettext
def test_every_string_has_a_bokmal_text(fresh_catalogue):
    texts = {m.id: m.string if isinstance(m.string, tuple) else (m.string,) for m in fresh_catalogue}
    missing = [id for id, strings in texts.items() if not all(strings)]
    fuzzy = [m.id for m in fresh_catalogue if m.fuzzy]
    assert (missing, fuzzy) == ([], [])


@needs_gettext
def test_translations_keep_their_placeholders(fresh_catalogue):
    wrong = []
    for message in fresh_catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        if any(set(PLACEHOLDER.findall(string)) - wanted for string in strings):
            wrong.append(ids[-1])
    assert wrong == []

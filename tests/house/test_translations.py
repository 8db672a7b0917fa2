"""Bokmål is complete at once, and so is what staff and invitees read in their own languages; English is the source."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

from events.languages import InviteeLanguage
from tools import texts

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
WHOLE = ["nb"]  # and English, which is the source
TRANSLATED = [language for language in InviteeLanguage.values if language != "en"]

needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is absent")


def read(path, language):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The whole catalogues as makemessages writes them from today's sources, on a copy; by language."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("config", "events", "invites", "minutes", "templates", "locale"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        from django.conf import settings

        patch.setattr(settings, "LOCALE_PATHS", [str(copy / "locale")])
        call_command("makemessages", locale=WHOLE, no_location=True, verbosity=0)
    return {language: read(copy / f"locale/{language}/LC_MESSAGES/django.po", language) for language in WHOLE}


@pytest.fixture(scope="module")
def for_invitees():
    return texts.ids()


@needs_gettext
@pytest.mark.parametrize("language", WHOLE)
def test_every_string_has_a_text_in_each_language_of_the_interface(fresh, language):
    strings = {m.id: m.string if isinstance(m.string, tuple) else (m.string,) for m in fresh[language]}
    missing = [id for id, string in strings.items() if not all(string)]
    fuzzy = [m.id for m in fresh[language] if m.fuzzy]
    assert (missing, fuzzy) == ([], [])


@needs_gettext
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_that_an_invitee_sees_has_a_text_in_ten_languages(for_invitees, language):
    assert len(for_invitees) > 200
    assert texts.lacking(language, for_invitees) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_their_placeholders(language):
    wrong = []
    for message in read(ROOT / f"locale/{language}/LC_MESSAGES/django.po", language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        if any(set(PLACEHOLDER.findall(string)) - wanted for string in strings):
            wrong.append(ids[-1])
    assert wrong == []

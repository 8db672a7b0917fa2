"""Who reads which text: a text that has none in the active language is noted."""

import pytest
from django.utils.translation import trans_real

# Asked for when Django's own forms for accounts are imported, and shown nowhere.
OF_NO_PAGE = "Whether the user will be able to authenticate"


@pytest.fixture
def untold(monkeypatch):
    """The texts that were asked for and not found in the language active then, as (language, text)."""
    missing: set[tuple[str, str]] = set()
    real = trans_real.DjangoTranslation

    def asked(found, key, text):
        language = found.language()
        if language != "en" and text and not text.startswith(OF_NO_PAGE) and not _has(found, key):
            missing.add((language, text))

    def gettext(self, message):
        asked(self, message, message)
        return super(real, self).gettext(message)

    def ngettext(self, singular, plural, number):
        asked(self, (singular, self.plural(number)), singular)
        return original(self, singular, plural, number)

    original = real.ngettext
    monkeypatch.setattr(real, "gettext", gettext, raising=False)
    monkeypatch.setattr(real, "ngettext", ngettext)
    return missing


def _has(found, key):
    try:
        return found._catalog[key] is not None
    except KeyError:
        return False

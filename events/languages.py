"""The languages we speak: two for everybody, eight more for those who are invited."""

from collections.abc import Mapping

from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

# Django knows no Somali. Its own texts in it (dates, field errors) stand in `locale-django/`.
LANG_INFO.setdefault("so", {"bidi": False, "code": "so", "name": "Somali", "name_local": "Soomaali"})


class Language(models.TextChoices):
    """Languages of the whole product: staff's pages, and all that invitees see."""

    BOKMAL = "nb", _("Norwegian Bokmål")
    ENGLISH = "en", _("English")


class InviteeLanguage(models.TextChoices):
    """Languages of everything that an invitee sees: pages, mails, letters, calendar files."""

    BOKMAL = "nb", _("Norwegian Bokmål")
    NYNORSK = "nn", _("Norwegian Nynorsk")
    DANISH = "da", _("Danish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")
    ARABIC = "ar", _("Arabic")
    SOMALI = "so", _("Somali")
    POLISH = "pl", _("Polish")
    UKRAINIAN = "uk", _("Ukrainian")
    URDU = "ur", _("Urdu")


RIGHT_TO_LEFT = frozenset({InviteeLanguage.ARABIC.value, InviteeLanguage.URDU.value})


def own_name(code: str) -> str:
    """What the language `code` calls itself, such as "norsk (bokmål)"."""
    return str(get_language_info(code)["name_local"])


def own_names() -> list[tuple[str, str]]:
    """(code, own name) of the languages of invitees, for who chooses one may not read the language of the page."""
    return [(code, own_name(code)) for code in InviteeLanguage.values]


def direction(code: str) -> str:
    """ "rtl" or "ltr", for the attribute `dir`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def other_languages() -> list[tuple[str, str, str]]:
    """(code, own name, direction) of the languages of invitees that the page is not in."""
    active = get_language()
    return [(code, own_name(code), direction(code)) for code in InviteeLanguage.values if code != active]


def wished(address: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The language for a page of invitees that may not tell whose it is: `lang` in the address, else the first that the
    browser asks for and we speak, else the active one.
    """
    asked = address.get("lang", "")
    read = [code for code, _weight in parse_accept_lang_header(headers.get("Accept-Language", ""))]
    for code in (asked, *read):
        spoken = _NORWEGIAN.get(code.split("-")[0], code.split("-")[0])
        if spoken in InviteeLanguage.values:
            return spoken
    return get_language() or InviteeLanguage.BOKMAL.value


_NORWEGIAN = {"no": "nb"}

"""The languages we speak: two for everybody, eight more for those who are invited."""

from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

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


def direction(code: str) -> str:
    """ "rtl" or "ltr", for the attribute `dir`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"

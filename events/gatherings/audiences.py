"""Who looks at an event, from outside to inside (rule 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.IntegerChoices):
    """A ladder: who stands higher sees all that the lower ones see, and more."""

    PUBLIC = 0, _("everybody")
    INVITED = 1, _("those who are invited")
    ACCEPTED = 2, _("those who come")
    CO_HOST = 3, _("co-hosts")
    ORGANISER = 4, _("the organiser alone")

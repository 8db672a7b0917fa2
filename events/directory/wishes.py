"""What a person asked of us: not to be shown, not to be invited any more, to be forgotten (GDPR articles 17 and 21)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Wished(models.Model):
    """Set by the person on the own page, or by an operator; an organiser sees it and cannot override it by mistake."""

    unlisted = models.BooleanField(_("not shown to other guests"), default=False)
    opted_out_at = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # asked not to be invited any more
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # what is left tells nothing of a person

    class Meta:
        abstract = True

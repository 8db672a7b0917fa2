"""Whose an action point is, and by when: the same in the minutes' text and in the row that lives on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.dates import Precision, VagueDate
from events.directory.models import Contact, Organisation
from events.tenancy.models import Membership

# The columns of `Owned`.
OWNED = (
    "owner",
    "owner_contact_id",
    "owner_organisation_id",
    "owner_membership_id",
    "due_from",
    "due_precision",
    "not_before",
)


class Owned(models.Model):
    """`owner` is the name as written. At most one of the links says who that is; none where the name is not known."""

    owner = models.CharField(_("who"), max_length=200, blank=True)
    owner_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # A vague date is kept as its first day and a precision (rule 11).
    due_from = models.DateField(_("by when"), null=True, blank=True)
    due_precision = models.CharField(  # noqa: DJ001 - none with no date, as in events
        max_length=10, choices=Precision, null=True, blank=True
    )
    not_before = models.DateField(_("not before"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def due(self) -> VagueDate | None:
        if self.due_from is None:
            return None
        return VagueDate(self.due_from, self.due_precision or Precision.DAY)


def due_facts(due: VagueDate | None) -> dict[str, object]:
    """The columns of a vague date."""
    return {"due_from": due.first if due else None, "due_precision": due.precision if due else None}

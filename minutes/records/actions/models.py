"""Action points: one row for life, from the minutes that were approved until it is closed; and what became of each."""

import datetime as dt
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.dates import Precision, VagueDate
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet
from events.tokens import derive, digest, new_nonce, recover
from minutes.records.models import Outcome
from minutes.records.owning import Owned

LINK_LIVES = dt.timedelta(days=60)  # after the reminder that held it


class ActionItemStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


SUCCESSORS: dict[str, frozenset[str]] = {
    ActionItemStatus.OPEN: frozenset({ActionItemStatus.DONE, ActionItemStatus.DROPPED}),
    ActionItemStatus.DONE: frozenset({ActionItemStatus.OPEN}),
    ActionItemStatus.DROPPED: frozenset({ActionItemStatus.OPEN}),
}


class ActionItemQuerySet(TenantQuerySet["ActionItem"]):
    def open(self) -> Self:
        return self.filter(status=ActionItem.Status.OPEN)

    def closed(self) -> Self:
        return self.exclude(status=ActionItem.Status.OPEN)

    def overdue(self, today: dt.date | None = None) -> Self:
        """Open, and the last day that the date may mean is over."""
        return self.open().filter(due_last__lt=today or timezone.localdate())

    def first_due(self) -> Self:
        """What is due first comes first; without a date last."""
        return self.order_by(models.F("due_last").asc(nulls_last=True), "pk")


class ActionItem(Owned, TenantModel):
    """Who does what, by when. Made when minutes are approved, so that nothing unapproved binds anybody.

    `text` and `owner` are what was approved until a colleague changes them; the outcome keeps the words of the minutes.
    """

    Status = ActionItemStatus

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="action")
    text = models.TextField(_("what is to be done"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    due_last = models.DateField(
        null=True, editable=False
    )  # the last day that the date may mean, kept by save()
    reminded_on = models.DateField(null=True, editable=False)
    # The owner's link: made with the first reminder; a new nonce takes back all links made before.
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - none yet
    link_expires_at = models.DateTimeField(null=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = (models.F("due_last").asc(nulls_last=True), "pk")
        indexes = (models.Index(fields=("tenant", "status", "due_last"), name="action_by_due"),)
        constraints = (
            one_of("action_status_known", "status", ActionItemStatus),
            all_or_none("action_due_with_precision", "due_from", "due_precision"),
            all_or_none("action_due_with_last_day", "due_from", "due_last"),
            models.CheckConstraint(
                name="action_closed_when_closed",
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.due_last = self.due.last if self.due else None
        super().save(*args, **kwargs)

    @property
    def is_overdue(self) -> bool:
        late = self.due_last is not None and self.due_last < timezone.localdate()
        return late and self.status == ActionItem.Status.OPEN

    @property
    def token(self) -> str:
        """The secret in the owner's link. Never log it, never show it to staff. LookupError when no key made it."""
        return recover("action", self.nonce, self.token_hash or "")

    def seal(self) -> None:
        self.token_hash = digest(derive("action", self.nonce))


class ChangeKind(models.TextChoices):
    OPENED = "opened", _("decided in a meeting")
    CHANGED = "changed", _("changed")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")
    REOPENED = "reopened", _("opened again")
    NOT_YET = "not_yet", _("not done yet")
    NEW_DATE = "new_date", _("asked for another date")
    REMINDED = "reminded", _("reminded by e-mail")
    LINK_REVOKED = "link_revoked", _("the link was taken back")


class ChangeSource(models.TextChoices):
    MINUTES = "minutes", _("the minutes")
    STAFF = "staff", _("a colleague")
    OWNER = "owner", _("the person it is for")
    CLOCK = "clock", _("the reminder")


class ActionChange(TenantModel):
    """What became of an action point: who said it, when, and where it came from. Rows are only ever added."""

    Kind = ChangeKind
    Source = ChangeSource

    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="history")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    source = models.CharField(max_length=20, choices=ChangeSource)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    # The date that was proposed or set; none where it is not about the date.
    due_from = models.DateField(null=True)
    due_precision = models.CharField(max_length=10, choices=Precision, null=True)  # noqa: DJ001 - none with no date

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            one_of("action_change_kind_known", "kind", ChangeKind),
            one_of("action_change_source_known", "source", ChangeSource),
            all_or_none("action_change_due_with_precision", "due_from", "due_precision"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def due(self) -> VagueDate | None:
        return VagueDate(self.due_from, self.due_precision or Precision.DAY) if self.due_from else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the history of an action point is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of an action point is only ever added to")

"""What was decided about two rows of the directory that look alike: not the same, or merged into one.

Both name rows by id, not by foreign key: one of the two rows of a merger is gone, and the trail outlives the other too.
"""

from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from events.constraints import one_of
from events.directory.models import Contact, Organisation
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet

Row = Contact | Organisation
Pair = tuple[int, int]  # two ids, the lower one first


class Subject(models.TextChoices):
    CONTACT = "contact"
    ORGANISATION = "organisation"


def subject_of(row: Row) -> Subject:
    return Subject.CONTACT if isinstance(row, Contact) else Subject.ORGANISATION


class NotSameQuerySet(TenantQuerySet["NotSame"]):
    def pairs(self, subject: Subject) -> set[Pair]:
        return set(self.filter(subject=subject).values_list("first", "second"))

    def around(self, subject: Subject, pk: int) -> Self:
        """The verdicts in which the row `pk` is one of the two."""
        return self.filter(Q(first=pk) | Q(second=pk), subject=subject)


class NotSame(TenantModel):
    """Somebody looked at two rows and found that they are two. The pair is hinted no more."""

    subject = models.CharField(max_length=20, choices=Subject)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = NotSameQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "subject", "first", "second"), name="not_same_once"),
            models.CheckConstraint(name="not_same_in_order", condition=Q(first__lt=F("second"))),
            one_of("not_same_subject_known", "subject", Subject),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.first} ≠ {self.second}"


class MergerQuerySet(TenantQuerySet["Merger"]):
    def into(self, subject: Subject, kept: Iterable[int]) -> Self:
        """The mergers that ended in one of the rows `kept`."""
        return self.filter(subject=subject, kept_id__in=list(kept))


class Merger(TenantModel):
    """Two rows became one. `facts` is what the gone one held, by field; `dropped` the links that could not follow.

    `kept` is what the kept row held until then. Only ever added: a row goes into another one once.
    """

    subject = models.CharField(max_length=20, choices=Subject)
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    name = models.CharField(max_length=200)  # of the gone row
    facts = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)  # model label -> how many of its rows followed
    dropped = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = MergerQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("tenant", "subject", "kept_id")),)
        constraints = (
            models.UniqueConstraint(fields=("tenant", "subject", "gone_id"), name="gone_once"),
            models.CheckConstraint(name="merged_two_rows", condition=~Q(kept_id=F("gone_id"))),
            one_of("merger_subject_known", "subject", Subject),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.gone_id} -> {self.kept_id}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("what was merged stays on record")

"""What was said: minutes, attendance and outcomes. An action point that is approved is a row of its own (actions/)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import all_or_none, one_of
from events.directory.models import OrganisationKind
from events.gatherings.agenda import ItemLevel
from events.gatherings.models import Event, ProgrammeItem
from events.plans.models import Measure
from events.tenancy.models import Membership, User
from events.tenancy.permissions import Permission
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.invitations.models import Invitation
from minutes.records.owning import Owned
from minutes.records.refusals import Frozen


class Phase(models.TextChoices):
    """Where a measure stands, in words (kausal-watch's vocabulary, adapted)."""

    NOT_STARTED = "not_started", _("not started")
    PLANNING = "planning", _("planning")
    UNDER_WAY = "under_way", _("under way")
    STANDING = "standing", _("standing")
    COMPLETED = "completed", _("completed")
    POSTPONED = "postponed", _("postponed")
    ENDED = "ended", _("ended")
    TO_BE_CONSIDERED = "to_be_considered", _("to be considered")


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    APPROVED = "approved", _("approved")


class MinutesQuerySet(TenantQuerySet["Minutes"]):
    def waiting(self) -> Self:
        """Submitted and not yet approved, the longest waiting first."""
        return self.filter(state=Minutes.State.SUBMITTED).order_by("submitted_at", "pk")

    def drafts(self) -> Self:
        return self.filter(state=Minutes.State.DRAFT)

    def approved(self) -> Self:
        return self.filter(state=Minutes.State.APPROVED)

    def visible_to(self, membership: Membership) -> Self:
        """Approved ones for those who may see minutes; drafts and waiting ones too for those who may see drafts."""
        if membership.may(Permission.SEE_DRAFT_MINUTES):
            return self
        return self.approved() if membership.may(Permission.SEE_MINUTES) else self.none()


class Minutes(TenantModel):
    """The minutes of one event. While approved they cannot change (rule 9); the frozen text is a MinutesVersion."""

    State = MinutesState

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    sent_back_because = models.CharField(_("what to change"), max_length=500, blank=True)
    # Rises with every save by hand; an older form is told so, nothing is lost. 0: nobody has written yet.
    revision = models.PositiveIntegerField(default=0)
    # Numbers of the arrivals at the door that became rows, so that a row taken out or renamed does not come back.
    walk_ins_taken_in = models.JSONField(default=list, editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "minutes"
        ordering = ("-opened_at", "-pk")
        constraints = (
            one_of("minutes_state_known", "state", MinutesState),
            models.CheckConstraint(
                name="minutes_approved_when_approved",
                condition=Q(state="approved", approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_at__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event}"

    @property
    def is_editable(self) -> bool:
        return self.state == Minutes.State.DRAFT


SUCCESSORS: dict[str, frozenset[str]] = {
    Minutes.State.DRAFT: frozenset({Minutes.State.SUBMITTED}),
    Minutes.State.SUBMITTED: frozenset({Minutes.State.DRAFT, Minutes.State.APPROVED}),
    Minutes.State.APPROVED: frozenset(),
}


class PartOfMinutes(TenantModel):
    """A row of the minutes' text. Refuses to be saved or deleted one by one once the minutes are approved.

    The services write rows in bulk, inside the transaction that has claimed the draft.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_if_frozen(self) -> None:
        minutes_id = self.minutes_id  # type: ignore[attr-defined]
        if Minutes.objects.of(self.tenant_id).approved().filter(pk=minutes_id).exists():
            raise Frozen("these minutes are approved")


class MinutesItem(PartOfMinutes):
    """The notes of one programme item, or of an item that came up in the meeting."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="items")
    programme_item = models.ForeignKey(ProgrammeItem, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=300)
    notes = models.TextField(_("notes"), blank=True)
    level = models.CharField(
        max_length=20, choices=ItemLevel, blank=True
    )  # of the programme item, should it go

    class Meta:
        ordering = ("minutes", "position", "pk")

    def __str__(self) -> str:
        return self.title


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")
    OBSERVER = "observer", _("observer")


# Who was in the room. An observer was, without taking part in decisions.
WAS_THERE = (AttendanceStatus.PRESENT, AttendanceStatus.OBSERVER)


class Attendance(PartOfMinutes):
    """A person's attendance. Excused is absent with notice, absent is without.

    Prefilled from the answers; walk-ins have no invitation.
    """

    Status = AttendanceStatus

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="attendance")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+")
    # Which of the people an organisation named it is; 0 is the invitee.
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    organisation_kind = models.CharField(max_length=20, choices=OrganisationKind, blank=True)
    status = models.CharField(_("attendance"), max_length=20, choices=Status, default=Status.PRESENT)
    substitute_for = models.CharField(_("substitute for"), max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ("organisation", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("minutes", "invitation", "position"), name="attendance_once"),
            one_of("attendance_status_known", "status", AttendanceStatus),
        )

    def __str__(self) -> str:
        return self.name


class Headcount(PartOfMinutes):
    """How many came from an organisation, where no names are taken."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="headcounts")
    organisation = models.CharField(_("organisation or group"), max_length=200)
    count = models.PositiveIntegerField(_("number present"))

    class Meta:
        ordering = ("organisation", "pk")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.count}"


class OutcomeKind(models.TextChoices):
    INFORMATION = "information", _("information")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action point")
    MEASURE_UPDATE = "measure_update", _("measure update")
    REFERRAL = "referral", _("referral")


class Outcome(Owned, PartOfMinutes):
    """What an item led to: information, a decision, an action, a measure that moved, or a referral to somebody else.

    Whose an action is and by when stands here while it is written; it binds somebody as an ActionItem, once approved.
    A referral's owner is whom it is referred to. A decision gets its number with the approval (DecisionNumber).
    """

    Kind = OutcomeKind

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="outcomes")
    item = models.ForeignKey(
        MinutesItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="outcomes"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("text"))
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="outcomes"
    )
    phase = models.CharField(_("new status"), max_length=20, choices=Phase, blank=True)
    basis = models.CharField(_("basis"), max_length=500, blank=True)
    dissent = models.TextField(_("dissent"), blank=True)

    class Meta:
        ordering = ("minutes", "position", "pk")
        constraints = (
            one_of("outcome_kind_known", "kind", OutcomeKind),
            all_or_none("outcome_due_with_precision", "due_from", "due_precision"),
            models.CheckConstraint(
                name="measure_update_names_measure_and_phase",
                condition=~Q(kind="measure_update") | (Q(measure__isnull=False) & ~Q(phase="")),
            ),
        )

    def __str__(self) -> str:
        return self.text

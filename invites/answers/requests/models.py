"""What an invitee asks the organiser for: to be heard after the deadline, to send somebody else."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.tenancy.models import InviteeLanguage, User
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.answers.models import AnswerSource
from invites.invitations.models import Invitation, Mode, Reply

MOST = 20  # of one kind for one invitation, in all
MOST_NAMED = 3  # each of them may mean a mail to a stranger


class RequestKind(models.TextChoices):
    LATE_ANSWER = "late_answer", _("answer after the deadline")
    SUBSTITUTE = "substitute", _("somebody else comes")
    DELEGATION = "delegation", _("passed on in the calendar")


NAMING = (RequestKind.SUBSTITUTE, RequestKind.DELEGATION)  # those that name somebody to come instead


class RequestState(models.TextChoices):
    PENDING = "pending", _("waits for the organiser")
    GRANTED = "granted", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back or replaced")


SUCCESSORS: dict[str, frozenset[RequestState]] = {
    RequestState.PENDING: frozenset(
        {RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN},
    ),
    RequestState.GRANTED: frozenset(),
    RequestState.REFUSED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}


class AnswerRequestQuerySet(TenantQuerySet["AnswerRequest"]):
    def pending(self) -> "AnswerRequestQuerySet":
        return self.filter(state=RequestState.PENDING)

    def naming(self) -> "AnswerRequestQuerySet":
        return self.filter(kind__in=NAMING)


class AnswerRequest(TenantModel):
    """One thing asked. A late answer has `reply` and what belongs to it; the other kinds name a person.

    `people` are those whom an organisation names: a list of [name, role, e-mail]. `number` counts the requests of one
    kind for one invitation, so that the database itself keeps to the limits. The address of somebody who does not come
    after all is forgotten.
    """

    Kind = RequestKind
    State = RequestState

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=20, choices=RequestKind)
    number = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField(default=0)  # the revision of time and place that was in mind
    reply = models.CharField(_("answer"), max_length=20, choices=Reply, blank=True, default="")
    mode = models.CharField(_("takes part"), max_length=10, choices=Mode, blank=True, default="")
    people: Any = models.JSONField(default=list, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL)
    source = models.CharField(_("source"), max_length=20, choices=AnswerSource, default=AnswerSource.WEB)
    asked_at = models.DateTimeField(default=timezone.now)
    said_at = models.DateTimeField(null=True)  # of a mail: when it was said, before it came in
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.PENDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    stand_in = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AnswerRequestQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "pk")
        indexes = (models.Index(fields=("tenant",), condition=Q(state="pending"), name="request_pending"),)
        constraints = (
            models.UniqueConstraint(
                fields=("invitation", "kind"), condition=Q(state="pending"), name="request_pending_once"
            ),
            models.UniqueConstraint(fields=("invitation", "kind", "number"), name="request_numbered"),
            models.CheckConstraint(
                name="request_within_limits",
                condition=Q(number__gte=1)
                & (Q(kind="late_answer", number__lte=MOST) | Q(number__lte=MOST_NAMED)),
            ),
            models.CheckConstraint(
                name="request_asks_one_thing",
                condition=Q(kind="late_answer", reply__in=("accepted", "tentative", "declined"), name="")
                | (~Q(kind="late_answer") & Q(reply="") & ~Q(name="")),
            ),
            models.CheckConstraint(
                name="request_decided_at_a_moment",
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
            ),
            one_of("request_kind_known", "kind", RequestKind),
            one_of("request_state_known", "state", RequestState),
            one_of("request_source_known", "source", AnswerSource),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"

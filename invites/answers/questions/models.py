"""An event's own questions, and what is answered to them: current answers only, deleted on the day promised."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.models import Event
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.invitations.models import Invitation


class QuestionKind(models.TextChoices):
    TEXT = "text", _("free text")
    NUMBER = "number", _("a number")
    CHOICE = "choice", _("one of several choices")
    SEVERAL = "several", _("any of several choices")


class Sensitivity(models.TextChoices):
    """How much an answer tells of a person; whatever is above ordinary is sealed."""

    ORDINARY = "ordinary", _("ordinary: tells nothing about the person")
    PERSONAL = "personal", _("personal: about the person, kept encrypted")
    SPECIAL = "special", _("special category: health, belief, origin and the like, kept encrypted")


class QuestionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")


CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.SEVERAL})
SUCCESSORS = {
    QuestionState.DRAFT: frozenset({QuestionState.PUBLISHED}),
    QuestionState.PUBLISHED: frozenset({QuestionState.CLOSED}),
    QuestionState.CLOSED: frozenset(),
}


class QuestionQuerySet(TenantQuerySet["Question"]):
    def asked(self) -> Self:
        """What the invitees' form asks, in its order."""
        return self.filter(state=QuestionState.PUBLISHED).order_by("position", "pk")


class Question(TenantModel):
    """Words, kind and promises of a published question never change: a change makes a new one in its place.

    `purpose`, `sensitivity` and `delete_on` may be missing in a draft only; the database sees to it.
    """

    Kind, State = QuestionKind, QuestionState

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.TEXT)
    label = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("explanation"), max_length=500, blank=True)
    required = models.BooleanField(_("must be answered with a yes"), default=False)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    purpose = models.CharField(_("why we ask"), max_length=300, blank=True)
    sensitivity = models.CharField(
        _("what the answers tell"), max_length=10, choices=Sensitivity, blank=True, default=""
    )
    delete_on = models.DateField(_("answers are deleted on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("event", "position", "pk")
        constraints = (
            one_of("question_kind_known", "kind", QuestionKind),
            one_of("question_state_known", "state", QuestionState),
            models.CheckConstraint(
                name="question_sensitivity_known",
                condition=Q(sensitivity="") | Q(sensitivity__in=Sensitivity.values),
            ),
            models.CheckConstraint(
                name="asked_question_says_why_and_until_when",
                condition=Q(state="draft")
                | (~Q(purpose="") & ~Q(sensitivity="") & Q(delete_on__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def is_sealed(self) -> bool:
        """Whether answers are kept encrypted, and so never shown back to whoever holds the link."""
        return self.sensitivity != Sensitivity.ORDINARY

    @property
    def is_special(self) -> bool:
        return self.sensitivity == Sensitivity.SPECIAL

    @property
    def chooses(self) -> bool:
        return self.kind in CHOOSING


class QuestionAnswer(TenantModel):
    """The current answer of one invitation: JSON in `value`, or sealed where it tells something of a person."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="question_answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    value = models.TextField(blank=True)
    sealed = models.TextField(blank=True)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("question", "invitation")
        constraints = (
            models.UniqueConstraint(fields=("invitation", "question"), name="question_answered_once"),
            models.CheckConstraint(
                name="question_answer_open_or_sealed",
                condition=(Q(value="") & Q(sealed__contains=".")) | (~Q(value="") & Q(sealed="")),
            ),
        )

    def __str__(self) -> str:
        return f"answer {self.answered_at:%Y-%m-%d}"

    @property
    def place(self) -> str:
        """What a sealed answer is sealed for: in another row it does not open."""
        return place_of(self.tenant_id, self.question_id, self.invitation_id)


def place_of(tenant_id: int, question_id: Any, invitation_id: int) -> str:
    return f"question:{tenant_id}:{question_id}:{invitation_id}"

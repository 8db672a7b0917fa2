"""Answers, only ever added (rule 7)."""

from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel, TenantQuerySet
from invites.invitations.models import Invitation, Mode, Reply


class AnswerSource(models.TextChoices):
    WEB = "web", _("on the web")
    STAFF = "staff", _("recorded by the organiser")
    PHONE = "phone", _("by telephone")
    LETTER = "letter", _("by letter")
    DOOR = "door", _("at the door")
    CALENDAR = "calendar", _("from the calendar")
    MAIL = "mail", _("by e-mail")
    STAND_IN = "stand_in", _("by the one who was invited")
    WAITLIST = "waitlist", _("by the waiting list")


# What a member of staff records for somebody; taken until the event begins, with an audit row.
RECORDED = frozenset({AnswerSource.STAFF, AnswerSource.PHONE, AnswerSource.LETTER, AnswerSource.DOOR})


# What decides which answer stands (rule 7): the highest of these, compared one after the other.
ORDER = ("event_sequence", "said_at", "answered_at", "pk")


class AnswerQuerySet(TenantQuerySet["Answer"]):
    def about(self, invitation: Invitation) -> Self:
        """Those of one invitation, which names the tenant too."""
        return self.of(invitation.tenant_id).filter(invitation=invitation)

    def standing(self, invitation: Invitation) -> "Answer | None":
        """The one that stands of `invitation`, as it was read; None while nothing was said.

        The highest, or one that the highest only repeats (`standing.py`).
        """
        if not invitation.replied_at:
            return None
        return self.about(invitation).filter(answered_at=invitation.replied_at).first()


class Answer(TenantModel):
    """One answer as it was given. `event_sequence` is the revision of time and place it answers to.

    The one that stands is the highest by (event_sequence, said_at, answered_at), whatever order they came in, or the
    one that this only repeats. `said_at` is when the invitee said it (a calendar's DTSTAMP, clamped), `answered_at`
    when it came in.
    """

    Source = AnswerSource

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="answers")
    reply = models.CharField(_("answer"), max_length=20, choices=Reply)
    party = models.PositiveSmallIntegerField(default=1)  # people who come with a yes
    # Whether it said who or how many come; where not, those of the yes before it stay.
    says_who = models.BooleanField(default=False)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    mode = models.CharField(_("takes part"), max_length=10, choices=Mode, blank=True, default="")
    said_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(default=timezone.now)
    event_sequence = models.PositiveIntegerField(default=0)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = tuple(f"-{name}" for name in ORDER)  # the one that stands first
        constraints = (
            one_of("answer_reply_known", "reply", Reply),
            one_of("answer_source_known", "source", AnswerSource),
        )

    def __str__(self) -> str:
        return f"{self.reply} {self.answered_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("answers are only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("answers are only ever added to")

"""How an event is attended: its seats, who may come along or instead, and who may know of whom (rule 5)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.gatherings.audiences import Audience


class WaitlistMode(models.TextChoices):
    NONE = "none", _("no waiting list")
    OFFER = "offer", _("a free seat is offered to the next, who answers within a time")
    AUTOMATIC = "automatic", _("a free seat goes to the next at once")


class SubstituteRule(models.TextChoices):
    NONE = "none", _("nobody may send somebody else")
    APPROVE = "approve", _("the organiser approves each")
    AUTOMATIC = "automatic", _("whoever is named comes")


class Attended(models.Model):
    """`seats_taken` counts those who come in person; who joins online takes no seat."""

    capacity = models.PositiveIntegerField(_("number of seats"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(default=0, editable=False)
    somebody_waits = models.BooleanField(default=False, editable=False)  # maybe: false only when nobody does
    waitlist = models.CharField(
        _("waiting list"), max_length=10, choices=WaitlistMode, default=WaitlistMode.OFFER
    )
    per_organisation = models.PositiveSmallIntegerField(
        _("most seats for one organisation"), null=True, blank=True
    )
    companions = models.PositiveSmallIntegerField(_("how many each may bring"), default=0)
    substitutes = models.CharField(
        _("sending somebody else"), max_length=10, choices=SubstituteRule, default=SubstituteRule.APPROVE
    )
    asks_needs = models.BooleanField(_("invitees are asked what they need"), default=True)
    # Whether a question of the organiser's own is published, so that an answer need not look for one.
    asks_questions = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def seats_left(self) -> int | None:
        return None if self.capacity is None else self.capacity - self.seats_taken


class Guarded(models.Model):
    """The matrix: for each fact about a guest the lowest audience that sees it. Restricted unless set otherwise.

    `place_hours_before` is how long before the begin the exact place opens to those who come; None: with their yes.
    A locked event answers "closed" wherever somebody without an account asks (the kill switch).
    """

    name_for = models.PositiveSmallIntegerField(_("name"), choices=Audience, default=Audience.ORGANISER)
    organisation_for = models.PositiveSmallIntegerField(
        _("organisation"), choices=Audience, default=Audience.ORGANISER
    )
    role_for = models.PositiveSmallIntegerField(_("role"), choices=Audience, default=Audience.ORGANISER)
    contact_for = models.PositiveSmallIntegerField(
        _("e-mail and telephone"), choices=Audience, default=Audience.ORGANISER
    )
    answer_for = models.PositiveSmallIntegerField(_("answer"), choices=Audience, default=Audience.ORGANISER)
    count_for = models.PositiveSmallIntegerField(
        _("how many come"), choices=Audience, default=Audience.ORGANISER
    )
    place_hours_before = models.PositiveSmallIntegerField(
        _("hours before the meeting that the exact place is told"), null=True, blank=True
    )
    place_told_at = models.DateTimeField(null=True, editable=False)
    police_attends = models.BooleanField(_("the police take part"), default=False)
    press_attends = models.BooleanField(_("the press takes part"), default=False)
    ex_officio = models.CharField(
        _("others who take part by virtue of their office"), max_length=300, blank=True
    )
    locked_at = models.DateTimeField(null=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


GUEST_FIELDS = ("name", "organisation", "role", "contact", "answer", "count")

ATTENDED_CONSTRAINTS = (
    models.CheckConstraint(
        name="seats_never_overbooked",
        condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
    ),
    one_of("event_waitlist_known", "waitlist", WaitlistMode),
    one_of("event_substitutes_known", "substitutes", SubstituteRule),
    *(
        models.CheckConstraint(
            name=f"event_{name}_for_known", condition=Q(**{f"{name}_for__in": Audience.values})
        )
        for name in GUEST_FIELDS
    ),
)

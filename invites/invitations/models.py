"""Who is asked. The current answer on the row is derived from the answers (rule 7), kept for lists and counts."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Channel, Contact
from events.gatherings.models import Event
from events.tenancy.models import InviteeLanguage, User
from events.tenancy.scoping import TenantModel, TenantQuerySet
from events.tokens import derive, digest, new_nonce, recover
from invites.invitations.standing import ANSWERED_CONSTRAINTS, HOLDS_SEATS, Answered
from invites.invitations.standing import Mode as Mode
from invites.invitations.standing import Reply as Reply

LINK_LIVES = dt.timedelta(days=30)  # after the end of the event


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    def open(self, now: Any = None) -> Self:
        """Invitations whose links open something: those of `known` whose event is not locked."""
        return self.known(now).filter(event__locked_at__isnull=True)

    def known(self, now: Any = None) -> Self:
        """Invitations whose links still work: a while after the event's end, wherever it is moved to meanwhile.

        `now` is for prepared statements, which are told the moment anew each time.
        """
        now = now or timezone.now()
        return self.valid().exclude(expires_at__lte=now).exclude(event__ends_at__lte=now - LINK_LIVES)

    def valid(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def coming(self) -> Self:
        return self.valid().filter(reply=Reply.ACCEPTED)

    def holding_seats(self) -> Self:
        return self.valid().filter(HOLDS_SEATS)

    def waiting(self) -> Self:
        """On the waiting list, without an offer."""
        return self.valid().filter(reply=Reply.WAITING, offered_until__isnull=True)

    def silent(self) -> Self:
        return self.valid().filter(reply="")


class Invitation(Answered, TenantModel):
    """A contact asked to an event, with a secret link (rule 3). The organisation is kept as it was when asked."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="invitations")
    language = models.CharField(
        _("language"), max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    reply_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True)  # an end of its own, earlier than the usual one (see `open`)
    revoked_at = models.DateTimeField(null=True)
    channel = models.CharField(_("asked by"), max_length=10, choices=Channel, default=Channel.EMAIL)
    # An organisation is asked through one of its contacts and names up to `quota` people itself.
    for_organisation = models.BooleanField(default=False)
    quota = models.PositiveSmallIntegerField(_("how many it may send"), default=1)
    wave = models.ForeignKey(
        "invites.Wave", null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    note = models.CharField(_("personal note"), max_length=2000, blank=True)  # to one, then to all
    opened_at = models.DateTimeField(null=True)  # when a browser first showed its page
    printed_at = models.DateTimeField(null=True)  # when its letter was last made
    code_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="stand_ins"
    )
    unlisted = models.BooleanField(default=False)  # objected to being shown to anybody but the organiser

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("event", "contact__name", "pk")
        indexes = (models.Index(fields=("event", "reply")),)
        constraints = (
            # A withdrawn invitation stays as history; the contact may be invited anew, with another link.
            models.UniqueConstraint(
                fields=("event", "contact"), condition=Q(revoked_at__isnull=True), name="contact_invited_once"
            ),
            *ANSWERED_CONSTRAINTS,
        )

    def __str__(self) -> str:
        return f"{self.contact} – {self.event}"

    def seal(self) -> None:
        """Sets the stored hashes from the nonce; for new rows and after the nonce changed."""
        self.token_hash = digest(derive("rsvp", self.nonce))
        self.reply_hash = digest(derive("reply", self.nonce))

    @property
    def token(self) -> str:
        """The secret in the invitee's link. Never log it, never show it to staff."""
        return recover("rsvp", self.nonce, self.token_hash)

    @property
    def reply_token(self) -> str:
        """The secret in the reply address `svar-<token>@`."""
        return recover("reply", self.nonce, self.reply_hash)


class Representative(TenantModel):
    """A person whom an invited organisation named itself. Only staff and the organisation see it."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="representatives")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ("invitation", "position")
        constraints = (
            models.UniqueConstraint(fields=("invitation", "position"), name="representative_once"),
            models.CheckConstraint(name="representative_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name


class CallOutcome(models.TextChoices):
    NOT_REACHED = "not_reached", _("called, nobody answered")
    WILL_ANSWER = "will_answer", _("called, will answer later")
    WRONG_NUMBER = "wrong_number", _("called, the number is wrong")


class CallAttempt(TenantModel):
    """A call to an invitee that brought no answer yet, so that a colleague does not ring five minutes later."""

    Outcome = CallOutcome

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(_("what came of it"), max_length=20, choices=Outcome)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (one_of("call_outcome_known", "outcome", CallOutcome),)

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"

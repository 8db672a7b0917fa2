"""What a round of invitations is written with: a tenant's own words, files that go along, tests to oneself."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tenancy.models import InviteeLanguage, User
from events.tenancy.scoping import TenantModel


class MailKind(models.TextChoices):
    """The mails whose words a tenant can edit."""

    INVITATION = "invitation", _("invitation")
    UPDATE = "update", _("change of the meeting")
    CANCELLATION = "cancellation", _("cancellation")
    CHASE = "chase", _("reminder to answer")
    SETTLE = "settle", _("reminder to settle a maybe")
    REMINDER = "reminder", _("reminder to those who come")


class MailTemplate(TenantModel):
    """A tenant's own words for a kind of mail in a language; without a row the built-in ones stand (ADR 0011)."""

    kind = models.CharField(_("kind of mail"), max_length=20, choices=MailKind)
    language = models.CharField(_("language"), max_length=5, choices=InviteeLanguage)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(fields=("tenant", "kind", "language"), name="mail_template_once"),
            one_of("mail_template_kind_known", "kind", MailKind),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"


def enclosure_path(enclosure: "Enclosure", _name: str) -> str:
    """A random place in the media store: nothing that a person typed becomes a path."""
    return f"enclosures/{enclosure.tenant_id}/{secrets.token_hex(16)}"


class Enclosure(TenantModel):
    """A file kept with an event's invitations; `with_invitation` says whether it goes along with the mail."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="enclosures")
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to=enclosure_path, max_length=120)
    with_invitation = models.BooleanField(_("goes along with the invitation"), default=True)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("event", "added_at", "pk")
        constraints = (models.UniqueConstraint(fields=("event", "name"), name="enclosure_name_once"),)

    def __str__(self) -> str:
        return self.name


class TrialMail(TenantModel):
    """An invitation that a member of staff sent to the own address, to see it: whose words, and which note."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=2000, blank=True)
    quota = models.PositiveSmallIntegerField(default=0)  # 0: the contact is asked as a person
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=("tenant", "asked_by", "asked_at"), name="trial_mail_of"),)

    def __str__(self) -> str:
        return f"{self.asked_by}: {self.event}"

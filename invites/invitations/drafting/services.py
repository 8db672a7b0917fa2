"""Changes to the words and files of invitations, and the test to oneself."""

import datetime as dt

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.directory.models import Contact
from events.filetypes import NotAccepted, clean_name, type_of
from events.gatherings.models import Event
from events.tenancy.models import Tenant, User
from invites.invitations.checks import MOST_BYTES
from invites.invitations.drafting.models import Enclosure, MailTemplate, TrialMail
from invites.post import outbox

TRIALS_AN_HOUR = 20
TRIAL_LIVES = dt.timedelta(hours=1)  # a test that comes later confuses more than it shows
LARGEST = 10 * 1024 * 1024


class TooManyTrials(Exception):
    """The member of staff has sent TRIALS_AN_HOUR tests in the last hour."""


@transaction.atomic
def write_words(
    tenant: Tenant, *, by: User, kind: str, language: str, subject: str, body: str
) -> MailTemplate:
    """Sets the tenant's own words for a kind of mail in a language. The same words again change nothing."""
    words = {"subject": subject, "body": body}
    row = MailTemplate.objects.of(tenant).filter(kind=kind, language=language).first()
    if row and (row.subject, row.body) == (subject, body):
        return row
    facts = words | {"changed_by": by, "changed_at": timezone.now()}
    row, _new = MailTemplate.objects.of(tenant).update_or_create(
        tenant=tenant, kind=kind, language=language, defaults=facts
    )
    audit.record(f"words.changed.{kind}", row, by=by, language=language)
    return row


@transaction.atomic
def reset_words(tenant: Tenant, *, by: User, kind: str, language: str) -> bool:
    """Back to the built-in words. Returns False, and changes nothing, when the tenant has none of its own."""
    row = MailTemplate.objects.of(tenant).filter(kind=kind, language=language).first()
    if row is None:
        return False
    audit.record(f"words.reset.{kind}", row, by=by, language=language)
    row.delete()
    return True


def add_enclosure(event: Event, *, by: User, name: str, content: bytes, with_invitation: bool) -> Enclosure:
    """Keeps a file with the event's invitations, under a cleaned name, in a random place of the media store.

    Raises NotAccepted with a sentence: too large, of another type than it says, with macros, or named like another.
    """
    cleaned = clean_name(name)
    kind = type_of(cleaned, content)
    _room_for(event, len(content))
    row = Enclosure(
        tenant_id=event.tenant_id,
        event=event,
        name=cleaned,
        content_type=kind.content_type,
        size=len(content),
        with_invitation=with_invitation,
        added_by=by,
    )
    row.file.save(cleaned, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            row.save()
            audit.record("enclosure.added", event, by=by, title=event.title)
    except IntegrityError as error:
        row.file.delete(save=False)
        raise NotAccepted(_("There is already a file of this name.")) from error
    return row


@transaction.atomic
def remove_enclosure(enclosure: Enclosure, *, by: User) -> bool:
    """Deletes the file, also from the media store once that is sure. Returns False when it was gone already."""
    gone, _rows = Enclosure.objects.of(enclosure.tenant_id).filter(pk=enclosure.pk).delete()
    if not gone:
        return False
    audit.record("enclosure.removed", enclosure.event, by=by, title=enclosure.event.title)
    storage, name = enclosure.file.storage, str(enclosure.file.name)
    transaction.on_commit(lambda: storage.delete(name))
    return True


def send_along(enclosure: Enclosure, *, along: bool) -> None:
    """Whether the file goes with the invitations that are written from now on."""
    Enclosure.objects.of(enclosure.tenant_id).filter(pk=enclosure.pk).update(with_invitation=along)


@transaction.atomic
def send_trial(event: Event, *, by: User, contact: Contact, note: str = "", quota: int = 0) -> TrialMail:
    """Queues the mail that `contact` would get to the own address of `by`: marked as a test, with dead links.

    It is no invitation and is counted nowhere. Raises TooManyTrials; ValueError for a contact of another tenant.
    """
    if contact.tenant_id != event.tenant_id:
        raise ValueError("a contact of another tenant")
    now = timezone.now()
    mine = TrialMail.objects.of(event.tenant_id).filter(asked_by=by)
    if mine.filter(asked_at__gt=now - dt.timedelta(hours=1)).count() >= TRIALS_AN_HOUR:
        raise TooManyTrials
    mine.filter(asked_at__lt=now - dt.timedelta(days=1)).delete()  # nobody asks for yesterday's tests
    row = TrialMail.objects.create(
        tenant_id=event.tenant_id, event=event, contact=contact, note=note, quota=quota, asked_by=by
    )
    outbox.enqueue("trial", tenant=event.tenant, items=[(row.pk, by.email)], give_up_at=now + TRIAL_LIVES)
    return row


def _room_for(event: Event, size: int) -> None:
    if size > LARGEST:
        raise NotAccepted(_("The file is larger than %(n)d MB.") % {"n": LARGEST // 1024 // 1024})
    there = Enclosure.objects.of(event.tenant_id).filter(event=event).aggregate(n=Sum("size"))["n"] or 0
    if there + size > MOST_BYTES:
        raise NotAccepted(
            _("All files together may have %(n)d MB at most.") % {"n": MOST_BYTES // 1024 // 1024}
        )


_CHANGED = {
    "invitation": gettext_lazy("%(who)s changed the text of invitations (%(language)s)."),
    "update": gettext_lazy("%(who)s changed the text of mails about changes (%(language)s)."),
    "cancellation": gettext_lazy("%(who)s changed the text of cancellations (%(language)s)."),
    "chase": gettext_lazy("%(who)s changed the text of reminders to answer (%(language)s)."),
    "settle": gettext_lazy("%(who)s changed the text of reminders to settle a maybe (%(language)s)."),
    "reminder": gettext_lazy("%(who)s changed the text of reminders to those who come (%(language)s)."),
}
_RESET = {
    "invitation": gettext_lazy("%(who)s set the text of invitations back (%(language)s)."),
    "update": gettext_lazy("%(who)s set the text of mails about changes back (%(language)s)."),
    "cancellation": gettext_lazy("%(who)s set the text of cancellations back (%(language)s)."),
    "chase": gettext_lazy("%(who)s set the text of reminders to answer back (%(language)s)."),
    "settle": gettext_lazy("%(who)s set the text of reminders to settle a maybe back (%(language)s)."),
    "reminder": gettext_lazy("%(who)s set the text of reminders to those who come back (%(language)s)."),
}
audit.register(
    {f"words.changed.{kind}": sentence for kind, sentence in _CHANGED.items()}
    | {f"words.reset.{kind}": sentence for kind, sentence in _RESET.items()}
    | {
        "enclosure.added": gettext_lazy("%(who)s added an attachment to the invitations to “%(title)s”."),
        "enclosure.removed": gettext_lazy("%(who)s removed an attachment of the invitations to “%(title)s”."),
    }
)

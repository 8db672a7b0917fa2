"""Asking people by letter, and what is noted when their letters are made."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.models import Channel, Contact
from events.gatherings.models import Event
from events.tenancy.models import User
from invites.invitations import checks
from invites.invitations.lettering import codes
from invites.invitations.models import Invitation
from invites.invitations.services import BATCH, NotInvitable, invitable

if TYPE_CHECKING:
    from events.directory.models import ContactQuerySet
    from invites.invitations.models import InvitationQuerySet

HAS_ADDRESS = ~Q(contact__address="") | (
    Q(contact__organisation__isnull=False) & ~Q(contact__organisation__address="")
)
BY_LETTER = Q(channel=Channel.LETTER) | (Q(contact__email="") & HAS_ADDRESS)


def by_letter(event: Event) -> "InvitationQuerySet":
    """The valid invitations to `event` that go by letter: asked so, or to a person with an address but no e-mail."""
    rows = Invitation.objects.of(event.tenant_id).valid().filter(BY_LETTER, event=event)
    return rows.select_related("contact__organisation").order_by("contact__name", "pk")


def want_letters(event: Event) -> "ContactQuerySet":
    """Current contacts without an invitation to `event` who prefer letters, or have an address and no e-mail."""
    invited = Invitation.objects.of(event.tenant_id).valid().filter(event=event, contact=OuterRef("pk"))
    has_address = ~Q(address="") | (Q(organisation__isnull=False) & ~Q(organisation__address=""))
    wanted = Q(channel=Channel.LETTER) | (Q(email="") & has_address)
    contacts = Contact.objects.of(event.tenant_id).current().willing().filter(wanted).exclude(Exists(invited))
    return contacts.select_related("organisation").order_by("name", "pk")


@transaction.atomic
def invite_by_letter(event: Event, *, by: User | None, contacts: Iterable[Contact]) -> int:
    """Invites each of `contacts` that is not invited yet, without a mail; returns how many that were.

    A second call, also at the same time, invites nobody more. Adds one audit row. Raises NotInvitable; ValueError for a
    contact of another tenant.
    """
    current = Event.objects.of(event.tenant_id).get(pk=event.pk)
    if not invitable(current):
        raise NotInvitable
    people = sorted(contacts, key=lambda contact: contact.pk)
    if any(contact.tenant_id != event.tenant_id for contact in people):
        raise ValueError("a contact of another tenant cannot be invited")
    rows = [_row(current, contact, by) for contact in people if contact.opted_out_at is None]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    new = 0
    for start in range(0, len(rows), BATCH):
        hashes = [row.token_hash for row in rows[start : start + BATCH]]
        new += Invitation.objects.of(event.tenant_id).filter(event=current, token_hash__in=hashes).count()
    if new:
        audit.record("event.invited_by_letter", current, by=by, title=current.title, number=new)
    return new


@transaction.atomic
def make_letters(event: Event, *, by: User | None, ids: Iterable[int]) -> list[Invitation]:
    """The invitations among `ids` that go by letter, each with its code, for `pdf.render`.

    Gives a code to each that has none yet. Adds one audit row, for letters hold names and addresses. A second call
    gives the same letters. Raises NotInvitable; Refused when what they say tells the place, as a mail would be.
    """
    current = Event.objects.of(event.tenant_id).select_related("tenant").get(pk=event.pk)
    if not invitable(current):
        raise NotInvitable
    rows = list(by_letter(event).filter(pk__in=list(ids)))
    checks.refuse_if(_refusals(current, rows))
    for row in rows:
        if row.code_hash is None:
            _give_code(row)
    if rows:
        audit.record("letters.made", event, by=by, title=event.title, number=len(rows))
    return rows


@transaction.atomic
def note_printed(event: Event, *, by: User | None, letters: Iterable[Invitation]) -> None:
    """Notes that these letters of `event` are printed now. A second call moves the moment."""
    printed = Invitation.objects.of(event.tenant_id).filter(event=event, pk__in=[row.pk for row in letters])
    if number := printed.update(printed_at=timezone.now()):
        audit.record("letters.printed", event, by=by, title=event.title, number=number)


def _refusals(event: Event, rows: "Iterable[Invitation]") -> list[checks.Refusal]:
    notes = dict.fromkeys(row.note for row in rows if row.note)
    texts = [checks.FreeText(_("The note"), "note", note) for note in notes]
    return list(dict.fromkeys(checks.of_texts(event, [*checks.of_event(event), *texts])))


def _row(event: Event, contact: Contact, by: User | None) -> Invitation:
    row = Invitation(
        tenant_id=event.tenant_id,
        event=event,
        contact=contact,
        language=contact.language,
        channel=Channel.LETTER,
        unlisted=contact.unlisted,
        invited_by=by,
    )
    row.seal()
    return row


def _give_code(row: Invitation) -> None:
    """The first one that nobody else has. Two who print at once write the same one."""
    for attempt in range(codes.ATTEMPTS):
        codes.seal(row, attempt=attempt)
        mine = Invitation.objects.of(row.tenant_id).filter(pk=row.pk)
        try:
            with transaction.atomic():
                mine.update(code_hash=row.code_hash)
        except IntegrityError:
            continue
        return
    raise RuntimeError("no free code was found")


audit.register(
    {
        "event.invited_by_letter": _("%(who)s invited %(number)s by letter to “%(title)s”."),
        "letters.made": _("%(who)s downloaded %(number)s letters to “%(title)s”."),
        "letters.printed": _("%(who)s printed %(number)s letters to “%(title)s”."),
    }
)

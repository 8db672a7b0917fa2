"""Forgetting a person (GDPR article 17): by the person on the own page, or by an operator with `manage.py erase`.

The contact stays as a row without a person, so that what others hold (minutes, counts, history) still hangs together.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.groups.models import GroupMember
from events.directory.imports.models import ImportChange, ImportDraft
from events.directory.labels.models import ContactTag
from events.directory.merging.models import Merger
from events.directory.models import Channel, Contact
from events.tenancy.models import User
from events.tokens import new_nonce
from invites.answers.door import holdings as door
from invites.answers.feeds import holdings as feeds
from invites.answers.models import Answer
from invites.answers.needs import holdings as needs
from invites.answers.own import holdings, sections
from invites.answers.own.mails import ERASED
from invites.answers.own.models import Farewell, OwnLink
from invites.answers.questions import holdings as questions
from invites.answers.requests import holdings as requests
from invites.answers.seats import holdings as seats
from invites.invitations import services as invitations
from invites.invitations.drafting.models import TrialMail
from invites.invitations.models import Invitation, Representative
from invites.invitations.waves.models import WaveMember
from invites.post import outbox, subjects
from invites.post.models import OutgoingMail
from invites.post.provider_models import DeliveryEvent
from invites.post.series import UNSENT

State = OutgoingMail.State
SETTLED = (State.ACCEPTED, State.FAILED, State.UNKNOWN, State.SUPERSEDED, State.CANCELLED)
TRIED_FOR = dt.timedelta(days=1)


@transaction.atomic
def erase(contact: Contact, *, by: User | None = None, tell: bool = True) -> Counter[str]:
    """Empties all that tells who `contact` was; returns how many rows of what. Cannot be undone.

    What stays: approved minutes (an immutable record of a public body), and rows without a person (that somebody was
    invited and what was answered). Links die, seats are freed, unsent mails are cancelled; a last mail confirms it
    unless `tell` is false, and its address is forgotten when it is settled (`forget_farewells`). Writes an audit entry
    without a name. A second call, also at the same time, does nothing and returns nothing. Needs `contact.tenant`.
    """
    rows = Contact.objects.of(contact.tenant_id).filter(pk=contact.pk, erased_at__isnull=True)
    if not rows.update(erased_at=timezone.now()):
        return Counter()
    contact = Contact.objects.of(contact.tenant_id).select_related("tenant").get(pk=contact.pk)
    counts = holdings.erase(contact)
    if tell and contact.email:
        _say_farewell(contact)
    _empty(contact)
    audit.record("contact.erased", contact, by=by)
    return counts


def forget_farewells() -> int:
    """Forgets the addresses of last mails that are settled; returns how many. May run at any time, twice, at once."""
    farewells = Farewell.objects.across_tenants("the day's and the minute's jobs serve all tenants")
    mails = OutgoingMail.objects.across_tenants("the same").filter(
        kind=ERASED, subject_id__in=farewells.values("pk")
    )
    ended = list(mails.filter(state__in=SETTLED).values_list("pk", "subject_id"))
    _empty_mails([pk for pk, _subject in ended])
    farewells.filter(pk__in=[subject for _pk, subject in ended]).delete()
    return len(ended)


def _say_farewell(contact: Contact) -> None:
    farewell = Farewell.objects.create(tenant_id=contact.tenant_id, language=contact.language)
    until = timezone.now() + TRIED_FOR
    outbox.enqueue(ERASED, tenant=contact.tenant, items=[(farewell.pk, contact.email)], give_up_at=until)


def _empty(contact: Contact) -> None:
    """In the tenant's language, for its staff are the ones who meet the row."""
    with translation.override(contact.tenant.language):
        contact.name = gettext("Erased person")
    for name in ("role", "email", "phone", "address", "search_also"):
        setattr(contact, name, "")
    contact.organisation = contact.succeeds = contact.valid_from = contact.valid_until = None
    contact.channel = Channel.EMAIL
    contact.opted_out_at = contact.opted_out_at or timezone.now()
    contact.unlisted = True
    contact.save()


def _forget_in_directory(contact: Contact) -> Mapping[str, int]:
    tenant, email = contact.tenant_id, contact.email.lower()
    mine = {"contact": contact}
    counts = {
        "groups": GroupMember.objects.of(tenant).filter(**mine).delete()[0],
        "tags": ContactTag.objects.of(tenant).filter(**mine).delete()[0],
        "imports": ImportChange.objects.of(tenant).filter(**mine).exclude(before={}).update(before={}),
    }
    merged = [merger.pk for merger in sections.mergers_of(contact)]
    mergers = Merger.objects.of(tenant).filter(pk__in=merged)
    counts["mergers"] = mergers.update(name="", facts={}, kept={}, dropped=[])
    drafts = ImportDraft.objects.of(tenant)
    holding = [draft.pk for draft in drafts if email and email in str(draft.table).lower()]
    counts["lists"] = drafts.filter(pk__in=holding).delete()[0]
    return counts


def _forget_in_invitations(contact: Contact) -> Mapping[str, int]:
    """Answers are only ever added to (rule 7) and refuse to be saved; their comments alone are emptied here, by an
    UPDATE: the right to be forgotten is the one reason to touch them, and what was answered stays.
    """
    tenant = contact.tenant_id
    mine = Invitation.objects.of(tenant).filter(contact=contact)
    answers = Answer.objects.of(tenant).filter(invitation__contact=contact)
    named = Representative.objects.of(tenant).filter(invitation__contact=contact)
    elsewhere = sections.named_elsewhere(contact).exclude(invitation__contact=contact)
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    counts = {
        "comments": answers.exclude(comment="").update(comment=""),
        "people named": named.delete()[0],
        "named by others": elsewhere.update(name=nobody, role="", email=""),
        "planned": WaveMember.objects.of(tenant).filter(contact=contact).delete()[0],
        "invitations": mine.count(),
    }
    TrialMail.objects.of(tenant).filter(contact=contact).delete()
    for invitation in mine.select_related("event"):
        _end(invitation)
    return counts


def _end(invitation: Invitation) -> None:
    """The link is dead for good; who was to come does not. The row of a meeting that has begun stays in its list."""
    if not invitation.event.has_begun:
        invitations.withdraw(invitation, by=None)
    invitation.nonce = new_nonce()
    invitation.seal()
    rows = Invitation.objects.of(invitation.tenant_id).filter(pk=invitation.pk)
    rows.update(
        nonce=invitation.nonce,
        token_hash=invitation.token_hash,
        reply_hash=invitation.reply_hash,
        code_hash=None,
        note="",
        unlisted=True,
    )


def _forget_mails(contact: Contact) -> Mapping[str, int]:
    """Also mails to an address of before, and those in a worker's hands; links of the own page go with theirs."""
    mails = list(subjects.mails_to(contact).values_list("pk", flat=True))
    unsent = OutgoingMail.objects.of(contact.tenant_id).filter(pk__in=mails, state__in=UNSENT)
    unsent.update(state=State.CANCELLED, settled_at=timezone.now())
    _empty_mails(mails)
    OwnLink.objects.of(contact.tenant_id).filter(contact=contact).delete()
    return {"mails": len(mails)}


def _empty_mails(ids: list[int]) -> None:
    mails = OutgoingMail.objects.across_tenants("rows in hand").filter(pk__in=ids)
    mails.update(to_address="", problem="", delivery_detail="", dealt_with_at=timezone.now())
    DeliveryEvent.objects.filter(mail__in=ids).update(detail="")


holdings.register(sections.show, _forget_mails)  # first: what mails are about must still be there
holdings.register(lambda _contact: (), _forget_in_invitations)
holdings.register(lambda _contact: (), _forget_in_directory)
for room in (needs, questions, requests, seats, door, feeds):  # after the invitations were withdrawn
    holdings.register(room.show, room.forget)
audit.register({"contact.erased": _("What was held about a contact was erased.")})

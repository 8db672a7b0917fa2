"""What a person does on the own page, but for erasing (erasing.py). `by` is never a user: the person has no account."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.models import Contact
from events.directory.services import NameTaken, with_channel
from invites.answers import services as answers
from invites.answers.feeds.services import follow_address
from invites.answers.models import AnswerSource
from invites.answers.needs.models import Need
from invites.answers.own.mails import ADDRESS, LINK
from invites.answers.own.models import LIVES, OwnLink
from invites.invitations.models import Invitation, Reply
from invites.invitations.waves.models import Wave, WaveMember
from invites.post import outbox

MOST_A_DAY = 5
SAME_CLICK = dt.timedelta(minutes=1)
CORRECTABLE = ("name", "role", "phone", "language")


class TooMany(Exception):
    """As many mails as a day allows were asked for."""


class NoAddress(Exception):
    """There is no e-mail address on file; only the organiser can help."""


@transaction.atomic
def send_link(contact: Contact, *, language: str) -> OwnLink:
    """Makes a fresh link to the own page, ends the one before, and mails it to the address on file.

    A second call within a minute (double click) gives the same link and sends nothing more. Raises NoAddress, and
    TooMany beyond MOST_A_DAY mails of this room in 24 hours. Needs `contact.tenant`.
    """
    if not contact.email:
        raise NoAddress
    mine = OwnLink.objects.of(contact.tenant_id).filter(contact=contact)
    alive = mine.alive().to_the_page()
    if fresh := alive.filter(created_at__gt=timezone.now() - SAME_CLICK).first():
        return fresh
    _refuse_too_many(contact)
    mine.to_the_page().filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    try:
        with transaction.atomic():
            link = _new_link(contact, language)
    except IntegrityError:  # another request made one just now; its mail is on the way
        return mine.to_the_page().filter(revoked_at__isnull=True).get()
    _mail(LINK, link, contact.email)
    audit.record("own.link_sent", contact, by=None)
    return link


@transaction.atomic
def correct(contact: Contact, *, facts: dict[str, Any]) -> bool:
    """Writes what the person knows best (CORRECTABLE) at once; returns whether anything changed.

    The old values are kept nowhere; the audit entry says only that it was the person. Raises NameTaken; ValueError for
    a fact that is not for the person to change. A second call changes nothing.
    """
    if set(facts) - set(CORRECTABLE):
        raise ValueError("not for the person to change")
    if all(getattr(contact, name) == value for name, value in facts.items()):
        return False
    before = contact.language
    _write(contact, facts)
    if contact.language != before:
        invitations = Invitation.objects.of(contact.tenant_id).valid().filter(contact=contact)
        invitations.update(language=contact.language)
        OwnLink.objects.of(contact.tenant_id).filter(contact=contact).update(language=contact.language)
    audit.record("own.corrected", contact, by=None)
    return True


@transaction.atomic
def ask_address(contact: Contact, *, email: str, language: str) -> OwnLink | None:
    """Mails a link to the new address; nothing changes before it is used. None when it is the address already.

    A newer wish ends the one before. Raises TooMany.
    """
    if email.lower() == contact.email.lower():
        return None
    mine = OwnLink.objects.of(contact.tenant_id).filter(contact=contact).to_an_address()
    alive = mine.alive().filter(new_email__iexact=email, created_at__gt=timezone.now() - SAME_CLICK)
    if fresh := alive.first():
        return fresh
    _refuse_too_many(contact)
    mine.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    link = _new_link(contact, language, new_email=email)
    _mail(ADDRESS, link, email)
    return link


@transaction.atomic
def confirm_address(link: OwnLink) -> bool:
    """The new address holds from now on, also for mails that wait. Works once; False on a second call.

    Raises NameTaken when the tenant has this name at this address already. Needs `link.contact`.
    """
    rows = OwnLink.objects.of(link.tenant_id).alive().filter(pk=link.pk)
    if not rows.update(revoked_at=timezone.now()):
        return False
    before = link.contact.email
    _write(link.contact, {"email": link.new_email})
    follow_address(link.contact, before=before)
    audit.record("own.address_changed", link.contact, by=None)
    return True


@transaction.atomic
def object_(contact: Contact, *, unlisted: Collection[int], in_future: bool, opted_out: bool) -> bool:
    """GDPR article 21: `unlisted` are the person's invitations at whose meetings nobody but the organiser sees them;
    `in_future` says the same for all later ones, `opted_out` that they do not want to be invited any more.

    Taking an objection back is the same call. Whoever opts out leaves planned waves. Returns whether anything changed.
    """
    mine = Invitation.objects.of(contact.tenant_id).filter(contact=contact)
    changed = mine.filter(pk__in=list(unlisted), unlisted=False).update(unlisted=True)
    changed += mine.exclude(pk__in=list(unlisted)).filter(unlisted=True).update(unlisted=False)
    changed += (contact.unlisted, contact.opted_out_at is not None) != (in_future, opted_out)
    if not changed:
        return False
    contact.unlisted = in_future
    contact.opted_out_at = (contact.opted_out_at or timezone.now()) if opted_out else None
    contact.save(update_fields=["unlisted", "opted_out_at"])
    if opted_out:
        planned = WaveMember.objects.of(contact.tenant_id).filter(contact=contact)
        planned.filter(wave__state=Wave.State.PLANNED).delete()
    audit.record("own.objected", contact, by=None)
    return True


def withdraw(invitation: Invitation) -> None:
    """Takes a yes or maybe back: a "no" without a comment, as on the invitation's page. Raises answers.Refused."""
    if invitation.reply in ("", Reply.DECLINED):
        return
    answers.answer(invitation, reply=Reply.DECLINED, comment="", source=AnswerSource.WEB)


def remove_needs(contact: Contact) -> int:
    """Deletes what the person told about needs, also after the deadline; returns of how many meetings.

    The answers stay. Leaves no audit entry, which would tell that there were needs. A second call does nothing.
    """
    gone: int = Need.objects.of(contact.tenant_id).filter(invitation__contact=contact).delete()[0]
    return gone


def _write(contact: Contact, facts: dict[str, Any]) -> None:
    for name, value in with_channel({"channel": contact.channel, **facts}, contact).items():
        setattr(contact, name, value)
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise NameTaken from error


def _new_link(contact: Contact, language: str, *, new_email: str = "") -> OwnLink:
    link = OwnLink(
        tenant_id=contact.tenant_id,
        contact=contact,
        language=language,
        new_email=new_email,
        expires_at=timezone.now() + LIVES,
    )
    link.seal()
    link.save()
    return link


def _mail(kind: str, link: OwnLink, address: str) -> None:
    outbox.enqueue(kind, tenant=link.tenant, items=[(link.pk, address)], give_up_at=link.expires_at)


def _refuse_too_many(contact: Contact) -> None:
    day = timezone.now() - dt.timedelta(days=1)
    if (
        OwnLink.objects.of(contact.tenant_id).filter(contact=contact, created_at__gt=day).count()
        >= MOST_A_DAY
    ):
        raise TooMany


audit.register(
    {
        "own.link_sent": _("A contact asked to see what is held about them."),
        "own.corrected": _("A contact corrected what is held about them."),
        "own.address_changed": _("A contact changed their own e-mail address and confirmed the new one."),
        "own.objected": _("A contact changed who may see or invite them."),
    }
)

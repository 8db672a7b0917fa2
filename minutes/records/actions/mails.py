"""The mail that reminds the owner of an action point (kind "action_reminder"): the action itself, and nothing else of
the minutes. Subject = the action point, revision = the day it is meant for. All rules are asked again at delivery.
"""

from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.visibility import line, text
from events.tenancy.quiet import earliest
from invites.post import subjects
from invites.post.letters import Address, Composed, Letter, Postponed, Withheld, register
from invites.post.models import OutgoingMail
from minutes.records.actions.models import ActionItem
from minutes.records.actions.owners import Reached, reached

WHY = "the outbox composes for all tenants"
KIND = "action_reminder"
NAME = gettext_lazy("Reminder of an action point")
OFF = OutgoingMail.State.CANCELLED


def compose(mails: Sequence[OutgoingMail]) -> Mapping[int, Composed]:
    """Letters by the mail's id. Withheld: closed, another owner or address, a link that was taken back."""
    rows = ActionItem.objects.across_tenants(WHY).select_related(
        "tenant", "owner_contact", "owner_membership__user", "owner_organisation"
    )
    known = rows.in_bulk([mail.subject_id for mail in mails])
    return {mail.pk: _composed(mail, known.get(mail.subject_id)) for mail in mails}


def _composed(mail: OutgoingMail, action: ActionItem | None) -> Composed:
    if action is None or action.status != ActionItem.Status.OPEN:
        return Withheld(OFF, "it is closed")
    where = reached(action)
    if where is None or where.email != mail.to_address:
        return Withheld(OFF, "somebody else has it now, or another address")
    if not action.token_hash:
        return Withheld(OFF, "the link was taken back")
    now = timezone.now()
    if wait := earliest(now, action.tenant) - now:
        return Postponed(wait)  # held up until the quiet hours
    try:
        link = settings.BASE_URL + reverse("action-answer", args=[action.token])
    except LookupError:
        return Withheld(OFF, "the link was made with a key that is gone")
    with translation.override(where.language):
        return _letter(mail, action, where, link)


def _letter(mail: OutgoingMail, action: ActionItem, where: Reached, link: str) -> Letter:
    """The subject says nothing of the matter: it is read on locked screens."""
    late = action.is_overdue
    facts: dict[str, Any] = {
        "tenant": action.tenant,
        "subject": _("A task of yours is overdue") if late else _("A task of yours is due soon"),
        "task": text(action.text),
        "due": action.due.words() if action.due else "",
        "link": link,
    }
    return Letter(
        to=Address(mail.to_address),
        sender=Address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], line(action.tenant.name)),
        reply_to=Address(action.tenant.contact_email, line(action.tenant.name)),
        subject=facts["subject"],
        text=render_to_string("emails/action_reminder.txt", facts),
        html=render_to_string("emails/action_reminder.html", facts),
        delivery_id=mail.delivery_id,
        language=where.language,
        give_up_at=mail.give_up_at,
    )


def _names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return {mail.pk: str(NAME) for mail in mails}


register(KIND, compose, namer=_names)
subjects.register(KIND, ActionItem, event="outcome__minutes__event", contact="owner_contact")

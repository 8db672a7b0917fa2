"""What is known of one invitation, step by step: when, what, and who says so. Read only.

The rooms above name what they know (answers, attendance) through `register`, so that this one need not know them.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.directory.models import Channel
from invites.invitations.models import CallAttempt, Invitation
from invites.post.models import NOT_ARRIVED, Delivery, OutgoingMail

State = OutgoingMail.State
# Kinds of mail whose subject is the invitation, as staff call them.
MAILS = {
    "invitation": _("the invitation"),
    "stand_in": _("the invitation as a substitute"),
    "update": _("the notice of a change"),
    "cancellation": _("the cancellation"),
    "chase": _("the request for an answer"),
    "settle": _("the request to settle a maybe"),
    "reminder": _("the reminder"),
    "place": _("the exact place"),
}
ORGANISER, US, PROVIDER, BROWSER = _("the organiser"), _("Møteplass"), _("the mail service"), _("the browser")


@dataclass(frozen=True)
class Step:
    """`colour` is a tag's; `detail` is said by the source in its own words. `at` is aware."""

    at: dt.datetime
    what: Any
    source: Any
    detail: Any = ""
    colour: str = "neutral"


Source = Callable[[Invitation], Iterable[Step]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """A room's own steps; called once, when the app starts."""
    _sources.append(source)
    return source


def steps(invitation: Invitation) -> list[Step]:
    """Everything that is known, oldest first; what happened at the same moment stays in the order of its source."""
    found = [step for source in _sources for step in source(invitation)]
    return sorted(found, key=lambda step: step.at)


@register
def _asked(invitation: Invitation) -> Iterable[Step]:
    ways = {Channel.LETTER: _("asked by letter"), Channel.PHONE: _("asked by telephone")}
    by = invitation.invited_by.name if invitation.invited_by else US
    yield Step(invitation.invited_at, ways.get(Channel(invitation.channel), _("asked by e-mail")), by)
    if invitation.printed_at:
        yield Step(invitation.printed_at, _("letter printed"), ORGANISER)
    if invitation.opened_at:
        detail = _("a mail scanner can open a page too")
        yield Step(invitation.opened_at, _("opened the page"), BROWSER, detail, "success")
    if invitation.revoked_at:
        yield Step(invitation.revoked_at, _("invitation withdrawn"), ORGANISER, colour="warning")


@register
def _mailed(invitation: Invitation) -> Iterable[Step]:
    mails = OutgoingMail.objects.of(invitation.tenant_id).filter(kind__in=MAILS, subject_id=invitation.pk)
    for mail in mails.order_by("created_at", "pk"):
        yield from steps_of(mail, MAILS[mail.kind])


@register
def _called(invitation: Invitation) -> Iterable[Step]:
    calls = CallAttempt.objects.of(invitation.tenant_id).filter(invitation=invitation)
    for call in calls.select_related("by"):
        yield Step(call.at, call.get_outcome_display(), call.by.name if call.by else ORGANISER)


def steps_of(mail: OutgoingMail, name: Any) -> Iterable[Step]:
    """The steps of one mail; `name` is what staff call it, such as "the invitation"."""
    later = mail.due_at > mail.created_at and mail.attempts == 0
    queued = _("%(mail)s queued, to be sent later") if later else _("%(mail)s queued")
    yield Step(mail.created_at, queued % {"mail": name}, US)
    if mail.settled_at:
        yield Step(mail.settled_at, *_settled(mail, name))
    elif mail.state == State.QUEUED and mail.attempts and mail.claimed_at:
        said = mail.problem_words
        yield Step(
            mail.claimed_at, _("%(mail)s tried, not sent yet") % {"mail": name}, US, said.what, "warning"
        )
    if mail.delivery and mail.delivery_at:
        bad = mail.delivery in NOT_ARRIVED
        colour = "danger" if bad else "success" if mail.delivery == Delivery.DELIVERED else "neutral"
        what = _("%(mail)s: %(news)s") % {"mail": name, "news": mail.get_delivery_display()}
        yield Step(mail.delivery_at, what, PROVIDER, mail.delivery_detail, colour)


def _settled(mail: OutgoingMail, name: Any) -> tuple[Any, Any, Any, str]:
    words = {
        State.ACCEPTED: (_("%(mail)s sent"), PROVIDER, "success"),
        State.FAILED: (_("%(mail)s could not be sent"), PROVIDER, "danger"),
        State.UNKNOWN: (_("unknown whether %(mail)s was sent"), US, "warning"),
        State.SUPERSEDED: (_("%(mail)s replaced by a newer mail"), US, "neutral"),
    }
    what, source, colour = words.get(
        State(mail.state), (_("%(mail)s not sent, no longer needed"), US, "neutral")
    )
    detail = mail.problem_words.what if mail.state in (State.FAILED, State.UNKNOWN) else ""
    return what % {"mail": name}, source, detail, colour

"""The mails of the plan: kind "chase" asks for an answer, kind "settle" asks those who said maybe for yes or no, kind
"reminder" tells those who come of the day.

Subject = the invitation, revision = the day they are meant for (its ordinal), so that the outbox itself keeps to one a
day. All rules are asked once more here, at delivery: an answer, a bounce or a cancellation stops them at once.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, place_is_open, seen
from events.tenancy.quiet import earliest
from invites.invitations import checks, notices, wording, words
from invites.invitations.drafting.models import MailKind
from invites.invitations.models import Invitation, Reply
from invites.invitations.notices import GONE, OFF, WHY, Case, Paper
from invites.invitations.reminders.models import ReminderKind, ReminderPlan, ReminderRun
from invites.invitations.reminders.people import ASKING, COUNTED, still_reached
from invites.post.letters import Composed, Letter, Postponed, Withheld, register
from invites.post.models import OutgoingMail
from invites.post.series import REACHED

State = OutgoingMail.State
AUDIENCES = {
    MailKind.CHASE: Audience.INVITED,
    MailKind.SETTLE: Audience.INVITED,
    MailKind.REMINDER: Audience.ACCEPTED,
}


@dataclass(frozen=True)
class Rules:
    """What decides about a batch: plans and rounds by hand, by event; other mails and who is reached, by invitation."""

    plans: Mapping[int, ReminderPlan]
    rounds: Mapping[int, Sequence[ReminderRun]]
    others: Mapping[int, Sequence[OutgoingMail]]
    reached: set[int]

    def plan(self, event: Event) -> ReminderPlan:
        return self.plans.get(event.pk) or ReminderPlan(tenant_id=event.tenant_id, event=event)

    def by_hand(self, case: Case) -> ReminderRun | None:
        """The round by hand that the mail belongs to, None for a step of the plan."""
        day, who = case.mail.revision, case.invitation.pk
        rounds = self.rounds.get(case.event.pk, ())
        return next((each for each in rounds if each.sent_on.toordinal() == day and who in each.chosen), None)


def compose_chases(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """Letters by the mail's id. Withheld: answered, bounced, too late, asked often enough or today, or switched off."""
    return _compose(mails, MailKind.CHASE)


def compose_settling(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """As `compose_chases`, to those who said maybe and still do."""
    return _compose(mails, MailKind.SETTLE)


def compose_reminders(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """Letters by the mail's id. Withheld: not coming any more, bounced, begun, off, or switched off."""
    return _compose(mails, MailKind.REMINDER)


def preview(event: Event, invitation: Invitation, *, message: str) -> Letter:
    """The mail of a round by hand, to the letter, with links that lead nowhere. Nothing is stored."""
    shown = notices.dead_link(invitation)
    said = wording.words_for(event.tenant, MailKind.CHASE, shown.language)
    written = paper(event, shown.language, MailKind.CHASE, said, message)
    return written.letter(shown, to=invitation.contact.email, delivery_id=uuid.uuid4())


def paper(event: Event, language: str, kind: MailKind, said: wording.Wording, message: str = "") -> Paper:
    """What all get who read the same language. No calendar part: it says nothing new."""
    with translation.override(language):
        shown = seen(event, AUDIENCES[kind])
        told: dict[str, Any] = notices.facts(event, shown, said)
        told |= {"message": message, "programme": words.programme(shown), "late": event.answers_closed}
        return notices.paper(event, kind, told)


def _compose(mails: Sequence[OutgoingMail], kind: MailKind) -> dict[int, Composed]:
    found = notices.cases(mails)
    rules = _rules(list(found.values()), kind)
    own = wording.words_of({case.event.tenant_id for case in found.values()}, kind)
    papers: dict[tuple[int, str, str], Paper] = {}
    composed: dict[int, Composed] = dict.fromkeys((mail.pk for mail in mails), GONE)
    for pk, case in found.items():
        if reason := _why_not(case, kind, rules):
            composed[pk] = reason
            continue
        by_hand, language = rules.by_hand(case), case.invitation.language
        key = (case.event.pk, language, by_hand.message if by_hand else "")
        if key not in papers:
            papers[key] = _checked(case.event, language, kind, own, key[2])
        composed[pk] = papers[key].letter(
            case.invitation, to=case.mail.to_address, delivery_id=case.mail.delivery_id
        )
    return composed


def _checked(
    event: Event,
    language: str,
    kind: MailKind,
    own: Mapping[tuple[int, str], wording.Wording],
    message: str,
) -> Paper:
    """Raises Refused for words that tell the place to those who may not know it: they may be new since."""
    said = notices.said_by(own, kind, event, language)
    if not place_is_open(event, AUDIENCES[kind]):
        checks.refuse_if(checks.of_notice(event, {language: said}, message))
    return paper(event, language, kind, said, message)


def _why_not(case: Case, kind: MailKind, rules: Rules) -> Withheld | Postponed | None:
    if reason := notices.off(case):
        return reason
    plan, by_hand = rules.plan(case.event), rules.by_hand(case)
    if not plan.is_on and not by_hand:
        return Withheld(OFF, "reminders are switched off")
    if case.invitation.pk not in rules.reached:
        return Withheld(OFF, "no mail reaches the address")
    if kind == MailKind.REMINDER:
        why = _why_no_reminder(case)
    else:
        why = _why_no_chase(case, rules, plan.most, "" if kind == MailKind.CHASE else Reply.TENTATIVE)
    return why if why or by_hand else _quiet(case)


def _quiet(case: Case) -> Postponed | None:
    """A mail that was held up until the quiet hours waits for their end."""
    now = timezone.now()
    wait = earliest(now, case.event.tenant) - now
    return Postponed(wait) if wait else None


def _why_no_reminder(case: Case) -> Withheld | None:
    return None if case.invitation.reply == Reply.ACCEPTED else Withheld(OFF, "not coming any more")


def _why_no_chase(case: Case, rules: Rules, most: int, reply: str) -> Withheld | None:
    """`reply` is what the invitee said when the mail was queued, "" for nothing."""
    if case.invitation.reply != reply:
        return Withheld(OFF, "answered meanwhile")
    if case.event.answers_closed:
        return Withheld(OFF, "the answer deadline has passed")
    others = [mail for mail in rules.others.get(case.invitation.pk, ()) if mail.pk != case.mail.pk]
    # Of two that are not handed over yet the older one goes first, so that two workers never both hold back.
    before = [mail for mail in others if mail.state in REACHED or mail.pk < case.mail.pk]
    if len(before) >= most:
        return Withheld(OFF, "asked often enough")
    today = _day(case.event, timezone.now())
    if any(_day(case.event, _at(mail)) == today for mail in before):
        return Withheld(OFF, "asked today already")
    return None


def _day(event: Event, moment: dt.datetime) -> dt.date:
    return event.local(moment).date()


def _at(mail: OutgoingMail) -> dt.datetime:
    """When it went out, or is to go out."""
    if mail.state in REACHED:
        return mail.settled_at or mail.claimed_at or mail.due_at
    return max(mail.due_at, timezone.now())


def _rules(found: Sequence[Case], kind: MailKind) -> Rules:
    events, ids = {case.event.pk for case in found}, [case.invitation.pk for case in found]
    plans = ReminderPlan.objects.across_tenants(WHY).filter(event__in=events)
    rounds: dict[int, list[ReminderRun]] = defaultdict(list)
    others: dict[int, list[OutgoingMail]] = defaultdict(list)
    for run in ReminderRun.objects.across_tenants(WHY).filter(event__in=events, step_on=None):
        rounds[run.event_id].append(run)
    mails = OutgoingMail.objects.across_tenants(WHY).filter(
        kind__in=ASKING, subject_id__in=ids, state__in=COUNTED
    )
    for mail in mails.order_by("pk"):
        others[mail.subject_id].append(mail)
    return Rules({plan.event_id: plan for plan in plans}, rounds, others, still_reached(ids, kind))


def _chase_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Reminder to answer: %(title)s"))


def _settle_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Reminder to settle a maybe: %(title)s"))


def _reminder_names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("Reminder of the meeting: %(title)s"))


register(ReminderKind.CHASE, compose_chases, namer=_chase_names)
register(ReminderKind.SETTLE, compose_settling, namer=_settle_names)
register(ReminderKind.REMINDER, compose_reminders, namer=_reminder_names)

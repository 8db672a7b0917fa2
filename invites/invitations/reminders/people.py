"""Who is asked to answer and who is reminded: by what they were sent, what came of it, and what they said."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events.directory.models import Channel
from events.gatherings.models import Event
from invites.invitations.models import Invitation, InvitationQuerySet, Reply
from invites.invitations.reminders.models import ReminderKind
from invites.invitations.telling.people import SAYING_WHEN
from invites.post.models import NOT_ARRIVED, OutgoingMail

State = OutgoingMail.State
ASKING = (ReminderKind.CHASE.value, ReminderKind.SETTLE.value)  # both count towards what the plan allows
REMINDING = (*ASKING, ReminderKind.REMINDER.value)
COUNTED = (State.QUEUED, State.CLAIMED, State.CALLING, State.ACCEPTED, State.UNKNOWN)
REST = dt.timedelta(hours=24)  # nobody is asked again on the day that the question arrived


def reachable(rows: InvitationQuerySet, *, states: tuple[str, ...] = (State.ACCEPTED,)) -> InvitationQuerySet:
    """Those of `rows` whom the newest word about the meeting reached by mail and from whom none came back.

    Adds `got_at`, when that was, `chased`, how often they were asked to answer so far, and `chased_on`, the newest day
    for that (its ordinal).
    """
    mails = OutgoingMail.objects.across_tenants("a mail belongs to its invitation's tenant")
    mails = mails.filter(subject_id=OuterRef("pk"), tenant_id=OuterRef("tenant_id"))
    newest = mails.filter(kind__in=SAYING_WHEN).exclude(state__in=(State.CANCELLED, State.SUPERSEDED))
    newest = newest.order_by("-revision", "-pk")
    returned = mails.filter(kind__in=REMINDING, to_address=OuterRef("contact__email"))
    # An address from which such a word came back is written to no more, until it is set right.
    returned = returned.filter(Q(delivery__in=NOT_ARRIVED) | Q(state=State.FAILED))
    chased = mails.filter(kind__in=ASKING, state__in=COUNTED).order_by().values("subject_id")
    return (
        rows.filter(channel=Channel.EMAIL)
        .exclude(contact__email="")
        .annotate(
            mail_state=Subquery(newest.values("state")[:1]),
            mail_delivery=Subquery(newest.values("delivery")[:1]),
            got_at=Subquery(newest.values("settled_at")[:1]),
            returned=Exists(returned),
            chased=Coalesce(Subquery(chased.values(n=Count("pk")), output_field=IntegerField()), 0),
            chased_on=Coalesce(Subquery(chased.values(day=Max("revision")), output_field=IntegerField()), 0),
        )
        .filter(mail_state__in=states, returned=False)
        .exclude(mail_delivery__in=NOT_ARRIVED)
    )


def silent(event: Event) -> InvitationQuerySet:
    """Those who got the invitation and have not answered."""
    return reachable(_of(event).filter(reply="")).order_by("contact__name", "pk")


def to_chase(event: Event, *, most: int, got_before: dt.datetime) -> InvitationQuerySet:
    """Those of `silent` who were asked fewer than `most` times and had the invitation before `got_before`."""
    return silent(event).filter(Q(chased__lt=most), Q(got_at__lte=got_before))


def to_settle(event: Event, *, most: int, said_before: dt.datetime) -> InvitationQuerySet:
    """Those who said maybe before `said_before` and were asked fewer than `most` times. They all got the invitation."""
    maybe = _of(event).filter(reply=Reply.TENTATIVE, replied_at__lte=said_before)
    rows = reachable(maybe, states=(State.ACCEPTED, State.UNKNOWN)).filter(Q(chased__lt=most))
    return rows.order_by("contact__name", "pk")


def to_remind(event: Event) -> InvitationQuerySet:
    """Those who come. Who answered has the invitation, also where the provider did not say so."""
    coming = _of(event).filter(reply=Reply.ACCEPTED)
    return reachable(coming, states=(State.ACCEPTED, State.UNKNOWN)).order_by("contact__name", "pk")


def of_step(event: Event, kind: str, *, most: int, moment: dt.datetime) -> InvitationQuerySet:
    """Those whom a step of `kind` that is due at `moment` means."""
    if kind == ReminderKind.REMINDER:
        return to_remind(event)
    if kind == ReminderKind.SETTLE:
        return to_settle(event, most=most, said_before=moment - REST)
    return to_chase(event, most=most, got_before=moment - REST)


def still_reached(ids: Sequence[int], kind: str) -> set[int]:
    """Those of the invitations `ids` from whom nothing came back; asked once more when a mail is written."""
    rows = Invitation.objects.across_tenants("the outbox composes for all tenants").filter(pk__in=list(ids))
    sure = (State.ACCEPTED,) if kind == ReminderKind.CHASE else (State.ACCEPTED, State.UNKNOWN)
    return set(reachable(rows, states=sure).order_by().values_list("pk", flat=True))


def _of(event: Event) -> InvitationQuerySet:
    return (
        Invitation.objects.of(event.tenant_id)
        .open()
        .filter(event=event)
        .select_related("contact__organisation")
    )

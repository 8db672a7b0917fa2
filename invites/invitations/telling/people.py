"""Who knows what: which revision of time and place each invitee was last sent, and who is to be told by hand."""

from collections.abc import Iterable

from django.db.models import OuterRef, Q, Subquery

from events.directory.models import Channel
from events.gatherings.models import Event
from events.gatherings.revisions import PastRevision, register_invitees
from invites.invitations.models import Invitation, InvitationQuerySet, Reply
from invites.invitations.telling.models import Recipients
from invites.post.models import Delivery, OutgoingMail

SAYING_WHEN = ("invitation", "update")  # the kinds of mail that say when and where
ABOUT_INVITATION = (*SAYING_WHEN, "chase", "reminder")  # all whose subject is the invitation, but its own end
State = OutgoingMail.State
REACHED = (State.ACCEPTED, State.UNKNOWN, State.CALLING)  # in doubt, somebody may have got it
NOT_ARRIVED = (Delivery.BLOCKED, Delivery.BOUNCED, Delivery.DROPPED)


def invitees(event: Event) -> InvitationQuerySet:
    """The valid invitations of `event` with `knows`, the newest revision their invitee was sent (None: none)."""
    mails = OutgoingMail.objects.of(event.tenant_id).filter(subject_id=OuterRef("pk"), kind__in=SAYING_WHEN)
    reached = mails.filter(state__in=REACHED).exclude(delivery__in=NOT_ARRIVED).order_by("-revision")
    newest = mails.order_by("-revision", "-pk")
    return (
        Invitation.objects.of(event.tenant_id)
        .valid()
        .filter(event=event)
        .annotate(
            knows=Subquery(reached.values("revision")[:1]),
            mail_state=Subquery(newest.values("state")[:1]),
            mail_delivery=Subquery(newest.values("delivery")[:1]),
        )
        .select_related("contact__organisation")
        .order_by("contact__name", "pk")
    )


def to_tell(event: Event) -> InvitationQuerySet:
    """Those who were sent an older revision and have an address to tell them at."""
    knowing = invitees(event).filter(knows__isnull=False, knows__lt=event.sequence)
    return knowing.exclude(contact__email="")


def by_hand(event: Event) -> InvitationQuerySet:
    """Those whom no mail reached although they know of the meeting, or should: by letter or telephone, or bounced."""
    first = PastRevision.objects.of(event.tenant_id).filter(event=event, sequence__gte=event.told_sequence)
    since = first.order_by("sequence").values_list("at", flat=True).first()
    if since is None:
        return invitees(event).none()
    asked_otherwise = ~Q(channel=Channel.EMAIL) & Q(invited_at__lt=since)
    lost = Q(mail_state=State.FAILED) | Q(mail_state__in=REACHED, mail_delivery__in=NOT_ARRIVED)
    return invitees(event).filter(asked_otherwise | lost, knows__isnull=True)


def waits(event: Event) -> bool:
    """Whether anybody who is invited knows only an older revision."""
    return to_tell(event).exists() or by_hand(event).exists()


def of(rows: InvitationQuerySet, who: str, chosen: Iterable[int] = ()) -> InvitationQuerySet:
    """Those of `rows` whom `who` means."""
    if who == Recipients.ALL:
        return rows
    if who == Recipients.OPEN:
        return rows.exclude(reply=Reply.DECLINED)
    if who == Recipients.COMING:
        return rows.filter(reply__in=(Reply.ACCEPTED, Reply.TENTATIVE))
    return rows.filter(pk__in=list(chosen)) if who == Recipients.CHOSEN else rows.none()


register_invitees(waits)

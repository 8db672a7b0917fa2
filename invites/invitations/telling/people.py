"""Who knows what: which revision of time and place each invitee was last sent, and who is to be told by hand."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from events.directory.models import Channel
from events.gatherings.models import Event
from events.gatherings.revisions import PastRevision, register_invitees
from events.tenancy.models import Tenant
from invites.invitations.models import Invitation, InvitationQuerySet, Reply
from invites.invitations.telling.models import Recipients
from invites.post.models import RETURNED, OutgoingMail
from invites.post.series import REACHED

SAYING_WHEN = ("invitation", "stand_in", "update")  # the kinds of mail that say when and where
ABOUT_INVITATION = (
    *SAYING_WHEN,
    "chase",
    "settle",
    "reminder",
    "place",
)  # all whose subject is the invitation, but its own end
TELLABLE = (Event.State.PUBLISHED, Event.State.CANCELLED)
State = OutgoingMail.State


BY_MAIL = Q(knows__lt=F("event__sequence")) & ~Q(contact__email="")
_LOST = Q(mail_state=State.FAILED) | Q(mail_state__in=REACHED, mail_delivery__in=RETURNED)
_ASKED_OTHERWISE = ~Q(channel=Channel.EMAIL) & Q(invited_at__lt=F("since"))
BY_HAND = Q(knows__isnull=True, since__isnull=False) & (_ASKED_OTHERWISE | _LOST) | Q(
    knows__lt=F("event__sequence"), contact__email=""
)


def invitees(event: Event) -> InvitationQuerySet:
    """The valid invitations of `event` with `knows`, the newest revision their invitee was sent (None: none)."""
    rows = _with_reach(Invitation.objects.of(event.tenant_id).valid()).filter(event=event)
    return rows.select_related("contact__organisation").order_by("contact__name", "pk")


def to_tell(event: Event) -> InvitationQuerySet:
    """Those who were sent an older revision and have an address to tell them at."""
    return invitees(event).filter(BY_MAIL)


def by_hand(event: Event) -> InvitationQuerySet:
    """Those whom no mail reached although they know of the meeting, or should: by letter or telephone, or bounced."""
    return invitees(event).filter(BY_HAND)


def waits(event: Event) -> bool:
    """Whether anybody who is invited knows only an older revision."""
    return invitees(event).filter(BY_MAIL | BY_HAND).exists()


def untold(tenant: Tenant) -> "QuerySet[Event]":
    """The tenant's coming events with a change of which somebody who is invited is not told, the next first."""
    waiting = _with_reach(Invitation.objects.of(tenant).valid()).filter(BY_MAIL | BY_HAND)
    changed = Event.objects.of(tenant).filter(
        told_sequence__lt=F("sequence"), starts_at__gt=timezone.now(), state__in=TELLABLE
    )
    return changed.filter(Exists(waiting.filter(event=OuterRef("pk")).order_by())).order_by("starts_at", "pk")


def _with_reach(rows: InvitationQuerySet) -> InvitationQuerySet:
    """Adds what became of the newest mail, and `since`: when the change that is not told yet was made."""
    mails = OutgoingMail.objects.across_tenants("a mail belongs to its invitation's tenant").filter(
        subject_id=OuterRef("pk"), tenant_id=OuterRef("tenant_id"), kind__in=SAYING_WHEN
    )
    reached = mails.filter(state__in=REACHED).exclude(delivery__in=RETURNED).order_by("-revision")
    newest = mails.exclude(state__in=(State.CANCELLED, State.SUPERSEDED)).order_by("-revision", "-pk")
    past = PastRevision.objects.across_tenants("a revision belongs to its event's tenant").filter(
        event=OuterRef("event"), sequence__gte=OuterRef("event__told_sequence")
    )
    return rows.annotate(
        knows=Subquery(reached.values("revision")[:1]),
        mail_state=Subquery(newest.values("state")[:1]),
        mail_delivery=Subquery(newest.values("delivery")[:1]),
        since=Subquery(past.order_by("sequence").values("at")[:1]),
    )


def of(rows: InvitationQuerySet, who: str, chosen: Iterable[int] = ()) -> InvitationQuerySet:
    """Those of `rows` whom `who` means."""
    if who == Recipients.ALL:
        return rows
    if who == Recipients.OPEN:
        return rows.exclude(reply=Reply.DECLINED)
    if who == Recipients.COMING:
        return rows.filter(reply__in=(Reply.ACCEPTED, Reply.TENTATIVE, Reply.WAITING))
    return rows.filter(pk__in=list(chosen)) if who == Recipients.CHOSEN else rows.none()


register_invitees(waits)

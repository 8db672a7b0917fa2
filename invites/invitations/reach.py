"""How far an invitation got, from the queue to the recipient's screen: one word, worked out by the database."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from events.directory.models import Channel
from invites.post.models import NOT_ARRIVED, Delivery, OutgoingMail

if TYPE_CHECKING:
    from invites.invitations.models import InvitationQuerySet

State = OutgoingMail.State


class Reach(models.TextChoices):
    """In the order of urgency: what needs a hand comes first."""

    FAILED = "failed", _("could not be sent")
    BOUNCED = "bounced", _("came back")
    UNKNOWN = "unknown", _("unknown whether it was sent")
    NOT_SENT = "not_sent", _("not sent")
    TO_CALL = "phone", _("to be called")
    TO_PRINT = "to_print", _("letter not printed")
    PRINTED = "printed", _("letter printed")
    QUEUED = "queued", _("waiting to be sent")
    SENT = "accepted", _("sent")
    DELIVERED = "delivered", _("delivered")
    OPENED = "opened", _("opened")


IN_TROUBLE = (Reach.FAILED, Reach.BOUNCED, Reach.UNKNOWN)
HANDED_OVER = (Reach.SENT, Reach.DELIVERED, Reach.OPENED)
ARRIVED = (Reach.DELIVERED, Reach.OPENED)
COLOURS = {
    **dict.fromkeys((Reach.FAILED.value, Reach.BOUNCED.value), "danger"),
    **dict.fromkeys((Reach.UNKNOWN.value, Reach.TO_CALL.value, Reach.TO_PRINT.value), "warning"),
    **dict.fromkeys((Reach.DELIVERED.value, Reach.OPENED.value, Reach.SENT.value), "success"),
}

# What the newest mail says by itself.
_OF_MAIL = Case(
    When(state=State.FAILED, then=Value(Reach.FAILED)),
    When(delivery__in=NOT_ARRIVED, then=Value(Reach.BOUNCED)),
    When(state=State.UNKNOWN, then=Value(Reach.UNKNOWN)),
    When(delivery=Delivery.DELIVERED, then=Value(Reach.DELIVERED)),
    When(state=State.ACCEPTED, then=Value(Reach.SENT)),
    When(state__in=(State.CANCELLED, State.SUPERSEDED), then=Value(Reach.NOT_SENT)),
    default=Value(Reach.QUEUED),
    output_field=CharField(),
)


def with_reach(rows: "InvitationQuerySet", tenant_id: int) -> "InvitationQuerySet":
    """Adds `reach` (a Reach), `reach_rank` (its place in that order) and `reach_at` (since when).

    The newest mail of the invitation's series counts. A page once opened counts as opened unless a newer mail is in
    trouble: then somebody has to look.
    """
    mails = OutgoingMail.objects.of(tenant_id).filter(series="invitation", subject_id=OuterRef("pk"))
    newest = mails.order_by("-revision", "-pk")
    when = Coalesce("delivery_at", "settled_at", "created_at")
    rows = rows.annotate(
        mail_reach=Subquery(newest.values(word=_OF_MAIL)[:1]), mail_at=Subquery(newest.values(at=when)[:1])
    )
    in_trouble = Q(mail_reach__in=IN_TROUBLE)
    by_letter = Q(mail_reach__isnull=True, channel=Channel.LETTER)
    word = Case(
        When(
            Q(opened_at__isnull=False) & (Q(mail_reach__isnull=True) | ~in_trouble), then=Value(Reach.OPENED)
        ),
        When(by_letter & Q(printed_at__isnull=False), then=Value(Reach.PRINTED)),
        When(by_letter, then=Value(Reach.TO_PRINT)),
        When(mail_reach__isnull=True, channel=Channel.PHONE, then=Value(Reach.TO_CALL)),
        When(mail_reach__isnull=True, then=Value(Reach.NOT_SENT)),
        default=F("mail_reach"),
        output_field=CharField(),
    )
    rows = rows.annotate(reach=word)
    ranks = [When(reach=name, then=Value(rank)) for rank, name in enumerate(Reach.values)]
    since = Case(
        When(reach=Reach.OPENED, then=F("opened_at")),
        When(reach=Reach.PRINTED, then=F("printed_at")),
        default=F("mail_at"),
    )
    return rows.annotate(reach_rank=Case(*ranks, output_field=IntegerField()), reach_at=since)

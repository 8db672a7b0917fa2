"""Making, renewing and revoking secret feeds. The address is handed out once; the tables keep only its hash."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.calendar.models import Feed
from events.tenancy.models import Membership
from events.tokens import derive, digest


class NameTaken(Exception):
    """The member already has a feed with this name that works."""


@transaction.atomic
def create(*, membership: Membership, name: str, nonce: str) -> tuple[Feed, str]:
    """Makes a feed for a member of staff and hands out its secret token, never to be had again from the tables.

    `nonce` is random and comes from the form, so that a double click makes one feed: a second call with it hands out
    the same token. Raises NameTaken.
    """
    token = derive(f"feed:{membership.pk}", nonce)
    mine = Feed.objects.of(membership.tenant_id).alive().filter(membership=membership)
    if feed := mine.filter(token_hash=digest(token)).first():
        return feed, token
    try:
        with transaction.atomic():
            feed = Feed.objects.create(
                tenant_id=membership.tenant_id, membership=membership, name=name, token_hash=digest(token)
            )
    except IntegrityError as taken:
        raise NameTaken(name) from taken
    audit.record("feed.created", feed, by=membership.user, name=feed.name)
    return feed, token


@transaction.atomic
def renew(feed: Feed, *, by: Membership, nonce: str) -> str:
    """Gives a feed a new address; the old one stops working at once. A second call with `nonce` changes nothing."""
    token = derive(f"feed:{by.pk}:{feed.pk}", nonce)
    fresh = digest(token)
    if (
        Feed.objects.of(feed.tenant_id)
        .alive()
        .filter(pk=feed.pk)
        .exclude(token_hash=fresh)
        .update(token_hash=fresh, last_used_on=None)
    ):
        audit.record("feed.renewed", feed, by=by.user, name=feed.name)
    return token


@transaction.atomic
def revoke(feed: Feed, *, by: Membership) -> None:
    """Ends a feed at once and for good. A second call changes nothing."""
    if (
        Feed.objects.of(feed.tenant_id)
        .filter(pk=feed.pk, revoked_at__isnull=True)
        .update(revoked_at=timezone.now())
    ):
        audit.record("feed.revoked", feed, by=by.user, name=feed.name)


def secret_address(token: str) -> str:
    return settings.BASE_URL + reverse("feed-secret", kwargs={"token": token})


def public_address(slug: str) -> str:
    return settings.BASE_URL + reverse("feed-public", kwargs={"tenant": slug})


audit.register(
    {
        "feed.created": _("%(who)s made the calendar feed “%(name)s”."),
        "feed.renewed": _("%(who)s gave the calendar feed “%(name)s” a new address."),
        "feed.revoked": _("%(who)s revoked the calendar feed “%(name)s”."),
    }
)

"""Making, renewing and revoking secret feeds. The address is handed out once; the tables keep only its hash."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.calendar import stored
from events.calendar.models import Feed, FeedQuerySet
from events.tenancy.models import Membership
from events.tokens import derive, digest

OF_THE_BODY = "body"


class NameTaken(Exception):
    """A feed of the same holder that works has this name already."""


@transaction.atomic
def create(
    *,
    membership: Membership,
    name: str,
    nonce: str,
    selected: Mapping[str, Any] = MappingProxyType({}),
    held_by: str = "",
) -> tuple[Feed, str]:
    """Makes a feed and hands out its secret token, never to be had again from the tables.

    `selected` are fields of `Feed` that say what it shows, all meetings without. `held_by` is "" for a feed of
    `membership` alone, a role for one of all who have it, OF_THE_BODY for one that is handed to its organisation.
    `nonce` is random and comes from the form, so that a double click makes one feed: a second call with it hands out
    the same token. Raises NameTaken.
    """
    token = derive(f"feed:{membership.pk}", nonce)
    if feed := Feed.objects.of(membership.tenant_id).alive().filter(token_hash=digest(token)).first():
        return feed, token
    feed = Feed(tenant_id=membership.tenant_id, name=name, token_hash=digest(token), **selected)
    feed.membership = None if held_by else membership
    feed.role = "" if held_by == OF_THE_BODY else held_by
    feed.key = feed.selection.key
    try:
        with transaction.atomic():
            feed.save(force_insert=True)
    except IntegrityError as refused:
        if not _same_holder(feed).filter(name=name).exists():
            raise
        raise NameTaken(name) from refused
    audit.record("feed.created", feed, by=membership.user, name=feed.name)
    return feed, token


def _same_holder(feed: Feed) -> FeedQuerySet:
    return Feed.objects.of(feed.tenant_id).filter(membership=feed.membership, revoked_at__isnull=True)


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
        .update(token_hash=fresh, last_used_on=None, addressed_at=timezone.now())
    ):
        audit.record("feed.renewed", feed, by=by.user, name=feed.name)
    return token


@transaction.atomic
def revoke(feed: Feed, *, by: Membership) -> None:
    """Ends a feed at once and for good, and throws the kept bytes away that no other feed shows.

    A second call changes nothing.
    """
    if (
        Feed.objects.of(feed.tenant_id)
        .filter(pk=feed.pk, revoked_at__isnull=True)
        .update(revoked_at=timezone.now())
    ):
        audit.record("feed.revoked", feed, by=by.user, name=feed.name)
        if not Feed.objects.of(feed.tenant_id).alive().filter(key=feed.key).exists():
            stored.forget(feed.key)


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

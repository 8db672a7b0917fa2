"""Making, renewing and ending an invitee's own feeds. `by` is never a user: the person has no account."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import audit
from events.calendar import stored
from events.calendar.models import StoredBody
from events.calendar.selections import Detail
from events.directory.models import Contact
from events.tenancy.models import User
from events.tokens import derive, digest
from invites.answers.feeds.models import MOST, OwnFeed, OwnFeedQuerySet, key_of


class TooMany(Exception):
    """The person has as many feeds that work as one may have."""


class NoAddress(Exception):
    """The contact has no e-mail address, so nobody could have come by the link that is mailed to it."""


def of(contact: Contact) -> OwnFeedQuerySet:
    """The person's feeds that work."""
    return OwnFeed.objects.of(contact.tenant_id).alive().filter(contact=contact)


@transaction.atomic
def create(
    contact: Contact, *, name: str, nonce: str, alarm: int | None = None, detail: str = Detail.FULL
) -> tuple[OwnFeed, str]:
    """Makes a feed and hands out its secret token, never to be had again from the tables.

    `nonce` is random and comes from the form: a second call with it (double click) hands out the same. Raises TooMany
    beyond MOST, NoAddress.
    """
    token = derive(f"own-feed:{contact.pk}", nonce)
    if not contact.email:
        raise NoAddress
    _hold(contact)
    if feed := of(contact).filter(token_hash=digest(token)).first():
        return feed, token
    if of(contact).count() >= MOST:
        raise TooMany
    feed = OwnFeed.objects.create(
        tenant_id=contact.tenant_id,
        contact=contact,
        email=contact.email,
        name=name,
        alarm=alarm,
        detail=detail,
        token_hash=digest(token),
    )
    audit.record("own.feed_made", contact, by=None)
    return feed, token


@transaction.atomic
def renew(feed: OwnFeed, *, nonce: str) -> str:
    """Gives a feed a new address; the old one opens nothing from now on, and the bytes kept for it are gone.

    A second call with `nonce` changes nothing. Needs `feed.contact`.
    """
    token = derive(f"own-feed:{feed.contact_id}:{feed.pk}", nonce)
    fresh = digest(token)
    rows = of(feed.contact).filter(pk=feed.pk).exclude(token_hash=fresh)
    if (
        OwnFeed.objects.of(feed.tenant_id)
        .filter(pk__in=list(rows.values_list("pk", flat=True)))
        .update(token_hash=fresh, last_used_on=None)
    ):
        stored.forget(feed.key)
        audit.record("own.feed_renewed", feed.contact, by=None)
    return token


@transaction.atomic
def end(feed: OwnFeed, *, by: User | None = None) -> bool:
    """Ends a feed at once and for good, with the bytes kept for it. False when it was ended already.

    Needs `feed.contact`.
    """
    rows = OwnFeed.objects.of(feed.tenant_id).filter(pk=feed.pk, revoked_at__isnull=True)
    if not rows.update(revoked_at=timezone.now()):
        return False
    stored.forget(feed.key)
    audit.record("own.feed_ended", feed.contact, by=by)
    return True


@transaction.atomic
def end_all(contact: Contact, *, by: User | None = None) -> int:
    """Ends the person's feeds at once, for the organiser; returns how many. A second call ends none."""
    rows = OwnFeed.objects.of(contact.tenant_id).filter(contact=contact, revoked_at__isnull=True)
    return sum(end(feed, by=by) for feed in rows.select_related("contact"))


@transaction.atomic
def follow_address(contact: Contact, *, before: str) -> None:
    """The person confirmed a new e-mail address in the place of `before`: the feeds go on. Nobody else's change of it
    does this. A second call changes nothing.
    """
    mine = OwnFeed.objects.of(contact.tenant_id).filter(contact=contact, email__iexact=before)
    mine.update(email=contact.email)


@transaction.atomic
def forget(contact: Contact) -> int:
    """Deletes the person's feeds and the bytes kept for them; returns how many feeds there were."""
    mine = OwnFeed.objects.of(contact.tenant_id).filter(contact=contact)
    for pk in mine.values_list("pk", flat=True):
        stored.forget(key_of(contact.tenant_id, pk))
    gone: int = mine.delete()[0]
    return gone


def forget_bodies_of_the_dead() -> int:
    """Throws away bytes kept for feeds that open nothing any more, however they came to die; returns how many.

    Also those that a request wrote while its feed was ended. May run at any time, twice, at once.
    """
    feeds = OwnFeed.objects.across_tenants("the day's job serves all tenants")
    alive = {key_of(*row) for row in feeds.alive().values_list("tenant_id", "pk")}
    bodies = StoredBody.objects.filter(key__contains=":own.")
    dead = [key for key in bodies.values_list("key", flat=True) if ":".join(key.split(":")[:2]) not in alive]
    StoredBody.objects.filter(key__in=dead).delete()
    return len(dead)


def _hold(contact: Contact) -> None:
    """So that two tabs at once do not make one feed too many: the second waits here for the first."""
    rows = Contact.objects.of(contact.tenant_id).filter(pk=contact.pk)
    rows.update(search=F("search"))


audit.register(
    {
        "own.feed_made": _("A contact made a calendar feed of their own invitations."),
        "own.feed_renewed": _("A contact gave a calendar feed of theirs a new address."),
        "own.feed_ended": _("A calendar feed of a contact's own invitations was ended."),
    }
)

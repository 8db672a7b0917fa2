"""Secret feeds. The token is shown once and stored as a hash; a personal feed dies with its holder's membership."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.calendar.selections import OF_ORGANISATION, Detail, Scope, Selection, Wanted
from events.campaigns.models import Campaign
from events.constraints import one_of
from events.directory.models import Organisation
from events.gatherings.models import Event
from events.plans.models import Measure
from events.tenancy.models import InviteeLanguage, Membership
from events.tenancy.permissions import Role
from events.tenancy.scoping import TenantModel, TenantQuerySet

MOST_MINUTES = 7 * 24 * 60  # of an alarm: a week before

FEED_CONSTRAINTS = (
    models.UniqueConstraint(
        fields=("membership", "name"),
        condition=Q(revoked_at__isnull=True, membership__isnull=False),
        name="feed_name_once_a_member",
    ),
    models.UniqueConstraint(
        fields=("tenant", "name"),
        condition=Q(revoked_at__isnull=True, membership__isnull=True),
        name="shared_feed_name_once",
    ),
    models.CheckConstraint(
        name="feed_with_one_holder",
        condition=Q(membership__isnull=False, role="")
        | Q(membership__isnull=True) & (~Q(role="") | Q(scope=Scope.BODY)),
    ),
    models.CheckConstraint(
        name="feed_of_a_body_names_it",
        condition=Q(scope__in=OF_ORGANISATION, organisation__isnull=False)
        | ~Q(scope__in=OF_ORGANISATION) & Q(organisation__isnull=True),
    ),
    models.CheckConstraint(
        name="feed_of_a_campaign_names_it",
        condition=Q(scope=Scope.CAMPAIGN, campaign__isnull=False)
        | ~Q(scope=Scope.CAMPAIGN) & Q(campaign__isnull=True),
    ),
    models.CheckConstraint(
        name="own_feed_has_a_member", condition=~Q(scope=Scope.MINE) | Q(membership__isnull=False)
    ),
    models.CheckConstraint(
        name="feed_alarm_within_a_week", condition=Q(alarm__isnull=True) | Q(alarm__lte=MOST_MINUTES)
    ),
    models.CheckConstraint(
        name="feed_scope_secret", condition=~Q(scope=Scope.PUBLIC) & Q(scope__in=Scope.values)
    ),
    one_of("feed_detail_known", "detail", Detail),
)


class FeedQuerySet(TenantQuerySet["Feed"]):
    def alive(self) -> Self:
        """Feeds whose address works: not revoked, and somebody who holds it is still there."""
        personal = Q(membership__ended_at__isnull=True, membership__user__is_active=True)
        holders = Membership.objects.across_tenants("compared with the feed's own tenant below").current()
        held = holders.filter(tenant=models.OuterRef("tenant"), role=models.OuterRef("role"))
        shared = Q(membership__isnull=True) & (Q(role="") | models.Exists(held))
        return self.filter(shared | Q(membership__isnull=False) & personal, revoked_at__isnull=True)

    def of_member(self, membership: Membership, *, with_shared: bool) -> Self:
        """The member's own, and with `with_shared` those of a role or of an organisation."""
        mine = Q(membership=membership)
        return self.filter(mine | Q(membership__isnull=True) if with_shared else mine)

    def with_leavers(self) -> Self:
        """With `somebody_left`: one who had the role left after the address was made, and may know it still."""
        ended = Membership.objects.across_tenants("compared with the feed's own tenant below")
        left = ended.filter(tenant=models.OuterRef("tenant"), role=models.OuterRef("role"))
        return self.annotate(
            somebody_left=models.Exists(left.filter(ended_at__gt=models.OuterRef("addressed_at")))
        )


class Feed(TenantModel):
    """Held by one member of staff, by all who have a `role`, or, without both, handed to the organisation it is about.

    What it shows never changes; another selection is another feed. `key` names the bytes kept for that selection.
    """

    membership = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="feeds")
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(_("what it shows"), max_length=10, choices=Scope, default=Scope.STAFF)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        on_delete=models.CASCADE,
        related_name="feeds",
    )
    # Its own, or another tenant's that it takes part in: asked anew each time the feed is opened.
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), null=True, on_delete=models.CASCADE, related_name="feeds"
    )
    kind = models.CharField(_("kind of meeting"), max_length=20, choices=Event.Kind, blank=True)
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), null=True, on_delete=models.CASCADE, related_name="feeds"
    )
    city = models.CharField(_("town"), max_length=100, blank=True)
    language = models.CharField(
        _("language of the meeting"), max_length=5, choices=InviteeLanguage, blank=True
    )
    detail = models.CharField(_("how much it tells"), max_length=10, choices=Detail, default=Detail.FULL)
    alarm = models.PositiveSmallIntegerField(
        _("reminder, minutes before"), null=True, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    key = models.CharField(max_length=80, default="", editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    addressed_at = models.DateTimeField(default=timezone.now)  # since when it has this address
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = FEED_CONSTRAINTS

    def __str__(self) -> str:
        return self.name

    @property
    def selection(self) -> Selection:
        """What it shows. Reads the organisation or the campaign that a feed is about."""
        about = self.organisation.name if self.organisation else self.campaign.title if self.campaign else ""
        own = self.membership_id if self.scope == Scope.MINE else None
        return Selection(
            tenant_id=self.tenant_id,
            scope=self.scope,
            who=own or self.organisation_id or self.campaign_id or 0,
            about=about,
            wanted=Wanted(self.kind, self.measure_id, self.city, self.language),
            detail=self.detail,
            alarm=self.alarm,
        )


class StoredEvent(TenantModel):
    """An event's lines as a feed last wrote them, so that one edit writes one event anew.

    Good while `written_from` is the event's `changed_at` and `epoch` the feed's (the month, the format, the names).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="stored_lines")
    key = models.CharField(max_length=120)  # manner and language
    epoch = models.CharField(max_length=60)
    written_from = models.DateTimeField()
    octets = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "key"), name="stored_event_once_a_feed"),)

    def __str__(self) -> str:
        return f"{self.key} {self.event_id}"


class StoredSeries(TenantModel):
    """What a selection last said of a series: when it comes again, and which days are left out.

    `sequence` and `changed_at` rise with just that, so nobody learns from them of a meeting the selection hides. The
    sequence counts seconds since the series was made: a row that was thrown away may come back, and it never falls.
    """

    series = models.ForeignKey("events.Series", on_delete=models.CASCADE, related_name="stored")
    key = models.CharField(max_length=80)  # the selection's
    digest = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("series", "key"), name="stored_series_once_a_selection"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.series_id}"


class StoredBody(models.Model):
    """A feed's bytes as they were last rendered, ready to send. Rebuilt when `version` no longer matches (ADR 34)."""

    key = models.CharField(max_length=120, primary_key=True)  # selection, language and window
    version = models.CharField(max_length=80)
    etag = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    gzipped = models.BinaryField()
    brotlied = models.BinaryField(null=True)  # when somebody asked for it
    pieces = models.BinaryField(default=bytes)  # what `gzipped` was packed from (see packing.py)

    def __str__(self) -> str:
        return self.key

"""Events: who, when, where; their hosts, programme and the measures they are planned to advance."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.constraints import one_of
from events.directory.models import Organisation
from events.directory.searching import fold
from events.gatherings.agenda import ItemKind, ItemLevel
from events.gatherings.attending import Attended, Guarded
from events.gatherings.kinds import EVENT_CONSTRAINTS, EventKind, EventState
from events.gatherings.kinds import SUCCESSORS as SUCCESSORS
from events.gatherings.recurring import Recurring
from events.gatherings.revisions import Revised
from events.gatherings.where import PlaceLevel as PlaceLevel
from events.gatherings.where import Venue
from events.plans.models import Measure
from events.tenancy.models import InviteeLanguage, Membership
from events.tenancy.scoping import TenantModel, TenantQuerySet


class EventFormat(TenantModel):
    """A word of the tenant's own for the form of a meeting ("utvidet beredskapsråd")."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("tenant", "name"), name="event_format_once"),)

    def __str__(self) -> str:
        return self.name


class EventQuerySet(TenantQuerySet["Event"]):
    def upcoming(self) -> Self:
        """Published events that have not ended, soonest first."""
        return self.filter(state=Event.State.PUBLISHED, ends_at__gte=timezone.now()).order_by(
            "starts_at", "pk"
        )

    def past(self) -> Self:
        """Held events and those whose time is over, latest first; vague dates sort by the first day they may mean."""
        over = Q(state=Event.State.HELD) | Q(state=Event.State.PUBLISHED, ends_at__lt=timezone.now())
        return self.filter(over).order_by(F("sort_on").desc(), "-pk")

    def closed(self) -> Self:
        """Events that need no more planning: held, cancelled, or over and not yet marked as held. Latest first."""
        done = Q(state__in=(Event.State.HELD, Event.State.CANCELLED))
        over = Q(state=Event.State.PUBLISHED, ends_at__lt=timezone.now())
        return self.filter(done | over).order_by(F("sort_on").desc(nulls_last=True), "-pk")

    def drafts(self) -> Self:
        """Drafts, the one changed last first."""
        return self.filter(state=Event.State.DRAFT).order_by("-changed_at", "-pk")

    def matching(self, words: str) -> Self:
        """Events whose title or town holds every word of `words`, letter case and accents aside."""
        found = self
        for word in fold(words).split():
            found = found.filter(search__contains=word)
        return found

    def listed(self) -> Self:
        """Events the public may know of: published or held, marked as public, and not locked."""
        shown = self.filter(is_public=True, state__in=(Event.State.PUBLISHED, Event.State.HELD))
        return shown.filter(locked_at__isnull=True)

    def announced(self) -> Self:
        """The listed ones, and those that were cancelled after they were published, for whoever kept the link."""
        called_off = Q(state=Event.State.CANCELLED, published_at__isnull=False)
        shown = Q(state__in=(Event.State.PUBLISHED, Event.State.HELD)) | called_off
        return self.filter(shown, is_public=True, locked_at__isnull=True)

    def in_calendar(self) -> Self:
        """Events that calendars show: with a time (a vague date never becomes a fake day), no drafts, none locked."""
        return self.exclude(state=Event.State.DRAFT).filter(
            starts_at__isnull=False, published_at__isnull=False, locked_at__isnull=True
        )


class Event(Recurring, Venue, Attended, Guarded, Revised, TenantModel):
    """A meeting or a visit. When (also in a series), where and how it is attended stand in files of their own."""

    Kind = EventKind
    State = EventState

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DIALOGUE)
    format = models.ForeignKey(
        EventFormat, models.PROTECT, verbose_name=_("format"), null=True, blank=True, related_name="events"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=InviteeLanguage, default=InviteeLanguage.BOKMAL
    )

    responsible = models.ForeignKey(
        Membership,
        models.SET_NULL,
        verbose_name=_("who is responsible for the meeting"),
        null=True,
        blank=True,
        related_name="+",
    )
    chair = models.CharField(_("chair"), max_length=200, blank=True)
    hosts = models.ManyToManyField(
        Organisation, through="EventHost", related_name="events_hosted", verbose_name=_("host bodies")
    )
    measures = models.ManyToManyField(
        Measure,
        through="EventMeasure",
        related_name="events",
        verbose_name=_("measures it is planned to advance"),
    )
    is_public = models.BooleanField(_("listed for the public"), default=False)
    contact_name = models.CharField(_("who answers questions"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail for questions"), blank=True)
    contact_phone = models.CharField(_("telephone for questions"), max_length=30, blank=True)
    # The seed or import row it came from, and what that says that no field holds yet (issue 7).
    source_key = models.CharField(max_length=100, blank=True, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    search = models.TextField(default="", editable=False)  # folded title and town, kept by save()

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = (F("sort_on").desc(nulls_last=True), "-pk")
        indexes = (
            models.Index(fields=("tenant", "state", "starts_at")),
            models.Index(fields=("tenant", "state", "-changed_at", "-id")),
            models.Index(fields=("tenant", "sort_on")),
        )
        constraints = EVENT_CONSTRAINTS

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(self.title, self.city)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(*args, **kwargs)

    @property
    def answers_closed(self) -> bool:
        """True after the answer deadline, once the event has begun, while it is locked, and unless it is published."""
        late = self.answer_by is not None and self.answer_by <= timezone.now()
        return late or self.has_begun or self.is_locked or self.state != Event.State.PUBLISHED


class EventHost(TenantModel):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="host_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("event", "organisation"), name="host_once"),)

    def __str__(self) -> str:
        return str(self.organisation)


class EventMeasure(TenantModel):
    """A measure the event is planned to advance; what it did advance stands in the minutes."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="measure_links")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="event_links")

    class Meta:
        ordering = ("measure__number", "pk")
        constraints = (models.UniqueConstraint(fields=("event", "measure"), name="planned_measure_once"),)

    def __str__(self) -> str:
        return str(self.measure)


class ProgrammeItem(TenantModel):
    """An item of the programme, which is also the agenda item. Day 1 is the event's first day."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="programme")
    position = models.PositiveSmallIntegerField(_("position"))
    day = models.PositiveSmallIntegerField(_("day"), default=1)
    starts = models.TimeField(_("time"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    place = models.CharField(_("place"), max_length=200, blank=True)
    notes = models.CharField(_("notes"), max_length=500, blank=True)
    kind = models.CharField(_("sort of matter"), max_length=20, choices=ItemKind, blank=True)
    level = models.CharField(
        _("who may read it"), max_length=20, choices=ItemLevel, default=ItemLevel.PARTICIPANTS
    )
    papers = models.TextField(_("papers"), blank=True)  # links, one a line

    class Meta:
        ordering = ("event", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("event", "position"), name="programme_position_once"),
            one_of("programme_level_known", "level", ItemLevel),
        )

    def __str__(self) -> str:
        return self.title


class Appearance(TenantModel):
    """A person who appears in an item, with the office held at the time and the role there ("opener", "speaker")."""

    item = models.ForeignKey(ProgrammeItem, on_delete=models.CASCADE, related_name="appearances")
    name = models.CharField(_("name"), max_length=200)
    office = models.CharField(_("office"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True)

    class Meta:
        ordering = ("item", "pk")

    def __str__(self) -> str:
        return self.name


class ScheduleVersion(models.Model):
    """Counts the changes to a tenant's events that calendars show; bumped in the transaction that changes one."""

    tenant = models.OneToOneField(
        "events.Tenant", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.version)

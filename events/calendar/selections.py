"""What a feed shows: which events, as whom they are seen, in how much detail. Its key names the bytes kept for it."""

import hashlib
from dataclasses import dataclass, field, replace

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.calendar import render
from events.campaigns.models import CampaignEvent
from events.gatherings.models import Event, EventQuerySet
from events.gatherings.visibility import Audience, SeenEvent


class Detail(models.TextChoices):
    FULL = "full", gettext_lazy("everything the reader may know")
    TITLE = "title", gettext_lazy("title and time")
    BUSY = "busy", gettext_lazy("only that the time is taken")


class Scope(models.TextChoices):
    """PUBLIC has an address anybody knows, the others a secret one."""

    PUBLIC = "public", gettext_lazy("listed meetings")
    STAFF = "staff", gettext_lazy("all meetings")
    MINE = "mine", gettext_lazy("my own meetings")
    BODY = "body", gettext_lazy("meetings that one organisation hosts")
    NETWORK = "network", gettext_lazy("our meetings in one network")
    CAMPAIGN = "campaign", gettext_lazy("meetings of all who take part in a campaign")


OF_ORGANISATION = (Scope.BODY, Scope.NETWORK)
OF_STAFF = (Scope.STAFF, Scope.MINE, Scope.NETWORK)  # they see what the organiser sees
AUDIENCES = {
    Scope.PUBLIC: Audience.PUBLIC,
    Scope.BODY: Audience.CO_HOST,
    Scope.CAMPAIGN: Audience.PUBLIC,
}
THEIRS = "meetings that those who take part in a campaign share: title, time and town (ADR 33)"


@dataclass(frozen=True)
class Wanted:
    """Narrows a feed to some of its events; what is empty does not. `city` in any case, `language` of the meeting."""

    kind: str = ""
    measure: int | None = None
    city: str = ""
    language: str = ""

    @property
    def key(self) -> str:
        """ "" for all events; a digest otherwise, so that no text of a stranger becomes part of a key."""
        if self == EVERY:
            return ""
        folded = repr((self.kind, self.measure, self.city.casefold(), self.language))
        return hashlib.sha256(folded.encode()).hexdigest()[:16]

    def among(self, events: EventQuerySet) -> EventQuerySet:
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.measure is not None:
            events = events.filter(pk__in=events.filter(measure_links__measure=self.measure).values("pk"))
        if self.city:
            events = events.filter(city__iexact=self.city)
        return events.filter(language=self.language) if self.language else events


EVERY = Wanted()


@dataclass(frozen=True)
class Selection:
    """`who`: the membership of MINE, the organisation of BODY and NETWORK, the campaign. `about`: the name of that."""

    tenant_id: int
    scope: str = Scope.PUBLIC
    who: int = 0
    about: str = ""
    wanted: Wanted = field(default=EVERY)
    detail: str = Detail.FULL
    alarm: int | None = None  # minutes before

    @property
    def key(self) -> str:
        """The same for all feeds that show the same; language and window are not in it (see schedule.py)."""
        who = f".{self.who}" if self.who else ""
        alarm = f"+{self.alarm}" if self.alarm is not None else ""
        return f"{self.tenant_id}:{self.scope}{who}:{self.detail}{alarm}:{self.wanted.key}"

    @property
    def manner(self) -> str:
        """How an event's lines look in it: feeds of one manner share the kept lines of an event."""
        side = Scope.STAFF if self.scope in OF_STAFF else self.scope
        return f"{side}:{self.detail}{'' if self.alarm is None else f'+{self.alarm}'}"

    @property
    def audience(self) -> Audience:
        return AUDIENCES.get(Scope(self.scope), Audience.ORGANISER)

    def events(self) -> EventQuerySet:
        """The events of it that calendars may show, whenever they are."""
        events = self.wanted.among(self.rows().in_calendar())
        if self.scope == Scope.PUBLIC:
            return events.filter(is_public=True)
        if self.scope == Scope.BODY:
            return events.filter(pk__in=events.filter(host_links__organisation=self.who).values("pk"))
        if self.scope == Scope.NETWORK:
            return events.filter(pk__in=events.filter(network_links__network=self.who).values("pk"))
        return events.filter(responsible=self.who) if self.scope == Scope.MINE else events

    def rows(self) -> EventQuerySet:
        """Where its events lie: at its tenant, those of a campaign at all who take part."""
        if self.scope != Scope.CAMPAIGN:
            events: EventQuerySet = Event.objects.of(self.tenant_id)
            return events
        links = CampaignEvent.objects.across_tenants(THEIRS).of_campaign(self.who).shared()
        shared: EventQuerySet = Event.objects.across_tenants(THEIRS).filter(pk__in=links.values("event"))
        return shared

    def title(self, tenant: str) -> str:
        """The calendar's name, in the active language."""
        names = {
            Scope.PUBLIC: tenant,
            Scope.STAFF: _("%(tenant)s, for staff"),
            Scope.MINE: _("%(tenant)s, my meetings"),
            Scope.BODY: "%(tenant)s, %(about)s",
            Scope.NETWORK: "%(tenant)s, %(about)s",
            Scope.CAMPAIGN: "%(about)s",
        }
        name = names[Scope(self.scope)]
        return name if self.scope == Scope.PUBLIC else name % {"tenant": tenant, "about": self.about}

    def narrowed(self, facts: SeenEvent) -> SeenEvent:
        """What the feed's detail leaves of `facts`. Google and others keep what a feed says: no person is in it, and no
        item of the agenda that is for our own staff alone.
        """
        items = tuple(replace(item, speakers=()) for item in facts.programme if item.told_to_invitees)
        facts = replace(facts, chair="", programme=items, contact_name="", contact_email="", contact_phone="")
        if self.scope == Scope.CAMPAIGN:  # a neighbour's meeting: title, time and town
            facts = replace(facts, purpose="", place=facts.city, hosts=(), online_url="", programme=())
        if self.detail == Detail.FULL:
            return facts
        title = render.busy() if self.detail == Detail.BUSY else facts.title
        bare = replace(
            facts, title=title, purpose="", place="", city="", hosts=(), online_url="", programme=()
        )
        return replace(bare, kind="", kind_label="", language="") if self.detail == Detail.BUSY else bare

"""Plain builder functions. What is not named gets a boring default."""

import datetime as dt
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from events.campaigns import services as campaigns
from events.campaigns.models import Campaign, CampaignEvent, Participation
from events.campaigns.taking_part import services as taking_part
from events.directory.groups import services as groups
from events.directory.groups.models import ContactGroup
from events.directory.groups.rules import Rule
from events.directory.labels.models import OrganisationType, Tag
from events.directory.models import Contact, Organisation
from events.directory.networks.models import NetworkMember
from events.gatherings.days import day_begins
from events.gatherings.models import Event, ProgrammeItem
from events.plans.models import FocusArea, Measure, Plan, Responsibility
from events.tenancy.models import Membership, Tenant, User
from invites.answers.questions.models import Question
from invites.invitations.models import Invitation
from minutes.progress.indicators.models import Indicator, IndicatorValue

number = count(1)
OSLO = ZoneInfo("Europe/Oslo")
ADOPTED = {"state": "adopted", "decided_on": dt.date(2015, 4, 14)}
AWAKE = {"quiet_from": dt.time(0), "quiet_until": dt.time(0), "quiet_weekends": False}


def tenant(slug: str = "", **facts: Any) -> Tenant:
    """Without quiet hours, so that no test depends on the hour it runs at."""
    slug = slug or f"tenant-{next(number)}"
    facts = {
        **AWAKE,
        "name": slug,
        "kind": Tenant.Kind.MUNICIPALITY,
        "contact_email": f"post@{slug}.example",
        **facts,
    }
    return Tenant.objects.create(slug=slug, **facts)


def staff(at: Tenant, role: str, **facts: Any) -> User:
    """A user with `role` at a tenant."""
    name = facts.pop("name", f"{role} {next(number)}")
    email = facts.pop("email", f"{name.split()[0].lower()}{next(number)}@{at.slug}.example")
    user = User.objects.create_user(email, name=name, **facts)
    Membership.objects.create(tenant=at, user=user, role=role)
    return user


def organisation(at: Tenant, **facts: Any) -> Organisation:
    facts = {"name": f"Forening {next(number)}", "kind": "ngo", **facts}
    return Organisation.objects.create(tenant=at, **facts)


def contact(at: Tenant, **facts: Any) -> Contact:
    n = next(number)
    facts = {"name": f"Person {n}", "email": f"person{n}@forening.example", **facts}
    if "organisation" not in facts:
        facts["organisation"] = organisation(at)
    return Contact.objects.create(tenant=at, **facts)


def organisation_type(at: Tenant, **facts: Any) -> OrganisationType:
    facts = {"name": f"type {next(number)}", "kind": "faith", **facts}
    return OrganisationType.objects.create(tenant=at, **facts)


def tag(at: Tenant, name: str = "") -> Tag:
    return Tag.objects.create(tenant=at, name=name or f"tag {next(number)}")


def group(at: Tenant, *members: Contact, name: str = "", rule: Rule | None = None) -> ContactGroup:
    """A group by `rule`, or of `members`."""
    row = groups.add_group(tenant=at, by=None, name=name or f"Gruppe {next(number)}", rule=rule)
    if members:
        groups.choose_into(row, members, by=None)
    return row


def network(at: Tenant, **facts: Any) -> Organisation:
    return organisation(at, **{"name": f"Nettverk {next(number)}", "kind": "network", **facts})


def network_member(at: Tenant, **facts: Any) -> NetworkMember:
    """A current member that joined in September 2016."""
    if "network" not in facts:
        facts["network"] = network(at)
    if "member" not in facts:
        facts["member"] = organisation(at)
    facts = {"joined_from": dt.date(2016, 9, 1), "joined_precision": "month", **facts}
    return NetworkMember.objects.create(tenant=at, **facts)


def event(at: Tenant, **facts: Any) -> Event:
    """A published dialogue meeting in two weeks, 17:00-19:00 Oslo time, answers until the day before."""
    day = timezone.localdate() + dt.timedelta(days=14)
    starts = dt.datetime.combine(day, dt.time(17), OSLO)
    facts = {
        "title": f"Dialogmøte {next(number)}",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=2),
        "venue": "Sandefjord rådhus",
        "address": "Rådhusgata 1",
        "district": "Sentrum",
        "city": "Sandefjord",
        "room": "Møterom 3",
        "answer_by": starts - dt.timedelta(days=1),
        "state": Event.State.PUBLISHED,
        "contact_name": "Kari Koordinator",
        "contact_email": "kari@sandefjord.example",
        **facts,
    }
    if facts["state"] in (Event.State.PUBLISHED, Event.State.HELD):
        facts.setdefault("published_at", timezone.now())
    if facts["state"] == Event.State.HELD:
        facts.setdefault("held_at", timezone.now())
    if facts["state"] == Event.State.CANCELLED:
        facts.setdefault("cancelled_at", timezone.now())
    return Event.objects.create(tenant=at, **facts)


def draft(at: Tenant, **facts: Any) -> Event:
    return event(at, state=Event.State.DRAFT, **facts)


def programme(of: Event, *titles: str) -> list[ProgrammeItem]:
    return [
        ProgrammeItem.objects.create(tenant=of.tenant, event=of, position=position, title=title)
        for position, title in enumerate(titles, start=1)
    ]


def invitation(to: Event, **facts: Any) -> Invitation:
    if "contact" not in facts:
        facts["contact"] = contact(to.tenant)
    row = Invitation(tenant=to.tenant, event=to, **facts)
    row.seal()
    row.save()
    return row


def question(to: Event, **facts: Any) -> Question:
    """A published, ordinary question for a text."""
    facts = {
        "position": 1 + Question.objects.of(to.tenant).filter(event=to).count(),
        "label": f"Spørsmål {next(number)}",
        "purpose": "Vi planlegger gruppearbeid",
        "sensitivity": "ordinary",
        "delete_on": timezone.localdate() + dt.timedelta(days=60),
        "state": "published",
        **facts,
    }
    if facts["state"] == "published":
        Event.objects.of(to.tenant).filter(pk=to.pk).update(asks_questions=True)
        to.asks_questions = True
    return Question.objects.create(tenant=to.tenant, event=to, **facts)


def measure(at: Tenant, **facts: Any) -> Measure:
    """Measure 3 of a small adopted plan whose lead is the municipality."""
    return measure_of_plan(at, **facts)


def measure_of_plan(
    at: Tenant, *, key: str = "plan", plan_title: str = "Handlingsplan", **facts: Any
) -> Measure:
    """The same in the plan of this key and title, made when it is not there. `state`, say, is of a new plan."""
    of_plan = {**ADOPTED, **{name: facts.pop(name) for name in ("state", "decided_on") if name in facts}}
    owner = Organisation.objects.of(at).filter(kind="municipal").first() or organisation(
        at, name="Sandefjord kommune", kind="municipal"
    )
    plan, _ = Plan.objects.of(at).get_or_create(
        tenant=at, key=key, defaults={"title": plan_title, "owner": owner, **of_plan}
    )
    area, _ = FocusArea.objects.of(at).get_or_create(
        tenant=at, plan=plan, number=1, defaults={"title": "Samordning"}
    )
    taken = plan.measures.count()
    facts = {"number": 3 + taken, "title": "Samarbeid mellom kommune, politi og trossamfunn", **facts}
    row = Measure.objects.create(tenant=at, plan=plan, focus_area=area, **facts)
    Responsibility.objects.create(
        tenant=at,
        measure=row,
        part="responsible",
        position=1,
        order=1,
        label="U",
        organisation=owner,
        name_as_written=owner.name,
    )
    return row


def on_days(first: dt.date, last: dt.date | None = None, zone: str = "Europe/Oslo") -> dict[str, Any]:
    """The facts of an event that lasts all day from `first` to `last`, both included."""
    after = (last or first) + dt.timedelta(days=1)
    starts, ends = day_begins(first, zone), day_begins(after, zone)
    return {
        "all_day": True,
        "starts_at": starts,
        "ends_at": ends,
        "time_zone": zone,
        "answer_by": starts - dt.timedelta(days=3),
    }


def campaign(at: Tenant, **facts: Any) -> Campaign:
    """An open campaign."""
    row = campaigns.start(tenant=at, by=None, facts={"title": f"Kampanje {next(number)}", **facts})
    campaigns.open_campaign(row, by=None)
    return row


def participation(of: Campaign, who: Tenant | str) -> Participation:
    """A tenant that joined, or somebody listed by name."""
    if isinstance(who, str):
        return campaigns.list_names(of, by=None, names=[who])[0]
    (row,) = campaigns.ask(of, by=None, tenants=[who])
    taking_part.join(row, by=None)
    return row


def campaign_event(of: Participation, meeting: Event | None = None, **told: Any) -> CampaignEvent:
    meeting = meeting or event(of.tenant)
    return taking_part.link(of, meeting, by=None, told=told)


def indicator(of: Plan, figures: dict[int, int] | None = None, **facts: Any) -> Indicator:
    """A yearly one of the plan, or of a `measure` of it; `figures` by year."""
    facts = {"name": f"Måltall {next(number)}", **facts}
    row = Indicator.objects.create(tenant=of.tenant, plan=of, **facts)
    for year, value in (figures or {}).items():
        IndicatorValue.objects.create(tenant=of.tenant, indicator=row, year=year, value=value)
    return row

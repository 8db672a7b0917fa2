"""The demo's campaign: who takes part, and their meetings in it. Found again by its key; a second run adds nothing."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q

from config.demo.facts import Facts
from config.demo.meetings import uid_of
from events.campaigns import services
from events.campaigns.models import Campaign, Participation
from events.campaigns.taking_part import services as taking_part
from events.dates import parse
from events.gatherings.models import Event
from events.tenancy.models import Tenant, User


def campaign(row: Facts, among: dict[str, Tenant], users: dict[str, User]) -> None:
    """All or nothing. `users` are the coordinators by the slug of their tenant."""
    tenant = among[row["tenant"]]
    uid = uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{row['key']}")
    if Campaign.objects.of(tenant).filter(uid=uid).exists():
        return
    by = users[tenant.slug]
    with transaction.atomic():
        made = services.start(tenant=tenant, by=by, facts=_facts(row, by), uid=uid)
        services.open_campaign(made, by=by)
        for each in row["participants"]:
            here = among.get(each.get("tenant", ""), tenant)
            joined = _joined(made, each, here, by=by, themselves=users[here.slug])
            for meeting in each["meetings"]:
                _link(joined, meeting, by=users[here.slug])


def _facts(row: Facts, by: User) -> dict[str, Any]:
    facts = {**row["facts"], "contact_name": by.name, "contact_email": by.email}
    for column in ("trigger", "from", "until"):
        when = parse(str(row[column]))
        facts |= {f"{column}_on": when.first, f"{column}_precision": when.precision}
    return facts


def _joined(made: Campaign, row: Facts, here: Tenant, *, by: User, themselves: User) -> Participation:
    if "name" in row:
        return services.list_names(made, by=by, names=[row["name"]])[0]
    (asked,) = services.ask(made, by=by, tenants=[here])
    taking_part.join(asked, by=themselves)
    return asked


def _link(joined: Participation, row: Facts, *, by: User) -> None:
    """A meeting that somebody removed from the demo is passed over."""
    known = Q(source_key=row["key"]) | Q(uid=uid_of(joined.tenant, row["key"]))
    event = Event.objects.of(joined.tenant).filter(known).first()
    if event is None:
        return
    told = {name: value for name, value in row.items() if name not in ("key", "audience")}
    taking_part.link(joined, event, by=by, told={**told, "audience": "\n".join(row.get("audience", ()))})

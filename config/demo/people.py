"""The demo's tenants, accounts, organisations and contacts. What is there already stays as people left it."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from config.demo.facts import Facts
from events.directory import services as directory
from events.directory.merging.models import Merger, Subject
from events.directory.models import Contact, Organisation
from events.directory.services import bodies_named
from events.tenancy.models import Membership, Tenant, User
from events.tenancy.services import add_member


def tenants(facts: Facts) -> dict[str, Tenant]:
    """By slug. They are made without quiet hours: who tries the demo in the evening wants to see the mail now."""
    awake = {"quiet_from": dt.time(0), "quiet_until": dt.time(0), "quiet_weekends": False}
    return {
        row["slug"]: Tenant.objects.get_or_create(slug=row["slug"], defaults={**row, **awake})[0]
        for row in facts["tenants"]
    }


def accounts(facts: Facts, among: dict[str, Tenant]) -> dict[str, User]:
    """The demo accounts by address, each with its role; one who was given another role keeps it."""
    for row in facts["accounts"]:
        tenant = among[row["tenant"]]
        if not Membership.objects.of(tenant).filter(user__email=row["email"]).exists():
            add_member(tenant=tenant, by=None, email=row["email"], name=row["name"], role=row["role"])
    users = {
        user.email: user for user in User.objects.filter(email__in=[r["email"] for r in facts["accounts"]])
    }
    set_passwords(list(users.values()))
    return users


def set_passwords(users: list[User]) -> None:
    """Gives all of them DEMO_PASSWORD, or none that works when it is empty.

    They share one hash, so that a second run checks one password instead of five: each check costs a good part of a
    second by design.
    """
    stored = {user.password for user in users}
    if not settings.DEMO_PASSWORD:
        for user in users:
            if user.has_usable_password():
                user.set_unusable_password()
                user.save(update_fields=["password"])
    elif len(stored) > 1 or not check_password(settings.DEMO_PASSWORD, stored.pop()):
        shared = make_password(settings.DEMO_PASSWORD)
        User.objects.filter(pk__in=[user.pk for user in users]).update(password=shared)


def directory_of(tenant: Tenant, facts: Facts, *, by: User) -> dict[str, Contact]:
    """Adds the organisations and contacts that are missing; returns all contacts by address."""
    contacts = {
        contact.email: contact for contact in Contact.objects.of(tenant).select_related("organisation")
    }
    rows: list[Facts] = facts["organisations"]
    missing = [row for row in rows if not any(c["email"] in contacts for c in row.get("contacts", ()))]
    named = {name.casefold() for name in Organisation.objects.of(tenant).values_list("name", flat=True)}
    for row in missing:
        if row["name"].casefold() not in named:
            _add_organisation(tenant, row, by)
    people = [{**person, "organisation": row["name"]} for row in rows for person in row.get("contacts", ())]
    merged = _merged_away(tenant)
    for person in [*people, *facts["contacts"]]:
        if person["email"] not in contacts and person["email"] not in merged:
            contacts[person["email"]] = _add_contact(tenant, person, by)
    return contacts


def _merged_away(tenant: Tenant) -> set[str]:
    """The addresses of contacts that somebody merged into another one: they do not come back."""
    gone = Merger.objects.of(tenant).filter(subject=Subject.CONTACT).values_list("facts", flat=True)
    return {facts.get("email", "") for facts in gone}


def _add_organisation(tenant: Tenant, row: Facts, by: User) -> None:
    links = {"umbrella": row.get("part_of"), "successor": row.get("successor")}
    bodies, _added = bodies_named(filter(None, links.values()), tenant=tenant)
    facts: Facts = {name: row[name] for name in ("name", "kind", "city", "notes") if name in row}
    facts |= {field: bodies[name] for field, name in links.items() if name}
    if known := Organisation.objects.of(tenant).named(row["name"]):  # as the successor of an earlier row
        directory.change_organisation(known, by=by, facts=facts, aliases=row.get("aliases", ()))
    else:
        directory.add_organisation(tenant=tenant, by=by, facts=facts, aliases=row.get("aliases", ()))


def _add_contact(tenant: Tenant, person: Facts, by: User) -> Contact:
    name = person.get("organisation")
    organisation = Organisation.objects.of(tenant).named(name) if name else None
    return directory.add_contact(tenant=tenant, by=by, facts={**person, "organisation": organisation})

"""Loads the demo step by step, through the services that people's clicks use. The second run changes nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils import translation

from config.demo.again import again
from config.demo.campaigns import campaign
from config.demo.coming import coming, enclose
from config.demo.facts import Facts, facts_of
from config.demo.meetings import held, planned
from config.demo.people import accounts, directory_of, tenants
from config.demo.words import words_of
from events.gatherings.models import Event
from events.plans.importing import import_plan
from events.tenancy.models import Tenant, User
from invites.post import outbox

Say = Callable[[str], None]
COORDINATORS = {
    "sandefjord": "coordinator@sandefjord.example",
    "kristiansand": "coordinator@kristiansand.example",
    "ministry": "national@ministry.example",
}
SECRETARY = "minutes@sandefjord.example"


def load_demo(say: Say) -> None:
    """Loads what is missing of the demo; `say` gets a line for each step, with its seconds.

    Ends by sending what is due, so that the mailbox is full before a worker runs. Mails already sent are never sent
    again: their rows say so.
    """
    with translation.override("nb"):
        with _step("tenants and accounts", say):
            people = facts_of("tenants")
            among = tenants(people)
            users = accounts(people, among)
        new: list[tuple[Event, Facts, User]] = []
        for slug, tenant in among.items():
            facts, by = facts_of(slug), users[COORDINATORS[slug]]
            with _step(tenant.name, say):
                if event := _load(tenant, facts, by, users[SECRETARY]):
                    new.append((event, facts["coming"], by))
        with _step("campaign", say):
            by_slug = {slug: users[address] for slug, address in COORDINATORS.items()}
            campaign(facts_of("campaign-2014"), among, by_slug)
        with _step("mail", say):
            outbox.deliver()
            for event, row, by in new:
                if "enclosure" in row:
                    enclose(event, row["enclosure"], by=by)


def _load(tenant: Tenant, facts: Facts, by: User, secretary: User) -> Event | None:
    """All of one tenant; returns the coming meeting when it was made now."""
    contacts = directory_of(tenant, facts, by=by)
    words_of(tenant, facts, by=by, contacts=contacts)
    if tenant.slug == "sandefjord":
        result = import_plan(facts_of("sandefjord-plan"), tenant=tenant, by=by)
        if result.errors:
            raise ValueError("; ".join(result.errors))
    held(tenant, facts["held"], by=by, secretary=secretary)
    planned(tenant, facts.get("planned", []), by=by)
    again(tenant, facts.get("again", []), by=by)
    return coming(tenant, facts["coming"], by=by)


@contextmanager
def _step(name: str, say: Say) -> Iterator[None]:
    begun = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - begun:.1f} s")

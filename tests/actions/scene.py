"""Meetings of one body with approved minutes, and the action points that follow from them."""

import datetime as dt

from django.utils import timezone

from events.dates import VagueDate
from minutes.approval import services as approval
from minutes.records import services as records
from minutes.records.actions.models import ActionItem
from minutes.records.content import Content
from tests.factories import contact, event, organisation
from tests.records.scene import new

DAY = dt.timedelta(days=1)


def on(day):
    return VagueDate(day, "day")


def today():
    return timezone.localdate()


def met(at, *, hosts=(), days_ago=1, **facts):
    """A meeting that is over."""
    ends = timezone.now().replace(microsecond=0) - days_ago * DAY
    facts = {"title": "Politiråd", "kind": "forum", "answer_by": None, **facts}
    meeting = event(at, starts_at=ends - dt.timedelta(hours=2), ends_at=ends, **facts)
    hosted(meeting, hosts)
    return meeting


def coming(at, *, hosts=(), days=14, **facts):
    starts = timezone.now() + days * DAY
    facts = {"title": "Neste politiråd", "kind": "forum", **facts}
    meeting = event(at, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), answer_by=None, **facts)
    hosted(meeting, hosts)
    return meeting


def hosted(meeting, hosts):
    from events.gatherings.programme import set_hosts

    set_hosts(meeting, hosts)


def draft(meeting, by, **facts):
    """Minutes with one action point, not approved."""
    minutes = records.open_minutes(meeting, by=by)
    facts = {"text": "Ringe skolene", "owner": "Amina Noor", "due": on(today() + 30 * DAY), **facts}
    content = Content(actions=[new(**facts)])
    return records.save(minutes, by=by, revision=minutes.revision, content=content)


def approved(minutes, by):
    approval.submit(minutes, by=by)
    return approval.approve(minutes, by=by)


def decided(at, by, *, meeting=None, **facts):
    """An action point of approved minutes."""
    minutes = draft(meeting or met(at), by, **facts)
    approved(minutes, by)
    rows = ActionItem.objects.of(at).select_related("tenant", "outcome__minutes__event")
    return rows.get(outcome__minutes=minutes)


def amina(at, **facts):
    facts = {"name": "Amina Noor", "email": "amina@moske.example", "organisation": organisation(at), **facts}
    return contact(at, **facts)


def fresh(row):
    return type(row).objects.of(row.tenant_id).get(pk=row.pk)

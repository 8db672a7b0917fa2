"""Builders for minutes, and a browser's way of filling in their form."""

import datetime as dt
import re
from html.parser import HTMLParser

from django.urls import reverse
from django.utils import timezone

from events.dates import VagueDate
from events.directory.models import Organisation
from minutes.records import services
from minutes.records.content import Content
from tests.factories import contact, event, invitation, organisation, programme

DUE = VagueDate(dt.date(2027, 1, 15), "day")


def answered(to, reply, **facts):
    replied_at = timezone.now() if reply else None
    return invitation(to, reply=reply, replied_at=replied_at, contact=contact(to.tenant, **facts))


def held(at, **facts):
    """A published meeting that ended an hour ago."""
    ends = timezone.now().replace(microsecond=0) - dt.timedelta(hours=1)
    facts = {
        "title": "Samarbeidsforum i høst",
        "starts_at": ends - dt.timedelta(hours=2),
        "ends_at": ends,
        "answer_by": None,
        **facts,
    }
    return event(at, **facts)


def body(at, name, kind):
    return Organisation.objects.of(at).filter(name=name).first() or organisation(at, name=name, kind=kind)


def forum(at, **facts):
    """A meeting that is over, with two items and four invitees who answered differently."""
    meeting = held(at, **facts)
    programme(meeting, "Velkommen", "Trygghet i sentrum")
    mosque = body(at, "Moskeen i byen", "faith")
    answered(meeting, "accepted", name="Amina Accepted", organisation=mosque)
    answered(meeting, "declined", name="Dag Declined", organisation=mosque)
    answered(meeting, "tentative", name="Tone Tentative", organisation=None)
    answered(meeting, "", name="Stille Silent", organisation=body(at, "Politiet", "police"))
    return meeting


def opened(at, by=None, **facts):
    return services.open_minutes(forum(at, **facts), by=by)


def written(at, by, *, measure=None, **facts):
    """Minutes in which something of every kind stands."""
    minutes = opened(at, by, **facts)
    first, second = minutes.items.all()
    content = Content(
        walkins=[new(name="Ida Innom", organisation="Politiet")],
        headcounts=[new(organisation="Skoleklasse 10B", count=22)],
        items=[
            {"id": first.pk, "remove": False, "title": first.title, "notes": "**Vel møtt** alle sammen."},
            {"id": second.pk, "remove": False, "title": second.title, "notes": "- bedre lys\n- natteravner"},
        ],
        decisions=[new(text="Forumet møtes hvert kvartal.", item=second.pk)],
        actions=[
            new(
                text="Kalle inn til neste møte",
                owner="Amina Accepted",
                due=VagueDate(dt.date(2027, 1, 15), "day"),
            )
        ],
        updates=[new(measure=measure.pk, phase="under_way", text="Forumet er i gang.")] if measure else [],
    )
    return services.save(minutes, by=by, revision=minutes.revision, content=content)


def new(**facts):
    return {"id": None, "remove": False, "item": None, "due": None, "not_before": None, **facts}


def address(name, minutes_or_event, **more):
    row = getattr(minutes_or_event, "event", minutes_or_event)
    return reverse(name, kwargs={"tenant": row.tenant.slug, "pk": row.pk, **more})


class FormReader(HTMLParser):
    """The fields of the form whose class is `minutes-form`, as a browser without scripts would send them."""

    def __init__(self):
        super().__init__()
        self.fields, self.inside, self.textarea, self.select = {}, False, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = "minutes-form" in (attrs.get("class") or "")
        if not self.inside:
            return
        if tag == "input" and attrs.get("name"):
            if attrs.get("type") in ("radio", "checkbox") and "checked" not in attrs:
                return
            self.fields[attrs["name"]] = attrs.get("value", "on" if attrs.get("type") == "checkbox" else "")
        elif tag == "textarea":
            self.textarea = attrs["name"]
            self.fields[self.textarea] = ""
        elif tag == "select":
            self.select = attrs["name"]
            self.fields[self.select] = ""
        elif tag == "option" and self.select and "selected" in attrs:
            self.fields[self.select] = attrs["value"]

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # HTML drops the first line end of a textarea, and Django writes one for that reason.
            self.fields[self.textarea] = re.sub(r"\A\r?\n", "", self.fields[self.textarea])
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields_of(response):
    reader = FormReader()
    reader.feed(response.content.decode())
    return reader.fields

"""One coming dialogue meeting for each tenant, invited to by real mails and partly answered."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from config.demo.facts import Facts
from config.demo.meetings import at, evening, wednesday, what
from events.directory.groups.rules import Rule
from events.directory.models import Contact
from events.gatherings import services as gatherings
from events.gatherings.models import Event
from events.tenancy.models import Tenant, User
from invites.answers import services as answers
from invites.answers.models import AnswerSource
from invites.answers.people import Person
from invites.answers.questions import editing as questions
from invites.answers.seats import services as seats
from invites.invitations.drafting.services import add_enclosure
from invites.invitations.models import Invitation
from invites.invitations.waves.services import arrange
from invites.invitations.waves.timing import Timing

WEEKS_AHEAD = 3
MARK = "coming"  # in the event's `facts`, so that the next run knows its meeting again


def coming(tenant: Tenant, row: Facts, *, by: User) -> Event | None:
    """Makes, publishes and invites to the meeting, all or nothing, and gives the answers; None when one lies ahead.

    One that was cancelled counts too: whoever tries the demo decides. Once it is over, the next run makes a new one.
    """
    events = Event.objects.of(tenant).filter(facts__demo=MARK, ends_at__gte=timezone.now())
    if events.exists():
        return None
    day = wednesday(timezone.localdate() + dt.timedelta(weeks=WEEKS_AHEAD))
    times = evening(day, "17:00", "19:00")
    times |= {"answer_by": at(day - dt.timedelta(days=3), dt.time(12)), "is_public": True}
    with transaction.atomic():
        event = gatherings.create(
            tenant=tenant, by=by, **what(tenant, {**row, "facts": {"demo": MARK}}, times)
        )
        gatherings.publish(event, by=by)
        _arrange(event, row, day, by=by)
        _invite(event, row, day, by=by)
        _answer(event, row["answers"])
    return event


def enclose(event: Event, facts: Facts, *, by: User) -> None:
    """Adds the file that goes along with the later invitations, so called once those of today are sent."""
    content = facts["text"].replace("\n", "\r\n").encode()
    add_enclosure(event, by=by, name=facts["name"], content=content, with_invitation=True)


def _arrange(event: Event, row: Facts, day: dt.date, *, by: User) -> None:
    """Its seats, the parts of its mix and what invitees are asked, where the facts tell of them."""
    if "seats" in row:
        seats.set_seats(event, by=by, facts=row["seats"])
    for group in row.get("seat_groups", ()):
        rule = Rule(kinds=tuple(group["kinds"]))
        seats.save_group(event, by=by, name=group["name"], rule=rule, target=group["target"])
    for question in row.get("questions", ()):
        facts = {name: value for name, value in question.items() if name != "delete_days_after"}
        last = day + dt.timedelta(days=question["delete_days_after"])
        questions.add(event, by=by, publish=True, delete_on=last, **facts)


def _invite(event: Event, row: Facts, day: dt.date, *, by: User) -> None:
    """The first wave at once, with the organisations that name their people; a later one on a morning ahead."""
    people = _asked(event.tenant, row["invite"])
    ids = {one.email: one.pk for one in people}
    quotas = {ids[email]: number for email, number in row.get("quotas", {}).items()}
    notes = {ids[email]: note for email, note in row.get("notes", {}).items()}
    arrange(event, by=by, contacts=people, timing=Timing(), quotas=quotas, notes=notes)
    if later := row.get("later"):
        morning = at(day - dt.timedelta(days=later["days_before"]), dt.time(9))
        timing = Timing(due_at=morning, name=later["name"])
        arrange(event, by=by, contacts=_asked(event.tenant, later["invite"]), timing=timing)


def _asked(tenant: Tenant, kinds: list[str]) -> list[Contact]:
    """Everybody reachable at organisations of these types; "" means people who belong to none."""
    people = Contact.objects.of(tenant).reachable().select_related("organisation")
    return [person for person in people if (person.organisation.kind if person.organisation else "") in kinds]


def _answer(event: Event, rows: list[Facts]) -> None:
    invitations = Invitation.objects.of(event.tenant).filter(event=event).select_related("event", "contact")
    by_address = {invitation.contact.email: invitation for invitation in invitations}
    for row in rows:
        if invitation := by_address.get(row["email"]):
            comment, people = row.get("comment", ""), [Person(**one) for one in row.get("people", ())]
            answers.answer(
                invitation, reply=row["reply"], comment=comment, source=AnswerSource.WEB, people=people
            )

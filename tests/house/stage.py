"""One of everything at Sandefjord, and a stranger's tenant: what the route tests point at."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from events.calendar.embedding.models import EmbedHost
from events.calendar.models import Feed
from events.campaigns.networks.models import EventNetwork
from events.directory.imports import reading
from events.directory.imports import services as imports
from events.gatherings.models import Event
from events.gatherings.series.services import publish_all
from events.plans.documents import services as documents
from events.plans.editing import catalogue
from events.plans.editing import services as editing
from events.plans.models import Measure
from events.plans.recommending import services as recommending
from events.plans.succession import services as succession
from events.tenancy.models import Membership, Tenant, User
from events.tokens import digest, new_token
from invites.answers.door import services as door
from invites.answers.models import Answer
from invites.answers.own import services as own
from invites.answers.requests.models import AnswerRequest
from invites.answers.seats.models import SeatGroup
from invites.invitations.drafting.services import add_enclosure
from invites.invitations.models import Invitation
from invites.invitations.waves.models import Wave
from invites.post.models import OutgoingMail
from invites.replies.models import InboundMail
from minutes.approval import services as approval
from minutes.progress.indicators import services as indicators
from minutes.progress.milestones import services as milestones
from minutes.records import services as records
from minutes.records.actions.models import ActionItem
from minutes.records.models import Minutes, Outcome
from tests import factories
from tests.series.stage import made

HOUR = dt.timedelta(hours=1)
ROLES = ("reader", "minute_taker", "coordinator", "administrator")


@dataclass(frozen=True)
class Stage:
    ours: Tenant
    theirs: Tenant
    people: dict[str, User]  # the four roles, and "stranger" and "nobody" (signed in, member of no tenant)
    rows: dict[str, Any]


def build() -> Stage:
    ours, theirs = factories.tenant("sandefjord"), factories.tenant("kristiansand")
    people = {role: factories.staff(ours, role, name=f"{role} Person") for role in ROLES}
    people["stranger"] = factories.staff(theirs, "administrator", name="Nils Nabo")
    people["nobody"] = User.objects.create_user("nobody@elsewhere.example", name="Ingen")
    return Stage(ours, theirs, people, _rows(ours, people))


def _rows(ours: Tenant, people: dict[str, User]) -> dict[str, Any]:
    event = factories.event(ours, is_public=True, seats_taken=1)
    invitation = factories.invitation(event, reply="accepted", replied_at=timezone.now())
    Answer.objects.create(tenant=ours, invitation=invitation, reply="accepted", source="web")
    told = _moved(ours)
    measure = factories.measure(ours)
    begun = factories.event(
        ours, starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR, answer_by=None
    )
    secret = new_token()
    twin = factories.contact(ours)
    membership = Membership.objects.of(ours).get(user=people["coordinator"])
    occurrence = factories.draft(ours, is_public=True)
    series = made(occurrence, count=3)
    publish_all(series, by=None)
    door_link, door_token = door.make_link(begun, by=people["coordinator"], name="Resepsjonen")
    return {
        "action": _action(event, people, invitation.contact),
        "door_link": door_link,
        "door_token": door_token,
        "series": series,
        "occurrence": occurrence,
        "tenant": ours,
        "event": event,
        "wave": Wave.objects.create(
            tenant=ours,
            event=event,
            number=1,
            due_at=timezone.now() + 24 * HOUR,
            created_by=people["coordinator"],
        ),
        "held": _with_approved_minutes(ours, people),
        "one": 1,
        "seat_group": SeatGroup.objects.create(tenant=ours, event=event, name="Ungdom", target=2),
        "draft": factories.draft(ours),
        "contact": invitation.contact,
        "organisation": invitation.contact.organisation,
        "other_contact": twin,
        "other_organisation": twin.organisation,
        "invitation": invitation,
        "request": AnswerRequest.objects.create(
            tenant=ours, invitation=told, kind="substitute", number=1, name="Bo Berg", email="bo@x.example"
        ),
        "moved": told.event,
        "told": told,
        "measure": measure,
        "plan": measure.plan,
        **_of_plan(measure, people["coordinator"]),
        **_of_progress(measure, people["coordinator"]),
        "begun": begun,
        "minutes": _submitted(begun, people),
        "feed": Feed.objects.create(
            tenant=ours, membership=membership, name="Kalender", token_hash=digest(secret)
        ),
        "embed_host": EmbedHost.objects.create(tenant=ours, host="www.sandefjord.example"),
        "feed_token": secret,
        "mail": OutgoingMail.objects.create(
            tenant=ours, kind="invitation", subject_id=invitation.pk, to_address="a@b.example", state="failed"
        ),
        "inbound": InboundMail.objects.create(
            kind="calendar", state="held", topic="answer", size=1, raw_hash="0" * 64, invitation=invitation
        ),
        **_import(ours, people["coordinator"]),
        "enclosure": add_enclosure(
            event, by=people["coordinator"], name="Kart.txt", content=b"Kart", with_invitation=True
        ),
        "own_link": own.send_link(invitation.contact, language="nb"),
        "own_address": own.ask_address(invitation.contact, email="ny@forening.example", language="nb"),
        "question": factories.question(event),
        "mail_kind": "invitation",
        "language": "nb",
        "mail_name": "20260101-mail.eml",
        "membership": Membership.objects.of(ours).get(user=people["reader"]),
        **_directory(ours),
        **_campaigns(ours),
    }


def _campaigns(ours: Tenant) -> dict[str, Any]:
    """A campaign of ours with somebody listed, one we joined with a meeting, and a network's meeting."""
    own = factories.campaign(ours)
    listed = factories.participation(own, "Haugesund kommune")
    joined = factories.participation(factories.campaign(factories.tenant("ministry")), ours)
    network = factories.network(ours)
    link = EventNetwork.objects.create(tenant=ours, event=factories.event(ours), network=network)
    return {
        "campaign": own,
        "listed": listed,
        "participation": joined,
        "campaign_link": factories.campaign_event(joined),
        "event_network": link,
    }


def _of_plan(measure: Measure, by: User) -> dict[str, Any]:
    """What a plan has beside its measures, and an adopted plan that follows one in which a measure goes on."""
    earlier = factories.measure_of_plan(measure.tenant, key="earlier", plan_title="Handlingsplan 2011")
    later = succession.succeed(earlier.plan, by=by, title="Handlingsplan 2013")
    editing.adopt(later, by=by, adopted_by="kommunestyret", adopted_on=dt.date(2013, 5, 2))
    group = recommending.add_group(measure.plan, by=by, facts={"name": "Ekspertgruppe"})
    facts = {"number": 1, "text": "Styrk samarbeidet."}
    return {
        "focus_area": measure.focus_area,
        "body": measure.responsibilities.get(),
        "followed": earlier,
        "followed_plan": earlier.plan,
        "expert_group": group,
        "recommendation": recommending.add_recommendation(group, by=by, facts=facts, measures=[measure]),
        "possible": catalogue.add_possible(measure.plan, by=by, title="Megling"),
        "plan_document": documents.add_document(measure.plan, by=by, name="Plan.txt", content=b"Plan"),
    }


def _of_progress(measure: Measure, by: User) -> dict[str, Any]:
    """An indicator of the plan with one value, and a milestone; nothing hangs on `measure` itself."""
    row = indicators.add_indicator(measure.plan, by=by, facts={"name": "Bekymringshenvendelser"})
    figure = indicators.add_value(row, by=by, year=2014, month=0, value=Decimal(60))
    other = factories.measure(measure.tenant)
    step = milestones.add_milestone(other, by=by, title="Avtale inngått")
    return {"indicator": row, "figure": figure, "milestone": step}


def _directory(ours: Tenant) -> dict[str, Any]:
    joined = factories.network_member(ours)
    return {
        "type": factories.organisation_type(ours),
        "tag": factories.tag(ours),
        "group": factories.group(ours),
        "network": joined.network,
        "network_member": joined,
    }


def _moved(ours: Tenant) -> Invitation:
    """Somebody who got the invitation to a meeting whose time is new since, and has not answered."""
    told = factories.invitation(factories.event(ours, sequence=1))
    OutgoingMail.objects.create(
        tenant=ours,
        kind="invitation",
        subject_id=told.pk,
        to_address="a@b.example",
        state="accepted",
        settled_at=timezone.now(),
    )
    return told


def _import(ours: Tenant, user: User) -> dict[str, Any]:
    """One list imported, and one that waits for its owner."""
    table = reading.read("Navn;E-post\nSiv Grønn;siv@frikirken.example\n".encode())
    _plan, batch = imports.import_table(
        tenant=ours, by=user, source="liste.csv", table=table, columns=["name", "email"]
    )
    draft = imports.keep(tenant=ours, user=user, source="liste.csv", table=table)
    return {"import_batch": batch, "import_draft": draft}


def _submitted(event: Event, people: dict[str, User]) -> Minutes:
    minutes = records.open_minutes(event, by=people["minute_taker"])
    approval.submit(minutes, by=people["minute_taker"])
    minutes.refresh_from_db()
    return minutes


def _action(event: Event, people: dict[str, User], owner: Any) -> ActionItem:
    """An action point of `event` whose owner was reminded."""
    minutes = Minutes.objects.create(tenant=event.tenant, event=event, author=people["minute_taker"])
    facts = {"tenant": event.tenant, "text": "Ringe skolene", "owner": owner.name, "owner_contact": owner}
    outcome = Outcome.objects.create(minutes=minutes, kind="action", **facts)
    action = ActionItem(outcome=outcome, link_expires_at=timezone.now() + 24 * HOUR, **facts)
    action.seal()
    action.save()
    return action


def _with_approved_minutes(ours: Tenant, people: dict[str, User]) -> Event:
    held = factories.event(ours, state="held")
    approval.approve(_submitted(held, people), by=people["coordinator"])
    return held

"""The rows that are measured: a tenant, its events, its invitees. Plain and many."""

import datetime as dt

from django.utils import timezone

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event, EventHost
from events.gatherings.services import schedule_changed
from events.tenancy.models import Membership, Tenant, User
from invites.invitations.models import Invitation


def tenant(slug: str) -> Tenant:
    return Tenant.objects.create(
        slug=slug,
        name="Sandefjord kommune",
        kind=Tenant.Kind.MUNICIPALITY,
        contact_email="post@bench.example",
    )


def staff(at: Tenant) -> User:
    user = User.objects.create_user(f"kari@{at.slug}.example", name="Kari Koordinator")
    Membership.objects.create(tenant=at, user=user, role="coordinator")
    return user


def events(at: Tenant, count: int) -> list[Event]:
    """Public meetings spread over the coming year, each with a host."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    host = Organisation.objects.create(tenant=at, name="Sandefjord kommune", kind="municipal")
    made = Event.objects.bulk_create([_event(at, n, now) for n in range(count)], batch_size=500)
    EventHost.objects.bulk_create(
        [EventHost(tenant=at, event=event, organisation=host) for event in made], batch_size=500
    )
    schedule_changed(at.pk)
    return made


def _event(at: Tenant, n: int, now: dt.datetime) -> Event:
    starts = now + dt.timedelta(days=1 + n % 360, hours=n % 8)
    return Event(
        tenant=at,
        title=f"Dialogmøte {n} om trygghet og tillit",
        purpose=f"Møte nummer {n}: kommune, politi og trossamfunn snakker sammen om trygghet i sentrum.",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        sort_on=starts.date(),
        state=Event.State.PUBLISHED,
        published_at=now,
        changed_at=now,
        is_public=True,
        venue="Rådhuset",
        city="Sandefjord",
        answer_by=starts - dt.timedelta(hours=1),
        capacity=100_000,
    )


def directory(at: Tenant, count: int) -> list[Contact]:
    """Contacts at a third as many organisations, every tenth of which is a mosque."""
    bodies = [
        Organisation(
            tenant=at, name=f"{'Moskeen' if n % 10 == 0 else 'Forening'} {n}", kind="ngo", city="Larvik"
        )
        for n in range(count // 3 + 1)
    ]
    Organisation.objects.bulk_create(bodies, batch_size=500)
    return Contact.objects.bulk_create(
        [
            Contact(
                tenant=at,
                organisation=bodies[n % len(bodies)],
                name=f"Person {n}",
                role="styreleder",
                email=f"person{n}@bench.example",
                phone=f"400 {n:05}",
            )
            for n in range(count)
        ],
        batch_size=500,
    )


def invitations(to: Event, count: int) -> list[Invitation]:
    at = to.tenant
    body = Organisation.objects.create(tenant=at, name="Forening", kind="ngo")
    people = Contact.objects.bulk_create(
        [
            Contact(tenant=at, organisation=body, name=f"Person {n}", email=f"person{n}@bench.example")
            for n in range(count)
        ],
        batch_size=500,
    )
    made = [Invitation(tenant=at, event=to, contact=person) for person in people]
    for invitation in made:
        invitation.seal()
    return Invitation.objects.bulk_create(made, batch_size=500)

"""What the tests of telling and reminding share: people with a mail that reached them, and moving the meeting."""

import datetime as dt

from django.utils import timezone
from icalendar import Calendar

from events.gatherings import services as gatherings
from events.gatherings.models import Event
from invites.answers import services as answers
from invites.invitations.models import Invitation
from invites.invitations.telling import services as telling
from invites.post import outbox
from invites.post.models import OutgoingMail
from tests.factories import contact, invitation

STATE = OutgoingMail.State
LONG_AGO = dt.timedelta(days=3)


def invited(to, name="Amina Noor", *, state="accepted", reply="", mail=True, revision=None, **facts):
    """An invitation whose mail is in `state`, and an answer if `reply` is given."""
    email = facts.pop("email", f"{name.split()[0].lower()}@moske.example")
    phone = facts.pop("phone", "")
    row = invitation(to, contact=contact(to.tenant, name=name, email=email, phone=phone), **facts)
    if mail:
        sent(row, state, revision=to.sequence if revision is None else revision)
    if reply:
        say(row, reply)
    row.refresh_from_db()
    return row


def sent(row, state="accepted", *, kind="invitation", revision=0, ago=LONG_AGO, **facts):
    at = timezone.now() - ago
    return OutgoingMail.objects.create(
        tenant=row.tenant,
        kind=kind,
        series="invitation" if kind in ("invitation", "update", "cancellation") else "",
        subject_id=row.pk,
        revision=revision,
        to_address=row.contact.email or "x@x.example",
        state=state,
        settled_at=at if state not in ("queued", "claimed", "calling") else None,
        claimed_at=at if state in ("claimed", "calling") else None,
        **facts,
    )


def fresh(row):
    rows = Invitation.objects.of(row.tenant_id).select_related("event__tenant", "contact", "tenant")
    return rows.get(pk=row.pk)


def say(row, reply, **facts):
    facts = {"comment": "", "source": "web", **facts}
    return answers.answer(fresh(row), reply=reply, **facts)


def change(event, by=None, **facts):
    """A change as the form makes it; returns the event as it is then."""
    gatherings.change(
        of(event),
        by=by,
        facts=facts,
        hosts=(),
        measures=(),
        programme=(),
        format_name="",
    )
    return of(event)


def later(event, days=7, **facts):
    """Moved by some days, deadline and all."""
    by = dt.timedelta(days=days)
    moved = {
        "starts_at": event.starts_at + by,
        "ends_at": event.ends_at + by,
        "answer_by": event.answer_by + by,
    }
    return change(event, **{**moved, **facts})


def of(event):
    return Event.objects.of(event.tenant_id).select_related("tenant").get(pk=event.pk)


def tell(event, who="all", by=None, **facts):
    decision = telling.Decision(sequence=event.sequence, who=who, **facts)
    return telling.tell(of(event), by=by, decision=decision)


def mails(tenant, kind):
    return list(OutgoingMail.objects.of(tenant).filter(kind=kind).order_by("pk"))


def told(tenant, kind="update"):
    return sorted(mail.to_address.partition("@")[0] for mail in mails(tenant, kind))


def composed(kind, rows):
    from invites.post.letters import composer_of

    return composer_of(kind)(rows)


def letter(mail):
    return composed(mail.kind, [mail])[mail.pk]


def read(part):
    """(method, VEVENT) of a calendar part."""
    calendar = Calendar.from_ical(part)
    (vevent,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), vevent


def deliver():
    return outbox.deliver()

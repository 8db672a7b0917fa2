"""A person about whom every room of the house holds something, each fact with a sign of its own."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from events import keyring
from events.directory.groups.models import GroupMember
from events.directory.imports import reading
from events.directory.imports import services as imports
from events.directory.imports.models import ImportBatch, ImportChange
from events.directory.labels.services import tag_contact
from events.directory.merging.models import Merger
from events.directory.models import Contact
from events.tenancy.models import Tenant, User
from events.tokens import new_nonce
from invites.answers import services as answers
from invites.answers.door.services import tick, walk_in
from invites.answers.feeds import services as feeds
from invites.answers.needs import services as needs
from invites.answers.needs.kinds import NeedKind, Told
from invites.answers.own import services as own
from invites.answers.people import Person
from invites.answers.questions.values import row as answered
from invites.answers.requests.models import AnswerRequest
from invites.answers.resealing import SEALED
from invites.answers.seats.models import SeatGroup, SeatOffer
from invites.invitations.drafting.models import TrialMail
from invites.invitations.models import CallAttempt, Invitation, Representative
from invites.invitations.services import invite
from invites.invitations.waves.models import Wave, WaveMember
from invites.post import outbox
from invites.post.models import OutgoingMail
from invites.post.provider_models import DeliveryEvent
from invites.replies.models import InboundMail
from invites.replies.sealing import seal
from minutes.records.actions.models import ActionItem
from minutes.records.actions.services import change
from minutes.records.models import Attendance, Minutes, Outcome
from tests.factories import contact, event, group, invitation, organisation, question

NOW = timezone.now
# What tells who she is or what she said; a search for any of them finds her.
SIGNS = (
    "Kanari Noor", "Kanarirolle", "kanari@moske.example", "+47 911 22 333", "Kanarigata 7", "Kanarikommentar",
    "Kanarinotat", "Kanaribølge", "Kanariprøve", "Kanarifølge", "Kanarimann", "Kanaribrev", "Kanarisagt",
    "Kanari Gammel", "gammel@kanari.example", "Kanari Importert", "kanaripost", "Kanarihandling",
    "Kanarinøtter", "Kanarisvar", "Kanarihemmelig", "Kanaribror", "Kanariønske", "Kanariavslag", "Kanarivikar",
    "vikar@kanari.example", "Kanarisyk", "Kanaristedfortreder", "Kanarigjest", "Kanaritilbud", "Kanarimoské",
    "Kanarikalender",
)  # fmt: skip
# Facts of others that she may see, as they are about her too.
ABOUT_HER = ("Kanarigruppe", "kanarimerke", "Kanarikvote", "Kanaridør")


def build(tenant: Tenant, kari: User) -> Contact:
    her = contact(
        tenant,
        name="Kanari Noor",
        role="Kanarirolle",
        email="kanari@moske.example",
        phone="+47 911 22 333",
        address="Kanarigata 7",
        organisation=organisation(tenant, name="Kanarimoské", kind="faith"),
    )
    GroupMember.objects.create(tenant=tenant, group=group(tenant, name="Kanarigruppe"), contact=her)
    tag_contact(her, ["kanarimerke"])
    row = _invited(tenant, her, kari)
    _told(row)
    _asked(row)
    _received(row)
    _known_before(tenant, her, kari)
    _written_down(tenant, her, kari)
    her.refresh_from_db()
    return Contact.objects.of(tenant).select_related("tenant", "organisation", "succeeds").get(pk=her.pk)


def _invited(tenant: Tenant, her: Contact, kari: User) -> Invitation:
    coming = event(tenant, title="Åpent møte")
    invite(coming, by=kari, contacts=[her], notes={her.pk: "Kanarinotat"}, quotas={her.pk: 3})
    row = Invitation.objects.of(tenant).select_related("event", "contact", "tenant").get(event=coming)
    people = (Person("Kanarifølge", "nestleder", "folge@moske.example"), Person("Kanarimann"))
    given = answers.answer(row, reply="accepted", comment="Kanarikommentar", source="web", people=people)
    outbox.deliver()
    mail = OutgoingMail.objects.of(tenant).get(kind="invitation")
    told = "550 kanaripost finnes ikke"
    OutgoingMail.objects.of(tenant).filter(pk=mail.pk).update(
        delivery="bounced", delivery_at=NOW(), delivery_detail=told
    )
    DeliveryEvent.objects.create(
        event_id="1",
        delivery_id=mail.delivery_id,
        mail=mail,
        what="bounced",
        at=NOW(),
        detail=told,
        source="dsn",
    )
    InboundMail.objects.create(
        kind="calendar", state="held", size=3, raw_hash="a" * 64, raw=seal(b"Kanaribrev"),
        envelope=seal(b"svar-x@y.example"), said=seal(b"Kanarisagt"), invitation=row, reason="Kanarisagt",
    )  # fmt: skip
    CallAttempt.objects.create(tenant=tenant, invitation=row, outcome="not_reached", by=kari)
    others = invitation(event(tenant, title="Et annet møte"), for_organisation=True, quota=2)
    Representative.objects.create(
        tenant=tenant,
        invitation=others,
        position=1,
        name="Kanari Noor",
        role="Kanarirolle",
        email="Kanari@moske.example",
    )
    later = event(tenant, title="Senere møte")
    wave = Wave.objects.create(tenant=tenant, event=later, number=1, due_at=NOW() + dt.timedelta(days=2))
    WaveMember.objects.create(tenant=tenant, wave=wave, contact=her, note="Kanaribølge")
    TrialMail.objects.create(tenant=tenant, event=later, contact=her, note="Kanariprøve", asked_by=kari)
    assert given.comment
    return row


def _told(row: Invitation) -> None:
    """Needs, and answers to a question that is kept open and to one that is sealed."""
    needs.keep(row, needs=[Told(NeedKind.DIET, "Kanarinøtter")])
    for sensitivity, value in (("ordinary", "Kanarisvar"), ("special", "Kanarihemmelig")):
        answered(row, question(row.event, sensitivity=sensitivity), value).save()


def _asked(row: Invitation) -> None:
    """What she asked for, and where others named her to come."""
    done = {"state": "refused", "decided_at": NOW()}
    late = {"kind": "late_answer", "number": 1, "reply": "accepted"}
    _request(
        row, **late, **done, people=[["Kanaribror", "", ""]], comment="Kanariønske", reason="Kanariavslag"
    )
    someone = {"kind": "substitute", "number": 1}
    vikar = {"name": "Kanarivikar", "email": "vikar@kanari.example", "comment": "Kanarisyk"}
    _request(row, **someone, **vikar)
    other = invitation(event(row.tenant), for_organisation=True, quota=2)
    _request(other, **someone, name="Kanaristedfortreder", email="Kanari@moske.example", comment="Er syk")
    _request(other, **late, people=[["Annen", "", ""], ["Kanarigjest", "leder", "kanari@moske.example"]])


def _request(row: Invitation, **facts: Any) -> None:
    AnswerRequest.objects.create(tenant=row.tenant, invitation=row, **facts)


def _received(row: Invitation) -> None:
    """How a seat was given her, and what the door noted: a walk-in with her organisation, and one without any."""
    group = SeatGroup.objects.create(tenant=row.tenant, event=row.event, name="Kanarikvote", taken=row.party)
    Invitation.objects.of(row.tenant).filter(pk=row.pk).update(seat_group=group)
    SeatOffer.objects.create(
        tenant=row.tenant, event=row.event, invitation=row, reason="below_target", outcome="taken",
        facts={"group": "Kanaritilbud", "taken": 0, "target": 2}, settled_at=NOW(),
    )  # fmt: skip
    for title, belongs in (("Kanaridør", "kanarimoské"), ("Et annet møte", "")):
        walk_in(event(row.tenant, title=title), key=uuid.uuid4(), name="Kanari Noor", organisation=belongs)


def _known_before(tenant: Tenant, her: Contact, kari: User) -> None:
    old = {"name": "Kanari Gammel", "email": "gammel@kanari.example"}
    Merger.objects.create(
        tenant=tenant, subject="contact", kept_id=her.pk, gone_id=her.pk + 1000, name="Kanari Gammel", facts=old,
        kept={"name": "Kanari Noor"}, dropped=[old],
    )  # fmt: skip
    batch = ImportBatch.objects.create(
        tenant=tenant, by=kari, source="liste.csv", added=0, changed=1, unchanged=0
    )
    ImportChange.objects.create(
        tenant=tenant,
        batch=batch,
        kind="contact_changed",
        contact=her,
        before={"name": "Kanari Importert"},
        after="x",
    )
    table = reading.read(b"Navn;E-post\nKanari Noor;kanari@moske.example\n")
    imports.keep(tenant=tenant, user=kari, source="ny.csv", table=table)


def _written_down(tenant: Tenant, her: Contact, kari: User) -> None:
    """Minutes that are not approved: she attended, and an action point is hers."""
    ago = NOW() - dt.timedelta(days=3)
    held = event(
        tenant,
        title="Forrige møte",
        state="held",
        starts_at=ago,
        ends_at=ago + dt.timedelta(hours=1),
        answer_by=None,
    )
    row = invitation(held, contact=her, reply="accepted", replied_at=ago)
    tick(held, key=f"{row.pk}-0", here=True)
    minutes = Minutes.objects.create(tenant=tenant, event=held, author=kari, revision=1)
    Attendance.objects.create(
        tenant=tenant, minutes=minutes, invitation=row, name="Kanari Noor", organisation="Kanarimoské"
    )
    facts = {"text": "Ringe skolen", "owner": "Kanarihandling", "owner_contact": her}
    Outcome.objects.create(tenant=tenant, minutes=minutes, kind="action", **facts)
    decided = Outcome.objects.create(tenant=tenant, minutes=minutes, kind="action", **facts)
    action = ActionItem.objects.create(tenant=tenant, outcome=decided, **facts)
    change(action, "not_yet", "owner", note="Kanaribegrunnelse")
    feeds.create(her, name="Kanarikalender", nonce=new_nonce())
    own.send_link(her, language="nb")
    own.ask_address(her, email="ny@kanaripost.example", language="nb")


def dump() -> dict[str, str]:
    """All rows of all tables as text, with what is sealed opened."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = repr([[_readable(value) for value in row] for row in cursor.fetchall()])
    for model in SEALED:
        rows = model.objects.across_tenants("every table").exclude(sealed="").order_by("pk")
        opened = [keyring.unseal(row.sealed, place=row.place) for row in rows]
        found[model._meta.db_table] += repr(opened)
    return found


def found_in(tables: dict[str, str], signs: tuple[str, ...]) -> dict[str, set[str]]:
    """sign -> the tables that hold it, whatever the letter case."""
    hits = {sign: {name for name, text in tables.items() if sign.lower() in text.lower()} for sign in signs}
    return {sign: names for sign, names in hits.items() if names}


def _readable(value: Any) -> Any:
    from invites.replies.sealing import Sealed, unseal

    if not isinstance(value, bytes | memoryview):
        return value
    try:
        return unseal(bytes(value)).decode()
    except Sealed:
        return bytes(value)

"""A form that names a neighbour tenant's rows by number changes nothing there, and tells nothing of them."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.directory.models import Contact
from events.tenancy.scoping import TenantModel
from invites.invitations.waves.models import Wave, WaveMember
from invites.post.models import OutgoingMail
from tests import factories
from tests.house.stage import Stage, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAME = "Fremmed Person"


@pytest.fixture
def stage(db) -> Stage:
    """Nils' tenant gets its own event, group, tag and so on; every row of Sandefjord is the neighbour's."""
    stage = build()
    stage.rows["person"] = factories.contact(stage.ours, name=NAME, email="fremmed@person.example")
    stage.rows["member"] = WaveMember.objects.create(
        tenant=stage.ours, wave=stage.rows["wave"], contact=stage.rows["person"]
    )
    stage.rows["lost"] = OutgoingMail.objects.create(
        tenant=stage.ours,
        kind="invitation",
        subject_id=stage.rows["told"].pk,
        revision=7,
        to_address="c@d.example",
        state="unknown",
        settled_at=timezone.now(),
    )
    theirs = stage.theirs
    event = factories.event(theirs, sequence=1)
    asked = factories.invitation(event)
    OutgoingMail.objects.create(
        tenant=theirs,
        kind="invitation",
        subject_id=asked.pk,
        to_address=asked.contact.email,
        state="accepted",
        settled_at=timezone.now(),
    )
    stage.rows["own"] = {
        "event": event,
        "asked": asked,
        "contact": asked.contact,
        "organisation": asked.contact.organisation,
        "group": factories.group(theirs),
        "tag": factories.tag(theirs),
        "type": factories.organisation_type(theirs),
        "network": factories.network_member(theirs).network,
        "campaign": factories.campaign(theirs),
        "participation": factories.participation(
            stage.rows["participation"].campaign, theirs
        ),  # of the same campaign as Sandefjord
        "wave": Wave.objects.create(
            tenant=theirs,
            event=event,
            number=1,
            due_at=event.starts_at,
            created_by=stage.people["stranger"],
        ),
    }
    return stage


def snapshot(tenant: Any) -> dict[str, list[Any]]:
    """Every row of the tenant, but what is noted about looking."""
    return {
        model._meta.label: sorted(model.objects.of(tenant).values_list(), key=repr)  # type: ignore[attr-defined]
        for model in apps.get_models()
        if issubclass(model, TenantModel)
    }


# (the page, whose own row it is of, what is posted: fields, each a row of the neighbour's)
FORGED = [
    ("invitation-choose", "event", {"contact": "person", "shown": "person", "do": "=preview"}),
    (
        "invitation-choose",
        "event",
        {"group": "group", "tag": "tag", "organisation": "organisation", "all": "=on"},
    ),
    ("invitation-send", "event", {"contacts": "person", "quotas": "person:"}),
    ("invitation-organisation", "event", {"through": "person", "quota": "=2"}),
    ("invitation-letters-pdf", "event", {"invitations": "invitation"}),
    ("invitation-letters-invite", "event", {"contacts": "person"}),
    ("event-tell", "event", {"who": "=chosen", "chosen": "told", "sequence": "=1"}),
    ("chase", "event", {"chosen": "told"}),
    ("wave-take-out", "wave", {"member": "member"}),
    ("wave-move", "wave", {"when-choice": "wave:after-"}),
    ("group-member-add", "group", {"contact": "person", "group": "group", "from": "group"}),
    ("group-member-remove", "group", {"contact": "person"}),
    ("contact-group-add", "contact", {"group": "group"}),
    ("contact-edit", "contact", {"name": "=Ny", "organisation": "organisation", "language": "=nb"}),
    ("organisation-edit", "organisation", {"name": "=Ny", "umbrella": "organisation", "type": "type"}),
    ("organisation-edit", "organisation", {"name": "=Ny", "successor": "organisation", "kind": "=faith"}),
    ("network-member-add", "network", {"member": "organisation"}),
    ("tag-remove", "tag", {"into": "tag", "merge": "tag"}),
    ("tag-edit", "tag", {"name": "=Ny", "merge": "tag"}),
    ("type-remove", "type", {"instead": "type", "into": "type"}),
    ("directory-not-same", "", {"subject": "=contact", "one": "contact", "other": "other_contact"}),
    ("mail-settle-many", "", {"mail": "lost", "do": "=again"}),
    ("import-start", "", {"text": "=Ola <ola@x.example>", "instead": "import_draft"}),
    ("reminder-switch", "event", {"to": "=off", "event": "event"}),
    ("campaign-link", "participation", {"event": "event", "shared": "=on"}),
    ("campaign-ask", "campaign", {"tenants": "=999999", "names": "=Oslo"}),
    ("event-network-add", "event", {"network": "network"}),
    (
        "feed-create",
        "",
        {"name": "=x", "nonce": f"={'a' * 32}", "scope": "=campaign", "campaign": "campaign"},
    ),
    (
        "feed-create",
        "",
        {"name": "=x", "nonce": f"={'b' * 32}", "scope": "=network", "organisation": "network"},
    ),
    ("invitation-enclosures", "event", {"enclosure": "enclosure"}),
]


@pytest.mark.parametrize(
    ("name", "own", "fields"), FORGED, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_forged_number_changes_nothing_of_a_neighbour_and_tells_nothing(stage, name, own, fields):
    client, before = Client(), snapshot(stage.ours)
    client.force_login(stage.people["stranger"], backend=BACKEND)
    at = {"tenant": stage.theirs.slug} | ({"pk": stage.rows["own"][own].pk} if own else {})
    page = client.post(
        reverse(name, kwargs=at), {field: _value(stage, said) for field, said in fields.items()}
    )
    assert page.status_code in (200, 302, 404)
    if page.status_code == 302:
        page = client.get(page["Location"])
    told = page.content.decode(errors="replace")
    assert [
        word for word in (NAME, "fremmed@person.example", stage.rows["organisation"].name) if word in told
    ] == []
    assert {label: rows for label, rows in snapshot(stage.ours).items() if rows != before[label]} == {}
    assert _strangers_in(stage) == []


@pytest.mark.parametrize("name", ["contact-merge", "organisation-merge"])
@pytest.mark.parametrize("order", ["pk", "other"])
def test_a_neighbours_row_is_merged_with_nothing(stage, name, order):
    client, before = Client(), snapshot(stage.ours)
    client.force_login(stage.people["stranger"], backend=BACKEND)
    subject = name.partition("-")[0]
    mine, other = stage.rows["own"][subject].pk, stage.rows[subject].pk
    at = {"tenant": stage.theirs.slug, "pk": mine if order == "pk" else other}
    address = reverse(name, kwargs=at | {"other": other if order == "pk" else mine})
    assert (client.get(address).status_code, client.post(address, {}).status_code) == (404, 404)
    assert snapshot(stage.ours) == before


def _value(stage: Stage, said: str) -> Any:
    """ "=words" are words; "wave:after-" is a number behind a word; "person:" one before a number; else a row's id."""
    if said.startswith("="):
        return said[1:]
    row, colon, before = said.partition(":")
    pk = stage.rows[row].pk
    return f"{before}{pk}" if before else f"{pk}:2" if colon else str(pk)


def _strangers_in(stage: Stage) -> list[Any]:
    """Rows of Nils' tenant that point at a row of the neighbour's."""
    found = []
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.concrete_fields:
            other = field.related_model
            if isinstance(other, type) and issubclass(other, TenantModel):
                rows = model.objects.of(stage.theirs)  # type: ignore[attr-defined]
                found += list(rows.filter(**{f"{field.name}__tenant": stage.ours}))
    return found


def test_there_is_something_to_forge(stage):
    client = Client()
    client.force_login(stage.people["coordinator"], backend=BACKEND)
    at = {"tenant": stage.ours.slug, "pk": stage.rows["event"].pk}
    client.post(reverse("invitation-send", kwargs=at), {"contacts": stage.rows["person"].pk})
    assert Contact.objects.of(stage.ours).filter(invitations__event=stage.rows["event"], name=NAME).exists()

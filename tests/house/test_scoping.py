"""Rule 4: every row belongs to a tenant, every query says which, one that does not raises."""

import pytest
from django.db import models
from django.shortcuts import get_object_or_404

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event, EventFormat
from events.tenancy.scoping import TenantModel, UnscopedQuery
from tests.factories import contact, event, organisation


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: list(rows.all()),
        lambda rows: list(rows.filter(name="x")),
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.first(),
        lambda rows: rows.get(pk=1),
        lambda rows: list(rows.values_list("pk", flat=True)),
        lambda rows: list(rows.iterator()),
        lambda rows: rows.aggregate(models.Count("pk")),
        lambda rows: rows.update(name="x"),
        lambda rows: rows.filter(pk=1).delete(),
        lambda rows: rows.in_bulk([1]),
        lambda rows: list(rows.all()[:3]),
        lambda rows: list(rows.filter(pk=1) | rows.filter(pk=2)),
        lambda rows: get_object_or_404(rows, pk=1),
        lambda rows: get_object_or_404(Organisation, pk=1),
    ],
)
def test_a_query_that_names_no_tenant_raises(db, ask):
    with pytest.raises(UnscopedQuery):
        ask(Organisation.objects)


def test_a_scoped_query_sees_only_its_own_tenant(sandefjord, kristiansand):
    ours, theirs = organisation(sandefjord), organisation(kristiansand)
    assert list(Organisation.objects.of(sandefjord)) == [ours]
    assert list(Organisation.objects.of(kristiansand)) == [theirs]
    assert Organisation.objects.across_tenants("a test counts them all").count() == 2


def test_rows_reached_from_a_row_are_scoped_by_it(sandefjord):
    person = contact(sandefjord)
    assert list(person.organisation.contacts.all()) == [person]
    assert next(iter(Organisation.objects.of(sandefjord).prefetch_related("contacts"))).contacts.count() == 1


def test_crossing_tenants_needs_a_reason():
    with pytest.raises(ValueError, match="why"):
        Organisation.objects.across_tenants("")


def test_uniqueness_is_still_validated(sandefjord):
    taken = EventFormat.objects.create(tenant=sandefjord, name="Rundebord")
    twin = EventFormat(tenant=sandefjord, name=taken.name)
    with pytest.raises(Exception, match=r"already exists|finnes"):
        twin.validate_constraints()


def test_joining_scopes_never_widens_them(sandefjord, kristiansand):
    event(kristiansand)
    assert not (Event.objects.of(sandefjord) & Event.objects.of(kristiansand)).exists()


def test_a_scoped_query_joined_with_an_unscoped_one_raises(sandefjord, kristiansand):
    organisation(kristiansand)
    ours = Organisation.objects.of(sandefjord)
    with pytest.raises(UnscopedQuery):
        list(ours | Organisation.objects.filter(kind="ngo"))
    with pytest.raises(UnscopedQuery):
        list(ours.union(Organisation.objects.filter(kind="ngo")))


def test_every_table_of_the_product_belongs_to_a_tenant():
    from django.apps import apps

    # What comes from outside names no tenant: it belongs to the tenant of the mail it leads to, if there is one.
    from_outside = {"DeliveryEvent", "FormerDelivery", "InboundMail"}
    free = {"Tenant", "User", "ScheduleVersion", "StoredBody", "MailLane", "WorkerHeartbeat", *from_outside}
    ours = [
        model for app in ("events", "invites", "minutes") for model in apps.get_app_config(app).get_models()
    ]
    unowned = {model.__name__ for model in ours if not issubclass(model, TenantModel)}
    assert unowned == free


def test_contacts_of_another_tenant_are_not_found_by_search(sandefjord, kristiansand):
    contact(kristiansand, name="Nabo Hansen")
    assert not Contact.objects.of(sandefjord).matching("hansen").exists()
    assert Contact.objects.of(kristiansand).matching("hansen").count() == 1

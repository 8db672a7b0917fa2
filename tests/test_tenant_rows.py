"""House rule (rule 4): a tenant's row points only at rows of the same tenant. Read over the whole demo."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import F, ForeignKey

from events.directory.models import Contact
from events.tenancy.scoping import TenantModel
from tests.factories import organisation

OWNED = [model for model in apps.get_models() if issubclass(model, TenantModel)]
LINKS = [
    (model, field.name)
    for model in OWNED
    for field in model._meta.get_fields()
    if isinstance(field, ForeignKey) and issubclass(field.related_model, TenantModel)
]
# What tenants do together (ADR 33): a participant's rows name the campaign of its coordinator. Nothing else crosses.
TOGETHER = {"Participation.campaign", "Feed.campaign"}


def strangers():
    """How many rows point at another tenant's row, by model and field."""
    found = {}
    for model, name in LINKS:
        if f"{model.__name__}.{name}" in TOGETHER:
            continue
        rows = model.objects.across_tenants("a test of them all").exclude(**{f"{name}__isnull": True})
        if count := rows.exclude(**{f"{name}__tenant": F("tenant")}).count():
            found[f"{model.__name__}.{name}"] = count
    return found


@pytest.mark.django_db
def test_rows_of_a_tenant_point_only_at_rows_of_that_tenant():
    call_command("load_demo")
    assert len(LINKS) > 30
    assert strangers() == {}


def test_what_crosses_tenants_are_links_that_exist():
    assert {f"{model.__name__}.{name}" for model, name in LINKS} >= TOGETHER


def test_a_row_that_points_at_another_tenants_is_found(sandefjord, kristiansand):
    Contact.objects.create(tenant=sandefjord, name="Bo", organisation=organisation(kristiansand))
    assert strangers() == {"Contact.organisation": 1}

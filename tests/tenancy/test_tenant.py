"""The tenant's own details, and how a tenant comes to be."""

import pytest
from django.core.management import CommandError, call_command

from events.audit import AuditEntry
from events.tenancy.models import Membership, Tenant, User

DETAILS = {
    "name": "Sandefjord kommune",
    "language": "en",
    "time_zone": "Europe/Oslo",
    "contact_email": "slt@sandefjord.example",
    "contact_phone": "33 00 00 00",
}
NEW = {
    "contact_email": "post@larvik.example",
    "administrator_email": "Anne@Larvik.example",
    "administrator_name": "Anne Admin",
}


def test_a_changed_language_is_what_staff_without_their_own_read(at_desk, kari, sandefjord):
    page = at_desk(kari).post("/t/sandefjord/details/", DETAILS)
    assert page.status_code == 302
    sandefjord.refresh_from_db()
    assert (sandefjord.language, sandefjord.contact_email) == ("en", "slt@sandefjord.example")
    assert at_desk(kari).get("/t/sandefjord/")["Content-Language"] == "en"
    assert (
        AuditEntry.objects.of(sandefjord).get().words()
        == "Kari Koordinator endret opplysningene om virksomheten."
    )


def test_saving_the_same_details_again_leaves_no_trace(at_desk, kari, sandefjord):
    for _ in range(2):
        at_desk(kari).post("/t/sandefjord/details/", DETAILS)
    assert AuditEntry.objects.of(sandefjord).count() == 1


def test_an_address_that_is_none_keeps_what_was_typed(at_desk, kari, sandefjord):
    page = at_desk(kari).post("/t/sandefjord/details/", {**DETAILS, "contact_email": "ikke en adresse"})
    assert page.status_code == 200
    assert 'value="ikke en adresse"' in page.content.decode()
    sandefjord.refresh_from_db()
    assert sandefjord.contact_email == "post@sandefjord.example"


def test_the_command_makes_a_tenant_with_an_administrator(db, capsys):
    call_command("create_tenant", "larvik", "Larvik kommune", **NEW)
    tenant = Tenant.objects.get(slug="larvik")
    membership = Membership.objects.of(tenant).get()
    assert (membership.role, membership.user.email) == ("administrator", "anne@larvik.example")
    assert "Larvik kommune" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [{"slug": "Ikke et kortnavn"}, {"contact_email": "ingen"}])
def test_the_command_refuses_what_does_not_fit_and_makes_nothing(db, wrong):
    asked = {"slug": "larvik", "name": "Larvik kommune", **NEW, **wrong}
    with pytest.raises(CommandError, match=next(iter(wrong))):
        call_command("create_tenant", asked.pop("slug"), asked.pop("name"), **asked)
    assert (Tenant.objects.count(), User.objects.count()) == (0, 0)


def test_a_tenant_is_made_once(db):
    call_command("create_tenant", "larvik", "Larvik kommune", **NEW)
    with pytest.raises(CommandError, match="slug"):
        call_command("create_tenant", "larvik", "Larvik kommune", **NEW)

"""The tenant's own details, and how a tenant comes to be."""

import datetime as dt

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
    "quiet_from": "21:00",
    "quiet_until": "06:30",
    "quiet_weekends": "on",
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


def quiet(tenant):
    tenant.refresh_from_db()
    return tenant.quiet_from, tenant.quiet_until, tenant.quiet_weekends


def test_the_tenant_sets_its_quiet_hours(at_desk, kari, sandefjord):
    assert at_desk(kari).post("/t/sandefjord/details/", DETAILS).status_code == 302
    assert quiet(sandefjord) == (dt.time(21), dt.time(6, 30), True)
    page = at_desk(kari).get("/t/sandefjord/details/").content.decode()
    assert ('value="21:00"' in page, 'value="06:30"' in page) == (True, True)


def test_two_empty_hours_mean_that_none_is_quiet(at_desk, kari, sandefjord):
    off = {**DETAILS, "quiet_from": "", "quiet_until": "", "quiet_weekends": ""}
    assert at_desk(kari).post("/t/sandefjord/details/", off).status_code == 302
    assert quiet(sandefjord) == (dt.time(0), dt.time(0), False)
    assert "00:00" not in at_desk(kari).get("/t/sandefjord/details/").content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_until": ""}, "quiet_until"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_until": "tidlig"}, "quiet_until"),
    ],
)
def test_hours_that_cannot_be_are_told_beside_the_field_and_kept(at_desk, kari, sandefjord, typed, field):
    before = quiet(sandefjord)
    response = at_desk(kari).post("/t/sandefjord/details/", {**DETAILS, **typed, "name": "Nytt navn"})
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    page = response.content.decode()
    assert all(f'value="{value}"' in page for value in ("Nytt navn", *filter(None, typed.values())))
    assert quiet(sandefjord) == before


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

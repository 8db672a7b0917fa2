"""The administrator's work with the staff, and the trail it leaves."""

import pytest
from django.utils import timezone, translation

from events.audit import AuditEntry
from events.tenancy import services
from events.tenancy.models import Membership, User
from events.tenancy.permissions import Role
from tests.factories import staff
from tests.queries import queries_of

STAFF = "/t/sandefjord/staff/"
NEW = {"name": "Nora Ny", "email": "Nora@Sandefjord.example", "role": "reader"}


@pytest.fixture
def ada(sandefjord):
    """Administrator in Sandefjord."""
    return staff(sandefjord, "administrator", name="Ada Administrator")


def seat(user, at):
    return Membership.objects.of(at).filter(user=user).order_by("-pk").first()


def trail(at):
    with translation.override("en"):
        return [entry.words() for entry in AuditEntry.objects.of(at).order_by("pk")]


def test_an_administrator_adds_a_person_who_can_then_sign_in(at_desk, ada, sandefjord):
    response = at_desk(ada).post(f"{STAFF}new/", NEW)
    nora = User.objects.get(email="nora@sandefjord.example")
    assert (response.status_code, response["Location"]) == (302, STAFF)
    assert (nora.name, seat(nora, sandefjord).role, nora.has_usable_password()) == (
        "Nora Ny",
        "reader",
        False,
    )
    assert trail(sandefjord) == ["Ada Administrator added Nora Ny to the staff as reader."]


def test_a_second_click_adds_nobody_twice_and_says_so(at_desk, ada, sandefjord):
    client = at_desk(ada)
    client.post(f"{STAFF}new/", NEW)
    again = client.post(f"{STAFF}new/", NEW)
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["email"])
    assert (User.objects.filter(name="Nora Ny").count(), len(trail(sandefjord))) == (1, 1)


def test_a_person_from_another_tenant_keeps_the_name_and_gets_a_second_role(
    ada, nils, sandefjord, kristiansand
):
    services.add_member(tenant=sandefjord, by=ada, email=nils.email, name="Someone Else", role="reader")
    nils.refresh_from_db()
    assert (nils.name, seat(nils, sandefjord).role, seat(nils, kristiansand).role) == (
        "Nils Nabo",
        "reader",
        "coordinator",
    )


def test_a_closed_account_gets_no_role(ada, sandefjord, kristiansand):
    closed = staff(kristiansand, "reader", is_active=False)
    with pytest.raises(services.AccountClosed):
        services.add_member(tenant=sandefjord, by=ada, email=closed.email, name="x", role="reader")


@pytest.mark.parametrize(
    "bad", [{"email": "no address"}, {"role": "king"}, {"name": ""}], ids=["email", "role", "name"]
)
def test_a_bad_form_names_the_field_and_keeps_what_was_typed(at_desk, ada, bad):
    response = at_desk(ada).post(f"{STAFF}new/", NEW | bad)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, list(bad))
    assert 'value="Nora@Sandefjord.example"' in response.content.decode() or "email" in bad
    assert "error-summary" in response.content.decode()


def test_a_role_is_changed_once_and_written_down_once(ada, kari, sandefjord):
    member = seat(kari, sandefjord)
    for _ in range(2):
        services.change_role(member, by=ada, role="reader")
    assert seat(kari, sandefjord).role == "reader"
    assert trail(sandefjord) == ["Ada Administrator changed the role of Kari Koordinator to reader."]


def test_a_removed_person_loses_access_at_once_and_history_stays(at_desk, ada, kari, client, sandefjord):
    services.end_membership(seat(kari, sandefjord), by=ada)
    services.end_membership(seat(kari, sandefjord), by=ada)
    assert at_desk(kari).get("/t/sandefjord/").status_code == 404
    assert seat(kari, sandefjord).ended_at is not None
    assert trail(sandefjord) == ["Ada Administrator removed Kari Koordinator from the staff."]


def test_a_removed_person_can_be_added_again(ada, kari, sandefjord):
    services.end_membership(seat(kari, sandefjord), by=ada)
    services.add_member(tenant=sandefjord, by=ada, email=kari.email, name=kari.name, role="reader")
    assert Membership.objects.of(sandefjord).filter(user=kari).count() == 2


def test_the_last_administrator_can_neither_leave_nor_step_down(at_desk, ada, sandefjord):
    member = seat(ada, sandefjord)
    with pytest.raises(services.LastAdministrator):
        services.end_membership(member, by=ada)
    page = at_desk(ada).post(f"{STAFF}{member.pk}/", {"role": "reader"})
    assert list(page.context["form"].errors) == ["role"]
    assert at_desk(ada).post(f"{STAFF}{member.pk}/end/")["Location"] == f"{STAFF}{member.pk}/"
    assert (seat(ada, sandefjord).role, seat(ada, sandefjord).ended_at) == ("administrator", None)


def test_an_administrator_can_leave_once_there_is_another(ada, sandefjord):
    staff(sandefjord, "administrator")
    services.end_membership(seat(ada, sandefjord), by=ada)
    assert seat(ada, sandefjord).ended_at is not None


def test_an_administrator_elsewhere_or_long_gone_does_not_count(ada, sandefjord, kristiansand):
    staff(kristiansand, "administrator")
    gone = staff(sandefjord, "administrator")
    Membership.objects.of(sandefjord).filter(user=gone).update(ended_at=timezone.now())
    with pytest.raises(services.LastAdministrator):
        services.change_role(seat(ada, sandefjord), by=ada, role="reader")


def test_only_an_administrator_opens_the_staff_pages(at_desk, kari, ada, sandefjord):
    member = seat(kari, sandefjord)
    pages = [STAFF, f"{STAFF}new/", f"{STAFF}{member.pk}/"]
    assert [at_desk(ada).get(page).status_code for page in pages] == [200, 200, 200]
    assert [at_desk(kari).get(page).status_code for page in pages] == [403, 403, 403]


def test_another_tenants_member_is_not_found(at_desk, ada, nils, kristiansand):
    stranger = seat(nils, kristiansand)
    assert at_desk(ada).get(f"{STAFF}{stranger.pk}/").status_code == 404
    assert at_desk(ada).post(f"{STAFF}{stranger.pk}/end/").status_code == 404
    assert seat(nils, kristiansand).ended_at is None


def test_the_staff_list_asks_two_questions_however_many_people(at_desk, ada, sandefjord):
    client = at_desk(ada)
    one = queries_of(client, STAFF, count_people=True)
    staff(sandefjord, "reader")
    staff(sandefjord, "reader")
    assert queries_of(client, STAFF, count_people=True) == one


def test_the_audit_trail_tells_in_words_latest_first_with_two_questions(at_desk, kari, ada, sandefjord):
    client = at_desk(kari)
    for name in ("Nora Ny", "Ola Ny", "Per Ny"):
        services.add_member(
            tenant=sandefjord,
            by=ada,
            email=f"{name[:4]}@x.example".replace(" ", ""),
            name=name,
            role=Role.READER,
        )
    kari.language = "en"
    kari.save()
    page = client.get("/t/sandefjord/audit/")
    assert [entry.words().split(" added ")[1][:3] for entry in page.context["page"]] == ["Per", "Ola", "Nor"]
    assert "Ada Administrator added Per Ny to the staff as reader." in page.content.decode()
    assert queries_of(client, "/t/sandefjord/audit/") == 2


def test_the_audit_trail_is_for_coordinators_and_administrators(at_desk, kari, mina, leif):
    codes = [at_desk(user).get("/t/sandefjord/audit/").status_code for user in (kari, mina, leif)]
    assert codes == [200, 403, 403]


def test_the_audit_trail_of_another_tenant_stays_there(at_desk, kari, nils, sandefjord, kristiansand):
    services.add_member(tenant=kristiansand, by=nils, email="p@x.example", name="Per", role="reader")
    assert list(at_desk(kari).get("/t/sandefjord/audit/").context["page"]) == []

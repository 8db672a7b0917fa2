"""Changes to the staff of a tenant, and to what a user prefers."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events import audit
from events.tenancy.models import Language, Membership, Tenant, User
from events.tenancy.permissions import Role


class AlreadyMember(Exception):
    """The person has a current role at the tenant already."""


class AccountClosed(Exception):
    """The person's account may not sign in any more; a role would be of no use."""


class LastAdministrator(Exception):
    """Nobody would be left who can give out roles."""


@transaction.atomic
def add_member(*, tenant: Tenant, by: User | None, email: str, name: str, role: str) -> Membership:
    """Gives the person with this address `role`, with a new account where there is none yet. Sends no mail.

    A person known from another tenant keeps the name. Raises AlreadyMember (also on a second click) or AccountClosed.
    """
    email = email.strip().lower()
    _hold(tenant)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name.strip())
    if not user.is_active:
        raise AccountClosed
    if Membership.objects.of(tenant).current().filter(user=user).exists():
        raise AlreadyMember
    membership = Membership.objects.create(tenant=tenant, user=user, role=Role(role))
    audit.record(f"staff.added.{membership.role}", membership, by=by, name=user.name)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, role: str) -> None:
    """Changes the role; a second call changes nothing. Raises LastAdministrator."""
    _hold(membership.tenant)
    membership.refresh_from_db(fields=["role", "ended_at"])
    if membership.role == role or membership.ended_at is not None:
        return
    _keep_an_administrator(membership)
    membership.role = Role(role)
    membership.save(update_fields=["role"])
    audit.record(f"staff.changed.{membership.role}", membership, by=by, name=membership.user.name)


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """Takes the role away at once; history keeps the row. A second call does nothing. Raises LastAdministrator."""
    _hold(membership.tenant)
    membership.refresh_from_db(fields=["role", "ended_at"])
    if membership.ended_at is not None:
        return
    _keep_an_administrator(membership)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    audit.record("staff.ended", membership, by=by, name=membership.user.name)


@transaction.atomic
def change_tenant(tenant: Tenant, *, by: User, facts: dict[str, Any]) -> None:
    """Sets the tenant's own facts: name, language, time zone, contact. The same facts again change nothing."""
    changed = [name for name, value in facts.items() if getattr(tenant, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(tenant, name, facts[name])
    tenant.save(update_fields=changed)
    audit.record_about_tenant("tenant.changed", tenant, by=by)


@transaction.atomic
def create_tenant(*, facts: dict[str, Any], administrator_email: str, administrator_name: str) -> Tenant:
    """A new tenant with its first administrator. Raises ValidationError for facts that do not fit, naming the field."""
    tenant = Tenant(**facts)
    tenant.full_clean()
    tenant.save()
    add_member(
        tenant=tenant, by=None, email=administrator_email, name=administrator_name, role=Role.ADMINISTRATOR
    )
    return tenant


def choose_language(user: User, *, language: str) -> None:
    """The interface speaks `language` to the user from now on. Raises ValueError for a language we do not speak."""
    user.language = Language(language)
    user.save(update_fields=["language"])


def _hold(tenant: Tenant) -> None:
    """One change to a tenant's staff at a time, so that two administrators cannot remove each other."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)


def _keep_an_administrator(leaving: Membership) -> None:
    """A tenant set up without an administrator has none to lose; one that has must keep one."""
    if leaving.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.of(leaving.tenant).current().filter(role=Role.ADMINISTRATOR)
    if not others.exclude(pk=leaving.pk).exists():
        raise LastAdministrator


_ADDED = _("%(who)s added %(name)s to the staff as {role}.")
_CHANGED = _("%(who)s changed the role of %(name)s to {role}.")
audit.register(
    {f"staff.added.{role.value}": format_lazy(_ADDED, role=role.label) for role in Role}
    | {f"staff.changed.{role.value}": format_lazy(_CHANGED, role=role.label) for role in Role}
    | {"staff.ended": _("%(who)s removed %(name)s from the staff.")}
    | {"tenant.changed": _("%(who)s changed the details of the organisation.")}
)

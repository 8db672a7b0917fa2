"""The audit trail: one row in words for every change, without foreign keys, so that it outlives what it describes.

Rows are only ever added. They hold ids and titles, never answers, needs, tokens or addresses.
"""

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.utils import timezone

from events.tenancy.scoping import TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from events.tenancy.models import Tenant, User


class AuditQuerySet(TenantQuerySet["AuditEntry"]):
    def about(self, subject: models.Model) -> "AuditQuerySet":
        return self.filter(subject_type=subject._meta.model_name, subject_id=subject.pk)


class AuditEntry(TenantModel):
    """Who did what to what. `action` names a sentence (see `register`), `facts` fills its gaps."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("tenant", "subject_type", "subject_id")),)

    def __str__(self) -> str:
        return self.words()

    def words(self) -> str:
        """The entry as a sentence in the active language; an action nobody registered shows its name."""
        sentence = _sentences.get(self.action)
        if sentence is None:
            return self.action
        return str(sentence) % {"who": self.actor_name or "Møteplass", **self.facts}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the audit trail is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the audit trail is only ever added to")


_sentences: dict[str, Any] = {}


def register(sentences: dict[str, Any]) -> None:
    """A room's `audit` sentences: action -> lazy text with gaps such as "%(who)s published “%(title)s”."."""
    _sentences.update(sentences)


def record(action: str, subject: models.Model, *, by: "User | None", **facts: Any) -> AuditEntry:
    """Adds one row about `subject` (a tenant's row). `by` None means the product itself or an invitee.

    Call it inside the transaction of the change. An unregistered action raises KeyError, so that none lacks words.
    """
    tenant_id: int = subject.tenant_id  # type: ignore[attr-defined]
    return _record(action, tenant_id, subject, by, facts)


def record_about_tenant(action: str, tenant: "Tenant", *, by: "User | None") -> AuditEntry:
    """The same for a change to the tenant itself."""
    return _record(action, tenant.pk, tenant, by, {})


def _record(
    action: str, tenant_id: int, subject: models.Model, by: "User | None", facts: dict[str, Any]
) -> AuditEntry:
    if action not in _sentences:
        raise KeyError(f"no audit sentence is registered for {action!r}")
    return AuditEntry.objects.create(
        tenant_id=tenant_id,
        actor_id=by.pk if by else None,
        actor_name=by.name if by else "",
        action=action,
        subject_type=str(subject._meta.model_name),
        subject_id=subject.pk,
        facts=facts,
    )

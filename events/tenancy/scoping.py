"""Every row belongs to a tenant and every query says which; one that does not, raises (rule 4, ADR 0002)."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from events.tenancy.models import Tenant

_M = TypeVar("_M", bound=models.Model, covariant=True)
_checks_off: ContextVar[bool] = ContextVar("checks_off", default=False)


class UnscopedQuery(RuntimeError):
    """A query over tenants' rows that names no tenant."""


@contextmanager
def uniqueness_check() -> Iterator[None]:
    """Django looks over the whole table when it validates uniqueness; only `TenantModel` uses this."""
    token = _checks_off.set(True)
    try:
        yield
    finally:
        _checks_off.reset(token)


def all_scoped(querysets: "Iterable[models.QuerySet[Any]]") -> bool:
    return all(getattr(queryset, "_scoped", False) for queryset in querysets)


class TenantQuerySet(models.QuerySet[_M]):
    """A queryset that refuses to touch the database before `of(tenant)` or `across_tenants(why)`.

    Rows reached from a row (`event.invitations.all()`) are scoped by that row.
    """

    _scoped = False

    def of(self, tenant: "Tenant | int | models.Expression") -> Self:
        """Only the rows of `tenant` (or its id, or where its id goes in a prepared statement)."""
        scoped = self.filter(tenant_id=getattr(tenant, "pk", tenant))
        scoped._scoped = True
        return scoped

    def across_tenants(self, why: str) -> Self:
        """All tenants' rows. `why` is for the reader, and must not be empty."""
        if not why:
            raise ValueError("say why this query crosses tenants")
        scoped = self.all()
        scoped._scoped = True
        return scoped

    def __or__(self, other: "models.QuerySet[Any]") -> Self:
        """Rows of either; scoped only when both are, so that joining never widens a scope."""
        joined: Self = super().__or__(other)
        joined._scoped = self._scoped and getattr(other, "_scoped", False)
        return joined

    def union(self, *others: "models.QuerySet[Any]", all: bool = False) -> Self:
        """As `|`: scoped only when all parts are."""
        joined: Self = super().union(*others, all=all)
        joined._scoped = self._scoped and all_scoped(others)
        return joined

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def require_scope(self) -> None:
        from_a_row = "instance" in self._hints  # type: ignore[attr-defined]
        if not (self._scoped or from_a_row or _checks_off.get()):
            raise UnscopedQuery(f"{self.model.__name__}: say .of(tenant) or .across_tenants(why) first")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self.require_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[_M]:
        self.require_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self.require_scope()
        return super().count()

    def exists(self) -> bool:
        self.require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self.require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self.require_scope()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self.require_scope()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class TenantModel(models.Model):
    """Base of every row that a tenant owns."""

    tenant = models.ForeignKey("events.Tenant", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        with uniqueness_check():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        with uniqueness_check():
            super().validate_constraints(exclude)

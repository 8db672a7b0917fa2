"""What points at a row of the directory, found by asking Django, so that rows of higher floors follow unknown to us."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import ForeignKey, Q, QuerySet

from events.directory.merging.models import Row
from events.directory.merging.rules import rule_of
from events.tenancy.models import User
from events.tenancy.scoping import TenantModel


class NotMergeable(Exception):
    """The outcome is refused; nothing was changed."""


class NoRule(NotMergeable):
    """Two rows cannot both follow, others hang on the one that would be dropped, and no room said what to do."""


@dataclass(frozen=True)
class Link:
    """A foreign key to contacts or organisations; also the hidden ones, and those of many-to-many tables."""

    model: type[models.Model]
    field: "ForeignKey[Any, Any]"

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def is_own(self) -> bool:
        """Whether it leads from the directory's row to another of its kind (umbrella, successor)."""
        return self.model is self.field.related_model

    def rows(self, row: Any) -> "QuerySet[Any]":
        """Those that point at `row`."""
        manager: Any = self.model.objects  # type: ignore[attr-defined]
        every = manager.of(row.tenant_id) if issubclass(self.model, TenantModel) else manager.all()
        found: QuerySet[Any] = every.filter(**{self.field.attname: row.pk})
        return found.order_by("pk")


def links_to(model: type[models.Model]) -> list[Link]:
    """Every foreign key to `model`, in the order of their labels."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            found.append(Link(relation.related_model, relation.field))  # type: ignore[arg-type, union-attr]
    return sorted(found, key=lambda link: (link.label, link.field.name))


def counts(row: Row) -> dict[str, int]:
    """How many rows of each model point at `row`; models without any are left out."""
    found: dict[str, int] = {}
    for link in links_to(type(row)):
        if number := link.rows(row).count():
            found[link.label] = found.get(link.label, 0) + number
    return found


def follow(link: Link, *, kept: Row, gone: Row, by: User | None) -> tuple[int, list[dict[str, Any]]]:
    """Points the rows of `link` at `kept`; returns how many, and the facts of those that were dropped instead.

    Rows are written by UPDATE, not saved: approved minutes refuse to be saved, and their frozen text stays as it is.
    """
    dropped = [_dropped(row, link) for row in _between(link, kept, gone)]
    for mine, other in _clashes(link, kept, gone):
        if rule := rule_of(link.label):
            rule(mine, other, by)
        else:
            dropped.append(_dropped(other, link))
    rows = link.rows(gone)
    if link.is_own:
        rows = rows.exclude(pk=kept.pk)  # its own umbrella and successor are among the facts to choose
    return rows.update(**{link.field.name: kept}), dropped


def _between(link: Link, kept: Row, gone: Row) -> list[Any]:
    """Rows that join the two, such as one's membership in the other: nothing is joined to itself."""
    if link.is_own:
        return []
    siblings = [each for each in links_to(type(kept)) if each.label == link.label and each != link]
    return [row for other in siblings for row in link.rows(gone).filter(**{other.field.attname: kept.pk})]


def _clashes(link: Link, kept: Row, gone: Row) -> Iterator[tuple[Any, Any]]:
    """Pairs (the kept one's, the gone one's) that some uniqueness of the database forbids to stand side by side."""
    seen = set()
    for fields, condition in _uniques(link):
        others = [name for name in fields if name != link.field.name]
        mine = {_values(row, others): row for row in link.rows(kept).filter(condition)}
        for row in link.rows(gone).filter(condition) if mine else ():
            values = _values(row, others)
            if values in mine and None not in values and row.pk not in seen:
                seen.add(row.pk)
                yield mine[values], row


def _uniques(link: Link) -> Iterator[tuple[Sequence[str], Q]]:
    meta, name = link.model._meta, link.field.name
    if link.field.unique:
        yield (name,), Q()
    for fields in meta.unique_together:
        if name in fields:
            yield fields, Q()
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            yield constraint.fields, constraint.condition or Q()


def _values(row: Any, names: list[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)


def _dropped(row: Any, link: Link) -> dict[str, Any]:
    """Deletes a link, or clears it in a row that stands for more than the link; returns what was there."""
    fields = [field for field in row._meta.concrete_fields if field.name not in ("id", "tenant")]
    if link.field.null:
        fields = [link.field]
    elif any(each.rows(row).exists() for each in links_to(type(row))):
        raise NoRule(row._meta.label_lower)
    facts = {"id": row.pk} | {field.name: field.value_to_string(row) for field in fields}
    if link.field.null:
        setattr(row, link.field.name, None)
        row.save(update_fields=[link.field.name])
    else:
        row.delete()
    return {"model": row._meta.label_lower, **facts}

"""Short names for the database constraints that many models need."""

from django.db import models
from django.db.models import CheckConstraint, F, Q


def all_or_none(name: str, *fields: str) -> CheckConstraint:
    """Refuses rows in which some of `fields` are set and others are not (such as approved_at with approved_by)."""
    none = Q(**{f"{field}__isnull": True for field in fields})
    every = Q(**{f"{field}__isnull": False for field in fields})
    return CheckConstraint(name=name, condition=none | every)


def in_order(name: str, earlier: str, later: str) -> CheckConstraint:
    """Refuses rows whose `later` is not after `earlier`; rows where either is missing pass."""
    missing = Q(**{f"{earlier}__isnull": True}) | Q(**{f"{later}__isnull": True})
    return CheckConstraint(name=name, condition=missing | Q(**{f"{later}__gt": F(earlier)}))


def one_of(name: str, field: str, choices: type[models.TextChoices]) -> CheckConstraint:
    """Refuses a value of `field` that is not among `choices`."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": choices.values}))

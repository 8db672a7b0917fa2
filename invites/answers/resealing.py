"""Giving every sealed value the current key (`manage.py rotate_keys`), so that an older key can be thrown away."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events import keyring
from invites.answers.needs.models import Need
from invites.answers.questions.models import QuestionAnswer

BATCH = 200
SEALED = (Need, QuestionAnswer)  # each has `sealed`, and `place` that says what the value is sealed for


@dataclass(frozen=True)
class Count:
    """Of one table: values sealed anew, and values that no key at hand opens."""

    table: str
    resealed: int
    closed: int


def rotate() -> Iterator[Count]:
    """Seals anew what is sealed with another key than the current one; a count for each table.

    Safe while people answer: a row is written only if nobody wrote it since it was read. Each row is a statement of its
    own, so an interrupted run goes on where it stopped; a second run finds nothing to do. What no key opens stays.
    """
    for model in SEALED:
        done = closed = 0
        for row in _behind(model):
            resealed = _resealed(row)
            done += resealed is True
            closed += resealed is None
        yield Count(str(model._meta.verbose_name_plural), done, closed)


def _behind(model: Any) -> Iterator[Any]:
    """The rows sealed with another key, in batches by id; a batch is read when it is wanted."""
    rows = model.objects.across_tenants("one key ring for all").exclude(sealed="")
    rows = rows.exclude(sealed__startswith=keyring.current()).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _resealed(row: Any) -> bool | None:
    """True when the row has a new value, False when somebody was faster, None when no key opens it."""
    try:
        anew = keyring.seal(keyring.unseal(row.sealed, place=row.place), place=row.place)
    except keyring.CannotOpen:
        return None
    rows = type(row).objects.of(row.tenant_id).filter(pk=row.pk, sealed=row.sealed)
    return bool(rows.update(sealed=anew))

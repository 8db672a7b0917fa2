"""What somebody can need, how a form names it, and how it is written before it is sealed: kind, detail and number."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS, REMOVE = "need_kinds", "need_remove"  # the names of two fields of the form
LONGEST = 200  # characters of one detail


class NeedKind(models.TextChoices):
    DIET = "diet", _("diet or allergy")
    ACCESS = "access", _("access, such as a wheelchair")
    HEARING = "hearing", _("hearing, such as an induction loop or a sign language interpreter")
    INTERPRETER = "interpreter", _("interpreter")
    PRAYER = "prayer", _("a room for prayer")
    OTHER = "other", _("something else")


@dataclass(frozen=True)
class Told:
    """One need, with a detail ("halal", "somali") or without."""

    kind: NeedKind
    detail: str = ""


def packed(needs: Iterable[Told]) -> str:
    return json.dumps([[need.kind.value, need.detail] for need in needs], ensure_ascii=False)


def unpacked(text: str) -> tuple[Told, ...]:
    return tuple(Told(NeedKind(kind), detail) for kind, detail in json.loads(text))


def detail_name(kind: NeedKind) -> str:
    """The name of the form's field for the detail."""
    return f"need_{kind.value}"


def told(cleaned: Mapping[str, Any]) -> tuple[Told, ...]:
    """The needs of a valid form. A detail counts also where its kind is not ticked."""
    ticked = cleaned.get(KINDS) or ()
    details = {kind: cleaned.get(detail_name(kind)) or "" for kind in NeedKind}
    return tuple(Told(kind, details[kind]) for kind in NeedKind if kind in ticked or details[kind])

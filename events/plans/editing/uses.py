"""What hangs on a measure, found by asking Django, so that rows of higher floors count without being known here."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.plans.models import Measure

# Parts of the measure itself, which go with it.
OWN = frozenset(
    {"events.responsibility", "events.measurestep", "events.recommendationmeasure", "events.possiblemeasure"}
)


def _meetings(n: int) -> str:
    return ngettext(
        "%(n)d meeting is planned to advance it", "%(n)d meetings are planned to advance it", n
    ) % {"n": n}


def _outcomes(n: int) -> str:
    return ngettext("%(n)d entry in minutes is about it", "%(n)d entries in minutes are about it", n) % {
        "n": n
    }


def _notes(n: int) -> str:
    return ngettext("%(n)d note tells where it stands", "%(n)d notes tell where it stands", n) % {"n": n}


def _indicators(n: int) -> str:
    return ngettext("%(n)d indicator is of it", "%(n)d indicators are of it", n) % {"n": n}


def _milestones(n: int) -> str:
    return ngettext("%(n)d milestone is of it", "%(n)d milestones are of it", n) % {"n": n}


# Words by the model's name; what nobody named here counts all the same.
WORDS: dict[str, Callable[[int], str]] = {
    "events.eventmeasure": _meetings,
    "minutes.indicator": _indicators,
    "minutes.milestone": _milestones,
    "minutes.outcome": _outcomes,
    "minutes.statusnote": _notes,
}


def uses_of(measure: Measure) -> list[str]:
    """In words, what would be lost with the measure; empty when nothing hangs on it."""
    found = []
    for relation in Measure._meta.related_objects:
        model: Any = relation.related_model
        label = model._meta.label_lower
        if label in OWN or relation.many_to_many:  # the rows between the two are counted by themselves
            continue
        count = model.objects.of(measure.tenant_id).filter(**{relation.field.attname: measure.pk}).count()
        if count:
            found.append(_in_words(label, count))
    return found


def _in_words(label: str, count: int) -> str:
    if words := WORDS.get(label):
        return words(count)
    return _("%(n)d other entries (%(what)s)") % {"n": count, "what": label}

"""One measure out of a file's data: its bodies in order, the first leads."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from events.dates import VagueDate, parse
from events.directory.searching import fold
from events.plans.facts import BodyFacts, MeasureFacts
from events.plans.models import Recurrence, ResponsibilityLabel, ResponsibilityPart
from events.plans.sections import Section

# The keys that name bodies, in the order of the plan. The first responsible body leads ("rule" of the plan).
PARTS = (
    ("responsible", ResponsibilityPart.RESPONSIBLE),
    ("with", ResponsibilityPart.WITH),
    ("in_cooperation_with", ResponsibilityPart.COOPERATION),
    ("partners_in_text", ResponsibilityPart.IN_TEXT),
)
TO_BE_CONSIDERED = frozenset({"to be considered", "vurderes", "skal vurderes", "til vurdering"})


def measure(row: Section) -> MeasureFacts:
    row.only(
        *("no", "title", "label", "lead", *dict(PARTS), "others", "note", "deadline", "national_measure"),
        *("about_individuals", "aliases", "description", "recurrence"),
    )
    note = row.text("note")
    considered = note.casefold() in TO_BE_CONSIDERED
    recurrence = row.text("recurrence")
    if recurrence not in Recurrence.values:
        row.fail(_("“recurrence” must be standing or one_off, not “%(value)s”.") % {"value": recurrence})
    return MeasureFacts(
        number=row.number("no", required=True) or 0,
        title=row.text("title", required=True),
        label=_label(row, required=True),
        bodies=tuple(_bodies(row)),
        deadline=_deadline(row),
        national_measure=row.number("national_measure"),
        to_be_considered=considered,
        note="" if considered else note,
        about_individuals=row.flag("about_individuals"),
        aliases=tuple(dict.fromkeys(row.texts("aliases", limit=300))),
        description=row.prose("description"),
        recurrence=recurrence,
    )


def _label(row: Section, *, required: bool) -> str:
    label = row.text("label", required=required)
    if label and label not in ResponsibilityLabel.values:
        row.fail(_("“label” must be U, O or F, not “%(label)s”.") % {"label": label})
    return label


def _bodies(row: Section) -> Iterator[BodyFacts]:
    seen: set[BodyFacts] = set()
    lead = _lead(row)
    for key, part in PARTS:
        is_first = part == ResponsibilityPart.RESPONSIBLE
        found = [_body(row, key, part, item) for item in row.items(key, required=is_first and lead is None)]
        if is_first and lead is not None:
            found = _led_by(row, lead, found)
        for body in found:
            if body in seen:
                row.fail(_("“%(name)s” stands twice under “%(key)s”.") % {"name": body.name, "key": key})
            elif body.name:
                seen.add(body)
                yield body
    if others := row.text("others", limit=200):
        yield BodyFacts(ResponsibilityPart.OTHERS, others)


def _lead(row: Section) -> BodyFacts | None:
    """The body that the file names as the lead in so many words; there can be only one."""
    value = row.data.get("lead")
    if value is None or value == "":
        return None
    several = value if isinstance(value, list) else [value]
    if len(several) != 1:
        row.fail(_("a measure has one lead, and %(n)d are named.") % {"n": len(several)})
        return None
    return _body(row, "lead", ResponsibilityPart.RESPONSIBLE, several[0])


def _led_by(row: Section, lead: BodyFacts, found: list[BodyFacts]) -> list[BodyFacts]:
    if not any(fold(body.name) == fold(lead.name) for body in found):
        return [lead, *found]
    if fold(found[0].name) != fold(lead.name):
        row.fail(
            _("“%(lead)s” is named as the lead, but “%(first)s” stands first.")
            % {"lead": lead.name, "first": found[0].name}
        )
    return found


def _body(row: Section, key: str, part: str, item: object) -> BodyFacts:
    if not isinstance(item, dict):
        return BodyFacts(part, row.words(key, item, 200))
    inner = Section(item, row.name, row.errors)
    inner.only("body", "unit", "label")
    name, unit = inner.text("body", limit=200, required=True), inner.text("unit", limit=200)
    return BodyFacts(part, name, unit, _label(inner, required=False))


def _deadline(row: Section) -> VagueDate | None:
    """`{precision: year, value: 2016}`, in which the two must agree, so that no day is invented; or words."""
    value = row.data.get("deadline")
    if value is None or not isinstance(value, dict):
        return row.date("deadline")
    inner = row.section("deadline")
    inner.only("precision", "value")
    precision, value = inner.text("precision"), inner.text("value")
    try:
        when = parse(value)
    except ValueError:
        row.fail(_("the deadline “%(value)s” is no date.") % {"value": value})
        return None
    if when.precision != precision:
        row.fail(
            _("the deadline “%(value)s” has the precision “%(is)s”, not “%(said)s”.")
            % {"value": value, "is": when.precision, "said": precision or "–"}
        )
    return when

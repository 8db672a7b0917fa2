"""The edit page's form as a whole: nine sections of rows, with the revision the writer saw."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _

from events.gatherings.agenda import ItemMeasure
from events.plans.choosing import choosable
from minutes.records import writing
from minutes.records.content import SECTIONS, Content, Row, base_of, join
from minutes.records.fields import RowForm, whole_number
from minutes.records.forms import ROWS
from minutes.records.models import Minutes, MinutesItem

MOST_ROWS = 1000  # a section; DATA_UPLOAD_MAX_NUMBER_FIELDS (settings) sets the limit of the whole
STARTS_WITH_A_BLANK_ROW = ("walkins", "headcounts", "decisions", "actions")


if TYPE_CHECKING:
    _Rows = BaseFormSet[RowForm]
else:
    _Rows = BaseFormSet


class Rows(_Rows):
    """Each row may be empty; which ones say nothing is for the row itself to judge."""

    def _construct_form(self, i: int, **kwargs: Any) -> RowForm:
        form: RowForm = super()._construct_form(i, empty_permitted=True, **kwargs)  # type: ignore[misc]
        return form


class MinutesForms:
    """Made by `stored`, `typed`, `with_row` or `joined`. Only a typed one can be valid."""

    def __init__(self, minutes: Minutes, revision: int, sections: dict[str, Rows]) -> None:
        self.minutes, self.revision, self.sections = minutes, revision, sections

    @classmethod
    def stored(cls, minutes: Minutes) -> "MinutesForms":
        """As stored, with an empty row where one is likely to be wanted, and one for each planned measure."""
        content = writing.read(minutes)
        context = _context(minutes)
        updated = {row["measure"] for row in content.updates}
        planned: list[Row] = [{"measure": pk} for pk in context["planned"] if pk not in updated]
        content.updates.extend(planned or [{}])
        for section in STARTS_WITH_A_BLANK_ROW:
            getattr(content, section).append({})
        return cls._of_rows(minutes, dict(content.sections()), context)

    @classmethod
    def typed(cls, minutes: Minutes, data: Mapping[str, Any]) -> "MinutesForms":
        revision = whole_number(data.get("revision"))
        context = _context(minutes)
        sections = {
            name: _formset(name)(data, prefix=name, form_kwargs={"context": context}) for name in SECTIONS
        }
        return cls(minutes, -1 if revision is None else revision, sections)

    @classmethod
    def _of_rows(
        cls, minutes: Minutes, rows: dict[str, list[Row]], context: dict[str, Any]
    ) -> "MinutesForms":
        sections = {
            name: _formset(name)(initial=_with_base(name, of), prefix=name, form_kwargs={"context": context})
            for name, of in rows.items()
        }
        return cls(minutes, minutes.revision, sections)

    def is_valid(self) -> bool:
        verdicts = [
            formset.is_valid() for formset in self.sections.values()
        ]  # each is asked, so that all show errors
        return self._one_update_a_measure() and all(verdicts)

    def content(self) -> Content:
        """What was typed, without the rows that say nothing. Only after `is_valid`."""
        return Content(
            **{
                name: [form.row() for form in formset if not form.is_empty]
                for name, formset in self.sections.items()
            }
        )

    def as_saved(self, content: Content) -> dict[str, dict[str, Any]]:
        """What the page's hidden fields are to hold after `content` (made by `content()`) was saved, by row."""
        fields = {}
        for name, stored in writing.read(self.minutes).sections():
            known = {row["id"]: row for row in stored}
            filled = [form for form in self.sections[name] if not form.is_empty]
            for form, row in zip(filled, getattr(content, name), strict=True):
                now = known.get(row["id"])
                fields[str(form.prefix)] = {
                    "id": now["id"] if now else "",
                    "base": base_of(name, now) if now else "",
                }
        return fields

    def with_row(self, section: str) -> "MinutesForms":
        """What was typed, unjudged, with one more row in `section`."""
        rows = {name: [_as_typed(form) for form in formset] for name, formset in self.sections.items()}
        rows[section].append({})
        added = self._of_rows(self.minutes, rows, _context(self.minutes))
        added.revision = self.revision
        new = added.sections[section].forms[-1]
        new.body[0].field.widget.attrs["autofocus"] = True
        return added

    def joined(self) -> "MinutesForms":
        """What was typed, joined with what is stored now, at the stored revision. See `content.join`."""
        typed, stored = self.content(), writing.read(self.minutes)
        rows = {name: join(name, getattr(typed, name), of) for name, of in stored.sections()}
        return self._of_rows(self.minutes, rows, _context(self.minutes))

    def __iter__(self) -> Iterator[Rows]:
        return iter(self.sections.values())

    def _one_update_a_measure(self) -> bool:
        seen: set[int] = set()
        for form in self.sections["updates"]:
            measure = (
                None if form.is_empty or form.cleaned_data.get("remove") else form.cleaned_data.get("measure")
            )
            if measure in seen:
                form.add_error("measure", _("This measure already has an update above. Write it all there."))
                return False
            seen |= {measure} if measure else set()
        return True


def _formset(section: str) -> type[Rows]:
    made = formset_factory(ROWS[section], formset=Rows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    return cast(type[Rows], made)


def _as_typed(form: RowForm) -> Row:
    return {name: form[name].value() for name in form.fields}


def _with_base(section: str, rows: list[Row]) -> list[Row]:
    """Adds what the writer sees now; a row that was just typed again keeps what it had."""
    return [{"base": base_of(section, row) if row.get("id") else "", **row} for row in rows]


def _context(minutes: Minutes) -> dict[str, Any]:
    """What rows may choose from: items, measures (planned ones first), and the people on the list."""
    planned = list(minutes.event.measures.values_list("pk", flat=True))
    written = minutes.outcomes.filter(measure__isnull=False).values_list("measure", flat=True)
    about = list(ItemMeasure.objects.of(minutes.tenant_id).filter(item__event=minutes.event_id))
    chosen = {*planned, *written, *(link.measure_id for link in about)}
    measures = list(choosable(minutes.tenant_id, chosen=chosen))
    groups: dict[str, list[tuple[int, str]]] = {}
    for measure in sorted(measures, key=lambda one: one.pk not in planned):
        group = _("Planned for this meeting") if measure.pk in planned else measure.plan.title
        groups.setdefault(group, []).append((measure.pk, str(measure)))
    items = list(minutes.items.all())
    return {
        "items": [(item.pk, item.title) for item in items],
        "programme": {str(item.pk) for item in items if item.programme_item_id},
        "about": _about(items, about, {measure.pk: str(measure) for measure in measures}),
        "measures": list(groups.items()),
        "planned": planned,
        "people": {person.pk: person for person in minutes.attendance.filter(invitation__isnull=False)},
    }


def _about(items: list[MinutesItem], links: list[ItemMeasure], names: dict[int, str]) -> dict[str, list[str]]:
    """The measures that an item of the minutes is about, by its id."""
    return {
        str(item.pk): [names[link.measure_id] for link in links if link.item_id == item.programme_item_id]
        for item in items
    }

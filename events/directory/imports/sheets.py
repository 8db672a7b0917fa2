"""The rows of an XLSX workbook, as its cells show them."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from events.directory.imports.parts import broken
from events.directory.imports.problems import NotAList
from events.directory.imports.workbook import safe_copy

T = TypeVar("T")


def read(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    """Row numbers and cells of the first sheet that holds anything, and notes. Raises NotAList."""
    with _opened(safe_copy(data)) as book:
        sheet, others = _first_filled(book)
        rows = [(number, [shown(cell) for cell in cells]) for number, cells in _rows(sheet)]
    notes = []
    if others:
        notes.append(
            _("The sheet “%(sheet)s” is read. Not read: %(others)s.")
            % {"sheet": sheet.name, "others": ", ".join(f"“{name}”" for name in others)}
        )
    return iter(rows), notes


def shown(cell: Any) -> str:
    """The cell's text: a telephone number is no 4.7E9, a date no moment."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _opened(data: bytes) -> CalamineWorkbook:
    return _or_damaged(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))


def _first_filled(book: CalamineWorkbook) -> tuple[CalamineSheet, list[str]]:
    names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    sheets = [_or_damaged(partial(book.get_sheet_by_name, name)) for name in names]
    filled = [sheet for sheet in sheets if sheet.end is not None]
    if not filled:
        raise NotAList(_("The workbook is empty."))
    return filled[0], [sheet.name for sheet in filled[1:]]


def _rows(sheet: CalamineSheet) -> list[tuple[int, list[Any]]]:
    rows: list[list[Any]] = _or_damaged(lambda: list(sheet.iter_rows()))
    return list(enumerate(rows, start=1))


def _or_damaged(step: Callable[[], T]) -> T:
    """What `step` gives; whatever the parser cannot bear, its panics among it, is a damaged workbook."""
    try:
        return step()
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise broken() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's own, no Exception and importable from nowhere
            raise
        raise broken() from error

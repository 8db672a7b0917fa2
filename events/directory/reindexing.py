"""Keeps the text that a search looks through true, after other names or tags changed.

Names, roles, towns and addresses follow by themselves when a row is saved. Other names and tags stand in rows of their
own: whoever adds, moves or removes those calls one of these functions in the same transaction.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import prefetch_related_objects

from events.directory.models import Contact, Organisation

BATCH = 500
Row = TypeVar("Row", Contact, Organisation)


def reindex_organisations(rows: Iterable[Organisation]) -> None:
    """Reads the other names and tags of `rows` anew. A second call changes nothing."""
    found = _freshly(rows, "aliases", "tags")
    for row in found:
        aliases, tags = row.aliases.all(), row.tags.all()
        row.search_also = "\n".join([*(alias.name for alias in aliases), *(tag.name for tag in tags)])
        row.folded()
    fields = ("search_also", "search_words")
    Organisation.objects.across_tenants("rows in hand").bulk_update(found, fields, batch_size=BATCH)
    _forget(found)


def reindex_contacts(rows: Iterable[Contact]) -> None:
    """Reads the tags of `rows` anew. A second call changes nothing."""
    found = _freshly(rows, "tags")
    for row in found:
        row.search_also = "\n".join(tag.name for tag in row.tags.all())
        row.folded()
    fields = ("search_also", "search")
    Contact.objects.across_tenants("rows in hand").bulk_update(found, fields, batch_size=BATCH)
    _forget(found)


def _freshly(rows: Iterable[Row], *related: str) -> list[Row]:
    found = list(rows)
    _forget(found)
    prefetch_related_objects(found, *related)
    return found


def _forget(rows: Iterable[Row]) -> None:
    """What was fetched earlier is old now, and would hide the change from whoever holds the rows."""
    for row in rows:
        row.__dict__.pop("_prefetched_objects_cache", None)

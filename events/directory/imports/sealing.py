"""How an import knows later whether a row is still as it left it: a digest, so that no fact is kept twice."""

import hashlib

from events.directory.imports.values import FACTS
from events.directory.models import Contact, Organisation


def sealed(row: Contact | Organisation) -> str:
    """A digest of everything an import or a person at a form can change of the row."""
    if isinstance(row, Contact):
        facts = (row.organisation_id, *(getattr(row, name) for name in FACTS))
    else:
        facts = (row.name, row.kind, row.type_id, row.city, row.address)
        facts += (row.email, row.phone, row.notes, row.umbrella_id, row.successor_id)
    words = repr(
        [str(fact) for fact in facts]
    )  # a choice just made and one read back differ in anything but str
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()

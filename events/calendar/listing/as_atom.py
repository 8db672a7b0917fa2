"""Public events as an Atom feed (RFC 4287): news of meetings for readers and for other systems."""

import uuid
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from events.calendar.listing.facts import Listed, Listing, address, listing, when_in_words
from events.calendar.listing.moments import utc
from events.calendar.reading import Source

ATOM = "http://www.w3.org/2005/Atom"
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'


def write(source: Source) -> list[bytes]:
    """The listing as one Atom document. Equal rows give equal bytes. Raises DatabaseError."""
    with translation.override(source.language):
        told = listing(source)
        return [compose(told, address("public-atom", source.slug, told.query))]


def compose(told: Listing, own_address: str) -> bytes:
    """The bytes, in the active language; pure. A vague date is told in words alone."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": told.language})
    _text(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, own_address).urn)
    _text(feed, "title", told.title)
    _text(feed, "updated", utc(told.updated))
    _text(ET.SubElement(feed, "author"), "name", told.arranged_by)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=own_address)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{settings.BASE_URL}/")
    for each in told.events:
        feed.append(_entry(each))
    ET.indent(feed, " ")
    written: bytes = ET.tostring(feed, encoding="utf-8")
    return HEAD + written + b"\n"


def _entry(told: Listed) -> ET.Element:
    event, entry = told.event, ET.Element("entry")
    _text(entry, "id", event.uid.urn)
    _text(
        entry, "title", _("Cancelled: %(title)s") % {"title": event.title} if event.cancelled else event.title
    )
    _text(entry, "updated", utc(told.changed_at))
    if told.page:
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=told.page)
    if told.file:
        ET.SubElement(entry, "link", rel="related", type="text/calendar", href=told.file)
    if event.kind:
        ET.SubElement(entry, "category", term=event.kind, label=event.kind_label)
    _text(entry, "content", _words(told)).set("type", "text")
    return entry


def _words(told: Listed) -> str:
    event = told.event
    facts = (
        (_("When"), when_in_words(event)),
        (_("Where"), event.place),
        (_("Hosts"), ", ".join(event.hosts)),
    )
    lines = [f"{label}: {value}" for label, value in facts if value]
    return "\n".join([*lines, *(("", event.purpose) if event.purpose else ())])


def _text(parent: ET.Element, name: str, words: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = words
    return child

"""A tenant's public events for web sites and machines: JSON, Atom, and the data block of a page (schema.org)."""

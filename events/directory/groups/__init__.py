"""Saved groups of contacts: chosen by hand, or by a rule. Other rooms ask `members_of(group)`."""

from events.directory.groups.models import ContactGroup, members_of

__all__ = ["ContactGroup", "members_of"]

"""What is to be followed up in a meeting, for pages of lower rooms that only show it."""

from django import template

from events.gatherings.models import Event
from events.tenancy.models import Membership
from minutes.records.actions import following, showing

register = template.Library()


@register.simple_tag
def to_follow_up(event: Event, membership: Membership) -> list[showing.ShownAction]:
    """The action points of the same body that follow into `event`, as `membership` may see them. Two queries."""
    names = showing.sees_names(membership)
    return [showing.shown(action, names=names) for action in following.followed_up(event)]

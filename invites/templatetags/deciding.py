"""How much waits for the organiser of an event, for pages of lower rooms that only point to the page."""

from django import template

from events.gatherings.models import Event
from invites.invitations import deciding

register = template.Library()


@register.simple_tag
def to_decide(event: Event) -> int:
    """A query a section, and none for an event that was read `with_waiting`."""
    counted: int | None = getattr(event, "to_decide", None)
    return deciding.waiting(event.tenant_id)[event.pk] if counted is None else counted

"""What floors above know of the meetings of a campaign, as expressions: counted by the statement that reads the links.

Names that nobody registered count as 0, so that the room works alone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Value

if TYPE_CHECKING:
    from events.campaigns.models import CampaignEventQuerySet

INVITED, ANSWERED, REPORTED = "invited", "answered", "reported"
_counters: dict[str, Callable[[], Any]] = {}


def register(name: str, expression: Callable[[], Any]) -> None:
    """`expression` makes a subquery about `OuterRef("event")`: a number, or for REPORTED whether it is so."""
    _counters[name] = expression


def counted(links: "CampaignEventQuerySet") -> "CampaignEventQuerySet":
    """`links`, each with `invited`, `answered` and `reported`. No statement of its own."""
    names = (INVITED, ANSWERED, REPORTED)
    return links.annotate(**{name: _counters[name]() if name in _counters else Value(0) for name in names})

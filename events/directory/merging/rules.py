"""What happens where two rows cannot both point at the kept one, such as two invitations to one event.

A link that nothing hangs on (a host, a member of a group) is dropped when the kept row has one like it. Where more is
at stake, the room that owns the model registers a rule in its app's `ready`, under the model's label.
"""

from collections.abc import Callable
from typing import Any

from events.tenancy.models import User

# (the kept contact's row, the gone one's row, who merges). Afterwards the second may point at the kept contact too,
# or is deleted. Called inside the transaction of the merger.
Rule = Callable[[Any, Any, User | None], None]

_rules: dict[str, Rule] = {}


def register(label: str, rule: Rule) -> None:
    """`label` such as "invites.invitation"."""
    _rules[label] = rule


def rule_of(label: str) -> Rule | None:
    return _rules.get(label)

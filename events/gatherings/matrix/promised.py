"""How many were invited and have answered under what is set now. The floor that invites says here how to find out."""

from collections.abc import Callable
from dataclasses import dataclass

from events.gatherings.models import Event


@dataclass(frozen=True)
class Promised:
    invited: int = 0
    answered: int = 0


_asked: list[Callable[[Event], Promised]] = []


def register_invitees(asks: Callable[[Event], Promised]) -> None:
    _asked.append(asks)


def promised(event: Event) -> Promised:
    found = [asks(event) for asks in _asked]
    return Promised(sum(each.invited for each in found), sum(each.answered for each in found))

"""Two contacts become one: which of their invitations to one event stays valid. The other one stays as history."""

from events.directory.merging import rules
from events.tenancy.models import User
from invites.invitations import services
from invites.invitations.models import Invitation


def keep_the_newest_answer(kept: Invitation, gone: Invitation, by: User | None) -> None:
    """Withdraws the one that was answered longer ago, or not at all; of two silent ones, that of the gone contact.

    A withdrawn invitation frees its seat and its link is dead, as after every withdrawal; its answers stay.
    """
    mine, other = kept.replied_at, gone.replied_at
    newer = other is not None and (mine is None or other > mine)
    services.withdraw(kept if newer else gone, by=by)


rules.register("invites.invitation", keep_the_newest_answer)

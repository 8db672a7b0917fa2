"""Two members of one network become one: the membership began when the first of the two joined."""

from events.directory.merging import rules
from events.directory.networks.models import NetworkMember
from events.tenancy.models import User


def keep_the_longer_membership(kept: NetworkMember, gone: NetworkMember, by: User | None) -> None:
    """The kept one takes an earlier (or the only known) day of joining; the other row is deleted."""
    earlier = gone.joined_from and (kept.joined_from is None or gone.joined_from < kept.joined_from)
    if earlier:
        kept.joined_from, kept.joined_precision = gone.joined_from, gone.joined_precision
        kept.save(update_fields=["joined_from", "joined_precision"])
    gone.delete()


rules.register("events.networkmember", keep_the_longer_membership)

"""Jobs: each may run twice, or late, without harm."""

from invites.post import delivery
from invites.replies import services


def clean() -> int:
    """Once a day: forgets the messages themselves, and events that were about no mail of ours."""
    return services.forget_old_raw() + delivery.forget_strangers()

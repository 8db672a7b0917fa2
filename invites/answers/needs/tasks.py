"""Jobs: each may run twice, or late, without harm."""

from invites.answers.needs import services


def clean() -> int:
    """Once a day: forgets the needs of meetings that are over, and of those who no longer come."""
    return services.forget_old()

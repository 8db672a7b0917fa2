"""Jobs: each may run twice, or late, without harm."""

from invites.answers.questions import services


def clean() -> int:
    """Once a day: forgets answers whose day has come."""
    return services.forget_due()

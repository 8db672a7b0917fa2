"""Jobs: wake-ups only. Each may run twice, or late, without harm (rule 2)."""

from invites.invitations.waves import services


def tick() -> int:
    """Every minute: sends the waves of invitations that are due."""
    return services.send_due()

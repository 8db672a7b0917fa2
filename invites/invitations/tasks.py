"""Jobs: wake-ups only. Each may run twice, or late, without harm (rule 2)."""

from invites.invitations.waves import sending


def tick() -> int:
    """Every minute: sends the waves of invitations that are due."""
    return sending.send_due()

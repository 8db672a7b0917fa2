"""The minute's job. It may run twice, or late, without harm (rule 2)."""

from invites.invitations.reminders import services


def tick() -> int:
    return services.tick()

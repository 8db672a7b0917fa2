"""The minute's job. It may run twice, or late, without harm (rule 2)."""

from invites.invitations.place import services


def tick() -> int:
    return services.tick()

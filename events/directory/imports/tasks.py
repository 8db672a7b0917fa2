"""Jobs: wake-ups only. Each may run twice, or late, without harm (rule 2)."""

from events.directory.imports import services


def sweep() -> int:
    return services.sweep()

"""The minute's job. It may run twice, or late, without harm (rule 2)."""

from minutes.records.actions import reminding


def tick() -> int:
    return reminding.tick()

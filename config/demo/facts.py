"""The demo's facts, as YAML beside this file."""

from pathlib import Path
from typing import Any

from events.plans.loading import load

DATA = Path(__file__).parent / "data"
Facts = dict[str, Any]


def facts_of(name: str) -> Facts:
    found: Facts = load((DATA / f"{name}.yaml").read_bytes())
    return found

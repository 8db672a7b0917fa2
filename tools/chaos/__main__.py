"""`python -m tools.chaos`: the full runs, one by one (CHAOS=kills,events picks some). Fails when a promise breaks.

They take about an hour, most of it waiting: a provider that is out for 20 minutes is out for 20 minutes.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FULL: dict[str, dict[str, object]] = {
    "events": {"number": 5000, "orders": 20},
    "seats": {"rounds": 150},
    "seats_postgres": {"rounds": 150},
    "kills": {"mails": 10_000, "number": 20},
    "queue": {"mails": 3_000},
    "database": {"mails": 5_000, "restarts": 5},
    "provider": {"mails": 1_000, "out": [20, 1220]},
}


def main() -> int:
    wanted = [name.strip() for name in os.environ.get("CHAOS", "").split(",") if name.strip()] or list(FULL)
    if unknown := [name for name in wanted if name not in FULL]:
        print(
            f"make chaos: there is no run {', '.join(unknown)}; there are {', '.join(FULL)}.", file=sys.stderr
        )
        return 2
    broken = [name for name in wanted if not run(name, FULL[name])]
    print(f"make chaos: {', '.join(broken)} broke a promise" if broken else "make chaos: every promise kept")
    return 1 if broken else 0


def run(name: str, sizes: dict[str, object]) -> bool:
    """One run in a process of its own; prints its promises as they come. False when one was broken or it failed."""
    print(f"{name} {json.dumps(sizes)}", flush=True)
    began, kept = time.monotonic(), True
    command = [sys.executable, "-m", "tools.chaos.scenarios", name, json.dumps(sizes)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None  # noqa: S101 - asked for above
        for line in child.stdout:
            promise = json.loads(line)
            kept = kept and promise["kept"]
            print(
                f"  {'kept' if promise['kept'] else 'BROKEN':<7} {promise['what']}: {promise['found']}",
                flush=True,
            )
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return kept and child.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

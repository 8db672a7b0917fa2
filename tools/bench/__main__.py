"""`python -m tools.bench`: measures the groups named in BENCH (all by default), prints and keeps the result.

A budget that is not met is shown as such; it is no failure of the run.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.bench.measure import Row
from tools.bench.stage import stage

ROOT = Path(__file__).resolve().parent.parent.parent
GROUPS = ("feed", "answer", "list", "compose", "dispatch", "import")


def main() -> int:
    wanted = [name.strip() for name in os.environ.get("BENCH", "").split(",") if name.strip()] or list(GROUPS)
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        print(
            f"make bench: there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}.",
            file=sys.stderr,
        )
        return 2
    result = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute() / "bench.json"
    found: list[Row] = []
    print(line("id", "ours", "floor", "peer", "unit", "ratio", "budget", "ok", "runs", "what"))
    with stage():
        for name in wanted:
            for row in group(name)():
                found.append(row)
                print(shown(row), flush=True)
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(json.dumps([row.facts() for row in found], indent=1) + "\n", encoding="utf-8")
    missed = [row.id for row in found if not row.ok]
    print(f"{len(found)} rows in {result}" + (f"; not met: {', '.join(missed)}" if missed else ""))
    return 0


def group(name: str) -> Callable[[], Iterator[Row]]:
    """Imported only now, because Django reads its settings when a group is imported."""
    from tools.bench import answer, composing, dispatch, feed, imports, lists

    groups: dict[str, Callable[[], Iterator[Row]]] = {
        "feed": feed.rows,
        "answer": answer.rows,
        "list": lists.rows,
        "compose": composing.rows,
        "dispatch": dispatch.rows,
        "import": imports.rows,
    }
    return groups[name]


def shown(row: Row) -> str:
    numbers = [row.ours, row.floor, row.peer]
    compared = [row.ratio, row.budget]
    cells = [_number(number) for number in numbers] + [row.unit] + [_number(number) for number in compared]
    return line(row.id, *cells, "yes" if row.ok else "NO", str(row.runs), row.what)


def line(*cells: str) -> str:
    widths = (24, 10, 10, 10, 10, 8, 8, 4, 5, 0)
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.4g}" if number < 1000 else f"{number:.0f}"


if __name__ == "__main__":
    sys.exit(main())

"""The benchmarks in small: rows of the promised shape, and an unchanged feed that asks the database once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIELDS = {"id", "what", "ours", "floor", "peer", "unit", "ratio", "budget", "ok", "runs"}
SMALL = """
import json
from tools.bench.stage import stage
with stage():
    from tools.bench import composing, dispatch, feed, imports, lists
    rows = [*feed.rows(3, (5, 10), (10,), 0.01, 20), *lists.rows(3, (2, 4), 0.01), *imports.rows(3, 40)]
    rows += [*composing.rows(3, 3, 0.01), *dispatch.rows(3, 40)]
    print(json.dumps([row.facts() for row in rows]))
"""


@pytest.fixture(scope="module")
def rows():
    """Measured in a process and a database of their own, as `make bench` does it."""
    clean = {name: value for name, value in os.environ.items() if name != "TESTING"}
    done = subprocess.run(
        [sys.executable, "-c", SMALL],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_row_has_the_fields_of_the_contract(rows):
    assert [set(row) for row in rows] == [FIELDS] * len(rows)


def test_each_number_is_the_median_of_three_runs_or_more(rows):
    assert [row["id"] for row in rows if row["runs"] < 3 and row["unit"] != "queries"] == []


def test_ids_are_unique_and_the_verdict_follows_from_the_numbers(rows):
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        if row["budget"] is None:
            assert row["ok"], row["id"]
            continue
        least = "(at least)" in row["what"]
        assert row["ok"] == (row["ratio"] >= row["budget"] if least else row["ratio"] <= row["budget"])


def test_the_groups_measure_what_the_budgets_name(rows):
    assert {row["id"] for row in rows} == {
        *(f"feed.{kind}.n{size}" for kind in ("304", "full", "plain", "edit") for size in (5, 10)),
        "feed.304.flat",
        "feed.full.flat",
        "feed.304.n10.peer",
        *(f"feed.nginx.{kind}.n10" for kind in ("304", "full")),
        *(f"compose.{way}" for way in ("peer", "letter", "mime", "sendgrid")),
        *(f"dispatch.{what}" for what in ("cpu", "loop", "client", "rate", "jobs")),
        *(f"import.{kind}" for kind in ("csv", "xlsx")),
        *(f"list.{page}{what}" for page in ("meetings", "contacts") for what in ("", ".queries")),
        "list.search",
    }


def test_an_unknown_group_is_refused_by_name():
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench"],
        cwd=ROOT,
        env=os.environ | {"BENCH": "feed,speed"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "speed" in done.stderr

"""Answers: POSTs a second to the invitee's page under gunicorn, beside a POST that does nothing and a plain view.

All three go through the same gunicorn, settings and middleware, over connections that stay open:

- no-op: a view that reads the body and redirects; no database (`urls.no_op`);
- plain: the same form, look-up, deadline and seats, answer and receipt row as ours, with Django's ordinary means
  (`peers.plain_answer`): a lock on the event, a count, `save()`; it wakes no worker, and keeps no order of answers;
- ours: a yes, no or maybe that changes the one before, with comment field, on an event with 100,000 seats.

Every answer of ours must have added a row, or the run fails: one that says nothing new would be cheaper.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tools.bench import measure, people
from tools.bench.load import Load, free_port, listening
from tools.bench.measure import Row
from tools.bench.stage import until

CONCURRENCY, CROWD = 8, 64
NO_OP, PLAIN = 0.30, 1.5
INVITEES = 400
ROOT = Path(__file__).resolve().parent.parent.parent


def rows(runs: int = 3, requests: int = 800) -> Iterator[Row]:
    tenant = people.tenant("bench-answers")
    (event,) = people.events(tenant, 1)
    invited = people.invitations(
        event, 2 * INVITEES
    )  # half of them for each, so that no way finds the other's answer
    tokens, others = ([row.token for row in half] for half in (invited[:INVITEES], invited[INVITEES:]))
    with server() as port:
        load = Load(port)
        ways: dict[str, Callable[[int], str]] = {
            "no-op": lambda n: "/bench/no-op/",
            "plain": lambda n: f"/bench/plain/{others[n % INVITEES]}/",
            "ours": lambda n: f"/rsvp/{tokens[n % INVITEES]}/",
        }
        rates: dict[str, list[float]] = {way: [] for way in ways}
        for run in range(runs + 1):
            for way, path in ways.items():
                before = _answers()
                rate = load.rate(path, requests, CONCURRENCY, first=run * requests)
                if way == "ours" and _answers() - before != requests:
                    raise RuntimeError(f"{_answers() - before} answers were written, not {requests}")
                if run:  # the first one warms up
                    rates[way].append(rate)
        yield from _compared({way: median(found) for way, found in rates.items()}, runs)
        yield _crowd(load, ways["ours"], runs, requests)


def _answers() -> int:
    from invites.answers.models import Answer

    return int(Answer.objects.across_tenants("to count what was written").count())


def _compared(rate: dict[str, float], runs: int) -> Iterator[Row]:
    what = f"answers, concurrency {CONCURRENCY}, gunicorn, SQLite"
    ratio = rate["ours"] / rate["no-op"]
    yield Row(
        "answer.c8",
        f"{what}, against a POST that does nothing (at least)",
        rate["ours"],
        rate["no-op"],
        rate["plain"],
        "POST/s",
        ratio,
        NO_OP,
        ratio >= NO_OP,
        runs,
    )
    yield measure.at_least(
        "answer.c8.peer",
        f"{what}, against a plain view with the same checks",
        rate["ours"],
        rate["plain"],
        PLAIN,
        unit="POST/s",
        runs=runs,
    )


def _crowd(load: Load, path: Callable[[int], str], runs: int, requests: int) -> Row:
    failed = []
    for run in range(runs):
        load.rate(path, requests, CROWD, first=run * requests, strict=False)
        failed.append(float(load.failed))
    what = f"answers that failed, concurrency {CROWD}, {requests} a run"
    worst = max(failed)
    return Row("answer.c64.errors", what, worst, None, None, "errors", worst, 0.0, worst == 0, runs)


@contextmanager
def server() -> Iterator[int]:
    """gunicorn as in production, on the bench's database; yields its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
    ]
    command += ["--threads", "4", "--worker-class", "gthread", "--keep-alive", "60", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: listening(port), 30, "gunicorn")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)

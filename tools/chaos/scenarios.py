"""The runs themselves: `python -m tools.chaos.scenarios NAME {"mails": 10000, ...}` prints one JSON line a promise.

Each runs in a process of its own. Sizes are arguments, so that the suite holds a small version of each.
"""

import datetime as dt
import json
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tools.chaos import promises
from tools.chaos.database import cluster
from tools.chaos.promises import Promise
from tools.chaos.worker import STEPS
from tools.chaos.world import World, descendants, invite, kill, world

Run = Iterator[Promise]
NUMBERS = {"calling": 7, "called": 7}  # at which mail; the other steps come by once a batch


def kills(
    *, mails: int, number: int, database: str = "", stuck: float | None = None, seconds: float = 900
) -> Run:
    """A worker as installed (two processes) is killed `number` times at random points, and once at each named step."""
    with world(database=database, plan={"seconds": 0.002}) as made:
        invite(mails)
        for step in STEPS:
            made.start_worker(
                sys.executable, "-m", "tools.chaos.worker", step, str(NUMBERS.get(step, 1))
            ).wait(120)
        worker, dice, killed = made.start_worker(), random.Random(7), 0  # noqa: S311 - the same in every run
        while killed < number and not made.is_done():
            time.sleep(dice.uniform(0.1, 0.8))
            if (below := descendants(worker.pid)) and not dice.randrange(4):
                kill(dice.choice(below))
                killed += 1
            elif below:
                kill(below[-1])
                killed += 1
        _finish(made, seconds, stuck)
        yield Promise("kills", f"{killed} at random, {len(STEPS)} at named steps", killed > 0)
        yield promises.nothing_lost(made)
        yield promises.no_silent_duplicates(made)
        yield promises.few_unknown(made, share=0.005 if mails >= 2000 else 0.1)
        yield promises.settled_by_events(made)


def queue(*, mails: int, database: str = "", seconds: float = 180) -> Run:
    """The queue store (all tables of django-q2) is emptied in the middle of a send, and the workers are killed."""
    with world(database=database, plan={"seconds": 0.002}) as made:
        invite(mails)
        worker = made.start_worker()
        made.until(lambda: made.states()["accepted"] >= mails // 4, 120, pause=0.05)
        for pid in [worker.pid, *descendants(worker.pid)]:
            kill(pid)
        worker.wait()
        _release_held(made)
        _empty_the_queue()
        made.start_worker()
        took = made.until(made.is_done, seconds)
        yield Promise("all delivered within 3 minutes of the worker's return", f"{took:.0f} s", took <= 180)
        yield promises.nothing_lost(made)
        yield promises.no_silent_duplicates(made)


def provider(
    *, mails: int, out: list[float], database: str = "", hasty: bool = False, hang_seconds: float = 30
) -> Run:
    """30 % 500, 10 % 429, 5 % hang, 5 % accept-then-drop, and a time of nothing but 503. `hasty` is for the suite."""
    fates = {"500": 0.3, "429": 0.1, "hang": 0.05, "drop": 0.05}
    plan = {"fates": fates, "out": out, "hang_seconds": hang_seconds, "retry_after": 2, "seconds": 0.002}
    with world(database=database, plan=plan) as made:
        invite(mails)
        if hasty:
            for _worker in range(2):
                made.start_worker(sys.executable, "-m", "tools.chaos.worker", "hasty", "0")
        else:
            made.start_worker()
        _finish(made, 6 * 3600, None)
        yield promises.nothing_lost(made)
        yield promises.no_silent_duplicates(made)
        yield promises.dropped_are_unknown(made)
        yield promises.waits_are_kept(made)
        yield promises.settled_by_events(made)


def database(*, mails: int, restarts: int, seconds: float = 900) -> Run:
    """The database server is restarted in the middle of a send; nobody restarts the worker."""
    with cluster() as server, world(database=server.url, plan={"seconds": 0.004}) as made:
        invite(mails)
        worker = made.start_worker()
        for done in range(1, restarts + 1):
            enough = mails * done // (restarts + 2)
            made.until(partial(_has_sent, made, enough), 300, pause=0.05)
            server.restart()
        _finish(made, seconds, None)
        yield Promise("the worker is the one that was started", f"{restarts} restarts", worker.poll() is None)
        yield promises.nothing_lost(made)
        yield promises.no_silent_duplicates(made)


def events(*, number: int, orders: int) -> Run:
    """The provider's events duplicated and shuffled: one final state, whatever the order."""
    with world(database="", plan={}):
        from tools.chaos.events import one_final_state  # models; Django is ready only now

        yield one_final_state(number, orders)


def seats(*, rounds: int, database: str = "") -> Run:
    """64 answers at once for the last seats, on SQLite."""
    with world(database=database, plan={}):
        from tools.chaos import seats as crowd  # models; Django is ready only now

        yield from crowd.rounds(rounds)
        yield crowd.overbooks_without_the_check(max(rounds // 10, 3))


def seats_postgres(*, rounds: int) -> Run:
    """The same on PostgreSQL."""
    with cluster() as server:
        yield from seats(rounds=rounds, database=server.url)


def _has_sent(made: World, mails: int) -> bool:
    return made.states()["accepted"] >= mails


def _finish(made: World, seconds: float, stuck: float | None) -> None:
    """Until no mail waits. `stuck` shortens, for the suite, how long a dead worker's mails are left alone."""
    end = time.monotonic() + seconds
    while not made.is_done():
        if time.monotonic() > end:
            raise TimeoutError(f"not done after {seconds:.0f} s: {dict(made.states())}")
        if stuck is not None and not made.states()["queued"]:
            time.sleep(stuck)
            _release_held(made)
        time.sleep(0.5)


def _release_held(made: World) -> None:
    """What a sweep does with a dead worker's mails, as if the time had passed; only while no worker is busy."""
    from invites.post import moves, outbox

    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    moves.all_mails().filter(state__in=("claimed", "calling")).update(claimed_at=long_ago)
    outbox.sweep()


def _empty_the_queue() -> None:
    from django_q.models import OrmQ, Schedule, Success, Task

    for model in (OrmQ, Task, Success, Schedule):
        model.objects.all().delete()


SCENARIOS: dict[str, Callable[..., Run]] = {
    "kills": kills,
    "queue": queue,
    "provider": provider,
    "database": database,
    "events": events,
    "seats": seats,
    "seats_postgres": seats_postgres,
}


def main(name: str, sizes: dict[str, Any]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever it started ends with it
    for promise in SCENARIOS[name](**sizes):
        print(promise.line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))

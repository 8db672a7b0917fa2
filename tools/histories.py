"""`make fuzz`, second part: what one invitee says on the page, in a calendar and by mail ends in one state, whatever
order the mails come in. FUZZ_HISTORIES (10,000) of them go through the services and a database, each three times: as it
was said, and twice with mails that linger and come twice. `FUZZ_SEED=… FUZZ_HISTORIES=1` shows one again.

The page's answers and the organiser's change of time come in when they are made; a mail comes in at any moment after it
was written. Each answer on the page differs from the one before it on the page: pressing the same button again adds
nothing (ADR 20). Everything happens in a transaction that is rolled back, so one invitation serves all histories.
"""

import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BEGUN = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MINUTES = range(1, 41)
WORKERS = 2
MOST_SHOWN = 10
REPLIES = ("accepted", "accepted", "tentative", "declined")
PARTSTAT = {"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}
WORDS = {"accepted": "Ja", "tentative": "Kanskje", "declined": "Nei"}
NAMES = (None, ("Amina",), ("Bashir", "Carla"))


@dataclass(frozen=True)
class Act:
    """One thing said or done at `minute`. `revision` is how often the time had been moved, as far as it knew."""

    minute: int
    what: str  # web, reply, counter, refresh, words, move
    reply: str = ""
    comment: str = ""
    people: tuple[str, ...] | None = None
    mode: str = ""
    guests: int = 0
    revision: int = 0
    names_the_mail: bool = False


@dataclass(frozen=True)
class Arrival:
    at: dt.datetime
    act: Act
    copy: int = 0


def of_tests(name: str) -> Any:
    """The builders of the tests, which have no types; read once Django is set up."""
    return import_module(f"tests.{name}")


def history(seed: int) -> list[Act]:
    """Two to seven acts, by `seed` alone, in the order in which they were said."""
    chance = random.Random(seed)  # noqa: S311 - a game of chance, not a secret
    minutes = sorted(chance.sample(MINUTES, chance.randint(2, 7)))
    acts: list[Act] = []
    for minute in minutes:
        moved = sum(one.what == "move" for one in acts)
        kinds = ("web", "web", "reply", "reply", "reply", "reply", "words", "counter", "refresh", "move")
        what = chance.choice(kinds if moved < 2 else kinds[:-1])
        acts.append(_act(chance, minute, what, moved))
    return acts


def _act(chance: random.Random, minute: int, what: str, moved: int) -> Act:
    reply, comment = chance.choice(REPLIES), chance.choice(("", "", "Hei"))
    if what == "web":
        people, mode = chance.choice(NAMES), chance.choice(("", "", "in_person", "online"))
        return Act(minute, what, reply, f"{comment} {minute}", people, mode, revision=moved)
    knew = moved if chance.random() < 0.8 else chance.randint(0, moved)
    if what == "words":
        return Act(minute, what, reply, comment, revision=moved, names_the_mail=chance.random() < 0.5)
    guests = chance.choice((0, 0, 0, 1))
    return Act(minute, what, reply, comment, guests=guests if reply == "accepted" else 0, revision=knew)


def as_said(acts: list[Act]) -> list[Arrival]:
    return [Arrival(_moment(act, 0, n), act) for n, act in enumerate(acts)]


def mixed(acts: list[Act], seed: int) -> list[Arrival]:
    """Mails linger and come twice; what is done on the page and by the organiser happens when it happens.

    None comes for the first time after the time was moved: whoever has said no by then is not asked again, so there the
    order of arrival decides, as it does for seats. Copies come at any moment.
    """
    chance = random.Random(seed)  # noqa: S311
    found = []
    for n, act in enumerate(acts):
        lingers = 0 if act.what in ("web", "move") else chance.choice((0, 3, 10, 40))
        moves = [one.minute for one in acts if one.what == "move" and one.minute > act.minute]
        lingers = min(lingers, min(moves, default=1000) - act.minute - 1)
        found.append(Arrival(_moment(act, lingers, n), act))
        if act.what not in ("web", "move") and chance.random() < 0.3:
            found.append(Arrival(_moment(act, lingers + chance.choice((1, 5, 40)), n + 20), act, copy=1))
    return sorted(found, key=lambda one: one.at)


def _moment(act: Act, lingers: int, number: int) -> dt.datetime:
    """What is done is done at the minute; each mail has a second of its own."""
    second = 0 if act.what in ("web", "move") else number + 1
    return BEGUN + dt.timedelta(minutes=act.minute + lingers, seconds=second)


class Stage:
    """A published meeting and an organisation invited to it with three seats, two days before all histories begin."""

    def __init__(self, clock: Any) -> None:
        factories = of_tests("factories")
        kit = of_tests("replies.kit")

        self.clock = clock
        clock.move_to(BEGUN - dt.timedelta(days=2))
        tenant = factories.tenant()
        meeting = factories.event(tenant, online_url="https://video.example/forum")
        person = factories.contact(tenant, name="Ola Nordmann", email="ola@forening.example")
        self.row = factories.invitation(meeting, contact=person, for_organisation=True, quota=3)
        self.mail = kit.sent(self.row, at=BEGUN - dt.timedelta(days=2))
        self.sequences, self.deliveries = [0], [self.mail.delivery_id]

    def end(self, arrivals: list[Arrival]) -> tuple[Any, ...]:
        """The state after these, in this order; the database is as before."""
        from django.db import transaction

        self.sequences, self.deliveries = [0], [self.mail.delivery_id]
        with transaction.atomic():
            for one in arrivals:
                self.clock.move_to(one.at)
                DO[one.act.what](self, one)
            state = self._state()
            transaction.set_rollback(True)
        return state

    def fresh(self) -> Any:
        from invites.invitations.models import Invitation

        rows = Invitation.objects.of(self.row.tenant_id).select_related("event", "contact", "tenant")
        return rows.get(pk=self.row.pk)

    def _state(self) -> tuple[Any, ...]:
        from invites.answers import showing
        from invites.answers.people import named

        row = self.fresh()
        standing = showing.standing(row)
        if row.event.seats_taken != row.seats or (standing and standing.reply) != (row.reply or None):
            return ("seats or standing answer are wrong", row.event.seats_taken, row.seats, row.reply)
        names = tuple(one.name for one in named(row))
        return row.reply, row.mode, row.party, names, standing.comment if standing else "", row.seats

    def web(self, one: Arrival) -> None:
        from invites.answers import services as answers
        from invites.answers.people import Person

        act = one.act
        answers.answer(
            self.fresh(),
            reply=act.reply,
            comment=act.comment,
            source="web",
            people=None if act.people is None else tuple(map(Person, act.people)),
            mode=act.mode if act.reply == "accepted" else "",
        )

    def letter(self, one: Arrival) -> None:
        from invites.replies.services import receive

        receive(b"Received: from relay %d\r\n" % one.copy + self._raw(one.act))

    def _raw(self, act: Act) -> bytes:
        kit = of_tests("replies.kit")

        said = BEGUN + dt.timedelta(minutes=act.minute)
        if act.what == "words":
            headers = [f"Date: {said:%a, %d %b %Y %H:%M:%S +0000}"]
            if act.names_the_mail:
                headers.append(f"In-Reply-To: <{self.deliveries[act.revision]}@{kit.DOMAIN}>")
            text: bytes = kit.text(self.row, f"{WORDS[act.reply]}\r\n\r\n{act.comment}\r\n", headers=headers)
            return text
        more = [f"COMMENT:{act.comment}"] if act.comment else []
        if act.what == "counter":
            more.append(f"DTSTART:{kit.stamp(said + dt.timedelta(days=20))}")
        raw: bytes = kit.reply(
            self.row,
            method="REPLY" if act.what == "reply" else act.what.upper(),
            says=PARTSTAT[act.reply],
            sequence=self.sequences[act.revision],
            at=said,
            params=f";X-NUM-GUESTS={act.guests}" if act.guests else "",
            more=more,
            number=act.minute,
        )
        return raw

    def move(self, one: Arrival) -> None:
        """A day later, said to all who have not said no in a mail that asks again."""
        telling = of_tests("invitations.telling")

        day, event = dt.timedelta(days=1), telling.of(self.row.event)
        moved = telling.change(event, starts_at=event.starts_at + day, ends_at=event.ends_at + day)
        telling.tell(moved, asks_again=True)
        self.sequences.append(moved.sequence)
        rows = type(self.mail).objects.of(self.row.tenant_id).filter(series="invitation", kind="update")
        rows.filter(state="queued").update(state="accepted", settled_at=one.at)
        newest = rows.filter(revision=moved.sequence).first()
        self.deliveries.append(newest.delivery_id if newest else self.deliveries[-1])


DO: dict[str, Callable[[Stage, Arrival], None]] = {
    "web": Stage.web,
    "move": Stage.move,
    "reply": Stage.letter,
    "counter": Stage.letter,
    "refresh": Stage.letter,
    "words": Stage.letter,
}


def judge(stage: Stage, seed: int) -> str:
    """How the states of one history differ; "" when they do not."""
    acts = history(seed)
    ends = [stage.end(as_said(acts)), *(stage.end(mixed(acts, seed * 2 + n)) for n in range(2))]
    return "" if len(set(ends)) == 1 else " / ".join(map(str, ends))


def run(first: int, cases: int) -> list[tuple[int, str]]:
    """The seeds of histories that end in more than one state, and how. Needs a database; leaves it as it was."""
    import time_machine
    from django.db import transaction
    from django.test import override_settings

    travel: AbstractContextManager[Any] = time_machine.travel(BEGUN, tick=False)
    with (
        override_settings(REPLY_DOMAIN=of_tests("replies.kit").DOMAIN),
        travel as clock,
        transaction.atomic(),
    ):
        stage = Stage(clock)
        found = [(seed, judge(stage, seed)) for seed in range(first, first + cases)]
        transaction.set_rollback(True)
    return [(seed, wrong) for seed, wrong in found if wrong]


# --- The run of `make fuzz` -----------------------------------------------------------------------------------------
def main() -> int:
    cases = int(os.environ.get("FUZZ_HISTORIES", "10000"))
    first = int(os.environ.get("FUZZ_SEED", "0")) or random.SystemRandom().randrange(10**9)
    print(f"make fuzz: {cases} histories, seeds from {first}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="moteplass-fuzz-") as folder:
        wrong = _in_processes(Path(folder), first, cases)
    for seed, what in wrong[:MOST_SHOWN]:
        print(f"FAILED seed {seed}: {what}", flush=True)
    end = f"{len(wrong)} end in more than one state" if wrong else "each ends in one state"
    print(f"make fuzz: of {cases} histories {end} ({time.monotonic() - begun:.0f} s)", flush=True)
    return 1 if wrong else 0


def _in_processes(folder: Path, first: int, cases: int) -> list[tuple[int, str]]:
    """A database for each, so that none waits for another."""
    made = folder / "made.sqlite3"
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=_env(made), check=True)
    started, share = [], -(-cases // WORKERS)
    for n in range(WORKERS):
        own, begin = folder / f"{n}.sqlite3", first + n * share
        shutil.copy(made, own)
        part = [str(begin), str(max(0, min(share, first + cases - begin)))]
        command = [sys.executable, "-m", "tools.histories", *part]
        started.append(subprocess.Popen(command, cwd=ROOT, env=_env(own), stdout=subprocess.PIPE))
    outputs = [each.communicate()[0] for each in started]
    if any(each.returncode for each in started):
        raise SystemExit("make fuzz: a process of the histories ended with an error")
    return [(seed, what) for output in outputs for seed, what in json.loads(output)]


def _env(database: Path) -> dict[str, str]:
    facts = {"TESTING": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(database.parent)}
    return {**os.environ, **facts, "DATABASE_URL": f"sqlite:///{database}"}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))

"""`make fuzz`: the reading of mail that comes in, with mails that went wrong on the way: FUZZ_CASES (20,000) of them.
Then histories of answers in any order (histories.py).

Each case is a fixture with a few mutations, made from its seed alone, so `FUZZ_SEED=… FUZZ_CASES=1` shows one again.
It fails on an error, on more than three seconds, on a fact that is none, and on a bounce that became an answer.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invites.replies.said import Sayings

ROOT = Path(__file__).resolve().parents[1]
SLOWEST = 3.0  # seconds of this process, for one mail
DOMAIN = "moteplass.example"
MOST_SHOWN = 20
NASTY = (
    b"\x00", b"\xff\xfe", b"\r", b"\n", b"\r\n\r\n", b"\n ", b"--", b"<>", b"=?utf-8?b?////?=", b"=?x?q?=", b";", b":",
    b'"', b"\\", b"BEGIN:VEVENT\n", b"END:VCALENDAR\n", b"BEGIN:VALARM\n", b"\xe2\x80\xae", b"&#9999999999;", b"<!--",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes, bytes], bytes]


@dataclass(frozen=True)
class Case:
    seed: int
    name: str
    bounce: bool
    raw: bytes


def flip(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    octets = bytearray(raw)
    for _turn in range(chance.randint(1, 6)):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def cut_off(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    return raw[: chance.randint(1, len(raw))]


def leave_out(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randint(1, 60) :] or raw


def splice(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    at, start = chance.randrange(len(raw)), chance.randrange(len(other))
    return raw[:at] + other[start : start + chance.randint(1, 800)] + raw[at + chance.randint(0, 200) :]


def insert(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + chance.choice(NASTY) * chance.choice((1, 1, 1, 2, 50)) + raw[at:]


def repeat(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    start = chance.randrange(len(raw))
    piece = raw[start : start + chance.randint(1, 200)]
    return raw[:start] + piece * chance.choice((2, 3, 100, 1000)) + raw[start:]


def swap_lines(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    for _turn in range(chance.randint(1, 10)):
        one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return head + blank + b"\r\n".join(lines)


def swap_parts(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    head, blank, body = raw.partition(b"\r\n\r\n")
    first = body.split(b"\r\n", 1)[0]
    if not first.startswith(b"--"):
        return raw
    pieces = body.split(first)
    chance.shuffle(pieces)
    return head + blank + first.join(pieces)


MUTATIONS: tuple[Mutation, ...] = (
    flip, cut_off, leave_out, splice, insert, repeat, swap_lines, swap_parts,
)  # fmt: skip


class Fuzz:
    """The mails to begin with. What is spliced into a bounce comes from bounces, or it would rightly be an answer."""

    def __init__(self) -> None:
        from tests.replies import fixtures, test_reports

        self.mails = {name: fixtures.load(name) for name in fixtures.names()}
        self.bounces = {name for name in self.mails if name.startswith("bounce_")}
        for name in test_reports.REPORTS:
            self.mails[name] = (test_reports.FILES / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
            self.bounces.add(name)
        self.names = sorted(self.mails)

    def case(self, seed: int) -> Case:
        chance = random.Random(seed)  # noqa: S311 - a game of chance, not a secret
        name = chance.choice(self.names)
        bounce = name in self.bounces
        raw = self.mails[name]
        for _turn in range(chance.randint(1, 4)):
            other = self.mails[chance.choice(sorted(self.bounces) if bounce else self.names)]
            raw = chance.choice(MUTATIONS)(chance, raw, other) or raw
        return Case(seed, name, bounce, raw)


def judge(case: Case) -> str:
    """What is wrong with how `case` is read; "" when nothing is."""
    from invites.replies.read import read

    begun = time.process_time()
    try:
        found = read(case.raw, domain=DOMAIN, receiver="mx.moteplass.example")
    except Exception as error:  # the very thing that is looked for
        return f"raised {type(error).__name__}"
    if time.process_time() - begun > SLOWEST:
        return "slow"
    if found.problem not in ("", "no headers", "no answer in the calendar", "winmail.dat"):
        return f"swallowed {found.problem}"
    if case.bounce and (found.sayings.calendars or found.sayings.words.exact):
        return "a bounce became an answer"
    return _no_fact(found.sayings)


def _no_fact(said: "Sayings") -> str:
    if said.words.exact and not said.words.reply:
        return "an exact word that says nothing"
    for one in said.calendars:
        moments = (one.stamped_at, one.proposed_start, one.proposed_end)
        if any(moment and moment.utcoffset() is None for moment in moments):
            return "a moment without a zone"
        if not 0 <= one.sequence < 2**31 or not 0 <= one.guests < 1000 or len(one.comment) > 2000:
            return "a number or a text without bounds"
    return ""


def run(first: int, cases: int, fuzz: Fuzz) -> list[tuple[Case, str]]:
    found = ((case, judge(case)) for case in map(fuzz.case, range(first, first + cases)))
    return [(case, wrong) for case, wrong in found if wrong]


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("TESTING", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    cases = int(os.environ.get("FUZZ_CASES", "20000"))
    first = int(os.environ.get("FUZZ_SEED", "0")) or random.SystemRandom().randrange(10**9)
    print(f"make fuzz: {cases} mails, seeds from {first}", flush=True)
    begun = time.monotonic()
    wrong = run(first, cases, Fuzz())
    for case, what in wrong[:MOST_SHOWN]:
        print(f"FAILED seed {case.seed} ({case.name}): {what}", flush=True)
    kinds = ", ".join(f"{count} x {what}" for what, count in Counter(what for _case, what in wrong).items())
    print(f"make fuzz: {kinds or 'all well'} ({time.monotonic() - begun:.0f} s)", flush=True)
    from tools import histories

    return histories.main() or (1 if wrong else 0)


if __name__ == "__main__":
    sys.exit(main())

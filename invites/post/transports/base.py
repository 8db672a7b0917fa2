"""What every transport does: make a message of a letter, hand it over, say what came of it."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from invites.post.letters import Letter
from invites.post.problems import Problem, note

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")


class Fate(Enum):
    ACCEPTED = "the provider has it"
    REFUSED = "the provider said no, for good"
    LATER = "the provider does not have it; try again"
    UNKNOWN = "handed over, without an answer"


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    `pause` says that the transport itself is in trouble: the whole lane waits. `strain` says that it may be: the lane
    waits when it happens several times in a row.
    """

    fate: Fate
    provider_id: str = ""
    problem: str = ""
    wait: dt.timedelta | None = None  # how long the provider asked us to wait
    pause: bool = False
    strain: bool = False


class Transport(Protocol):
    """`name` is that of its lane, as MAIL_TRANSPORT says it."""

    name: str

    def prepare(self, letter: Letter) -> bytes:
        """The message as it goes over the wire. Raises ValueError for a letter that cannot be sent at all."""

    def send(self, letter: Letter, wire: bytes) -> Outcome:
        """One call to the provider. Network trouble is an outcome, never an exception."""

    def close(self) -> None: ...


class MailNotSent(OSError):
    """A mail that had to go at once did not (sign-in codes)."""


def accepted(provider_id: str = "") -> Outcome:
    return Outcome(Fate.ACCEPTED, provider_id=provider_id[:200])


def refused(detail: str, problem: Problem = Problem.REFUSED) -> Outcome:
    return Outcome(Fate.REFUSED, problem=note(problem, detail))


def later(
    detail: str,
    problem: Problem = Problem.UNREACHABLE,
    *,
    pause: bool = True,
    strain: bool = False,
    wait: dt.timedelta | None = None,
) -> Outcome:
    return Outcome(Fate.LATER, problem=note(problem, detail), wait=wait, pause=pause, strain=strain)


def unknown(detail: str, *, pause: bool = False) -> Outcome:
    return Outcome(Fate.UNKNOWN, problem=note(Problem.NO_ANSWER, detail), pause=pause, strain=True)


def plain_address(address: str) -> str:
    """`address` with its domain in ASCII. Raises ValueError for anything a header or envelope cannot hold as it is."""
    local, _at, domain = address.rpartition("@")
    plain = f"{local}@{domain.encode('idna').decode('ascii')}" if not domain.isascii() else address
    if not ADDRESS.fullmatch(plain):
        raise ValueError("the address cannot be used")
    return plain

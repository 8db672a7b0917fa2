"""One worker's round: claim -> compose -> `calling` -> hand over -> settle, mail by mail, until nothing is due."""

import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from invites.post import calling, lanes, moves, series
from invites.post.composing import LOST, Ready, ready
from invites.post.leash import let_go
from invites.post.letters import Letter
from invites.post.models import OutgoingMail
from invites.post.transports.base import Fate, Outcome, Transport, unknown

log = logging.getLogger(__name__)
STRAIN = 3  # calls in a row that failed: then the lane pauses
SOON = dt.timedelta(seconds=5)  # when a mail's older sister is in a call, and this one must wait for it
RESCUE_SECONDS = 20.0  # how long a worker tries to write down what it knows when the database went away
NAP = 0.2
BEGUN = "the meeting has begun"


class Round:
    """Any number of workers may be in one at once, and one mail goes out once. For one `run`."""

    def __init__(
        self, transport: Transport, *, batch: int, seconds: float, ids: Iterable[int] | None = None
    ) -> None:
        self.transport, self.lane, self.me = transport, transport.name, moves.holder()
        self.batch, self.until = batch, time.monotonic() + seconds
        self.ids = None if ids is None else list(ids)
        self.handed_over = self.strain = 0
        self.probing = False
        self.marked: OutgoingMail | None = None  # may be `calling` in the database, and is not called yet
        self.done: tuple[OutgoingMail, Letter, Outcome] | None = None  # called, and not settled yet

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until or let_go()

    def run(self) -> int:
        """How many mails were handed over. Ends cleanly when the database goes away; the sweeper finds the rest."""
        try:
            while not self.is_over and self._step():
                pass
        except LOST as error:
            log.warning("the database went away in a round of the outbox: %s", type(error).__name__)
            self._rescue()
        return self.handed_over

    def _step(self) -> bool:
        """One batch, or a wait for the lane. False when nothing is due, or the pause is longer than the round."""
        way = lanes.way(self.lane, by=self.me)
        if way.wait:
            return self._wait(way.wait)
        self.probing = way.probing
        mails = moves.claim(1 if way.probing else self.batch, by=self.me, ids=self.ids)
        if mails:
            self._hand_over(deque(ready(mails, self.transport)))
        if way.probing:
            lanes.leave(self.lane, by=self.me)
        return bool(mails)

    def _wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        if end > self.until:
            return False
        while time.monotonic() < end and not self.is_over:
            time.sleep(min(NAP, seconds))
        return True

    def _hand_over(self, waiting: deque[Ready]) -> None:
        while waiting and not self.is_over:
            mail, letter, wire = waiting[0]
            if letter.useless_from and letter.useless_from <= timezone.now():
                moves.withhold([mail], moves.State.CANCELLED, BEGUN)
            elif self._begin(mail):
                self._call(mail, letter, wire)
            elif self._is_closed_for(mail):
                break
            waiting.popleft()
        self._settle()
        moves.put_back([mail for mail, _letter, _wire in waiting])

    def _begin(self, mail: OutgoingMail) -> bool:
        """The commit before the call. It settles the call before, too."""
        done = (self.done[0], self.done[2].provider_id) if self.done else None
        self.marked = mail
        begun = calling.begin(mail, lane=self.lane, done=done)
        self.marked = self.done = None
        return begun

    def _is_closed_for(self, mail: OutgoingMail) -> bool:
        """Why `mail` may not be called: the lane is closed, or it is settled here what becomes of it."""
        if not moves.is_mine(mail):
            return False
        if series.newer_exists(mail):
            moves.withhold([mail], moves.State.SUPERSEDED, series.NEWER)
            return False
        if series.being_called(mail):
            moves.put_back([mail], wait=SOON)
            return False
        return True

    def _call(self, mail: OutgoingMail, letter: Letter, wire: bytes) -> None:
        try:
            outcome = self.transport.send(letter, wire)
        except Exception:
            log.exception("a transport broke while it handed over mail %s", mail.delivery_id)
            outcome = unknown("the program broke", pause=True)
        self.handed_over += 1
        self.done = (mail, letter, outcome)
        self.strain = self.strain + 1 if outcome.strain else 0
        if outcome.fate is not Fate.ACCEPTED or self.probing:
            self._settle()

    def _settle(self) -> None:
        """Writes what came of the last call, and what it means for the lane, in a commit of its own."""
        if self.done is None:
            return
        mail, letter, outcome = self.done
        with transaction.atomic():
            moves.settle(mail, outcome, give_up_at=letter.give_up_at)
            if outcome.pause or self.strain >= STRAIN or (self.probing and outcome.strain):
                lanes.pause(self.lane, wait=outcome.wait, problem=outcome.problem)
                self.strain = 0
            elif self.probing:
                lanes.open_up(self.lane, by=self.me)
        self.done = None

    def _rescue(self) -> None:
        """Settles the last call and puts the other mails back as soon as the database answers again."""
        until = time.monotonic() + RESCUE_SECONDS
        while True:
            connection.close()
            try:
                with transaction.atomic():
                    self._settle()
                    moves.put_back_all(self.me, marked=self.marked)
            except LOST:
                if time.monotonic() > until or let_go():
                    log.exception("the database stayed away; the sweeper will find the mails")
                    return
                time.sleep(NAP)
            else:
                return

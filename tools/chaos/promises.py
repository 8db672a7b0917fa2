"""What must be true afterwards, whatever was broken: one line a promise."""

import json
from dataclasses import asdict, dataclass

from tools.chaos.world import World

SETTLED = {"accepted", "unknown"}


@dataclass(frozen=True)
class Promise:
    what: str
    found: str
    kept: bool

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def nothing_lost(made: World) -> Promise:
    """Each mail was taken by the provider, or its row says that nobody knows."""
    mails, taken = made.mails(), made.taken()
    lost = [
        delivery
        for delivery, state in mails.items()
        if state not in SETTLED or (state == "accepted" and not taken[delivery])
    ]
    return Promise("no mail lost", f"{len(lost)} of {len(mails)}", not lost)


def no_silent_duplicates(made: World) -> Promise:
    """What the provider took twice must be marked as unknown, so that a person looks."""
    mails = made.mails()
    twice = [
        delivery for delivery, times in made.taken().items() if times > 1 and mails.get(delivery) != "unknown"
    ]
    return Promise("no mail sent twice in silence", f"{len(twice)} of {len(mails)}", not twice)


def few_unknown(made: World, *, share: float) -> Promise:
    mails = made.mails()
    unknown = sum(state == "unknown" for state in mails.values())
    found = f"{unknown} of {len(mails)} ({100 * unknown / max(len(mails), 1):.2f} %)"
    return Promise(f"at most {100 * share:.1f} % of unknown fate", found, unknown <= share * len(mails))


def dropped_are_unknown(made: World) -> Promise:
    """A mail that the provider took without an answer is never called sent, and never sent again."""
    mails = made.mails()
    dropped = {one["id"] for one in made.requests() if one["fate"] == "drop"}
    wrong = [delivery for delivery in dropped if mails.get(delivery) != "unknown"]
    return Promise("accept-then-drop ends as unknown", f"{len(wrong)} wrong of {len(dropped)}", not wrong)


def waits_are_kept(made: World) -> Promise:
    """Between a 429 and the moment it named, one request at most: the one that was under way."""
    most, inside, windows = 0, 0, 0
    for one in made.requests():
        inside = inside + 1 if one["window"] else 0
        windows += one["fate"] == "429"
        most = max(most, inside)
    return Promise("at most one request in a 429 window", f"{most} at most in {windows} windows", most <= 1)


def settled_by_events(made: World, *, seed: int = 1) -> Promise:
    """The provider tells of all it took, twice and in any order: no mail that it took stays unknown."""
    from tools.chaos.events import tell_all

    taken = made.taken()
    tell_all(list(taken), seed=seed)
    left = [delivery for delivery, state in made.mails().items() if state == "unknown" and taken[delivery]]
    rest = sum(state == "unknown" for state in made.mails().values())
    found = f"{len(left)} left; {rest} that the provider never got wait for the organiser"
    return Promise("unknown mails that the provider took are settled by its events", found, not left)

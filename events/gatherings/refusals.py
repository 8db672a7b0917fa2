"""What the services refuse, with a sentence for the person who asked."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NotAllowed(Exception):
    """The event's state does not allow it now. `str()` is a sentence in the active language."""


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the event after this form was opened; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this meeting since you opened the page."))


class TooFewSeats(NotAllowed):
    """The number of seats is below those already taken; nothing was written."""

    def __init__(self, taken: int) -> None:
        self.taken = taken
        super().__init__(
            ngettext(
                "%(taken)s seat is taken. Keep at least that number, or choose who goes to the waiting list.",
                "%(taken)s seats are taken. Keep at least that number, or choose who goes to the waiting list.",
                taken,
            )
            % {"taken": taken}
        )


class NotPublishable(NotAllowed):
    """The event lacks what a published one must have: `errors` has a sentence for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))

"""What the services refuse, with a sentence for the person who asked."""

from django.utils.translation import gettext as _


class NotAllowed(Exception):
    """The state of the event or the minutes does not allow it now. `str()` is a sentence in the active language."""


class Frozen(TypeError):
    """A programming error: approved minutes never change (rule 9), and a correction is a new version."""


class Locked(NotAllowed):
    """The minutes are waiting for approval or approved; nothing was written."""

    def __init__(self, *, approved: bool) -> None:
        self.approved = approved
        super().__init__(
            _("These minutes are approved and can no longer be changed.")
            if approved
            else _("These minutes are waiting for approval. They can be changed again if they are sent back.")
        )


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the minutes after this form was opened; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has saved these minutes since you opened the page."))


class IdentityNumber(NotAllowed):
    """A text holds a national identity number (rule 6); nothing was written. `section` and `field` say where."""

    def __init__(self, section: str, field: str) -> None:
        self.section, self.field = section, field
        super().__init__(_("Minutes cannot hold a national identity number. Describe the matter without it."))

"""Why a change to a campaign was not made. The text is for the person who asked for it."""


class Refused(Exception):
    """`str` of it is in the language that was active when it was raised."""


class AlreadyJoined(Refused):
    """The tenant takes part already."""


class AlreadyLinked(Refused):
    """The event is in this campaign already."""


class NotNow(Refused):
    """The state of the campaign or of the participation does not allow it."""

"""The states of a campaign and of those who are asked to take part, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("under way")
    CLOSED = "closed", _("ended")


SUCCESSORS: dict[str, frozenset[str]] = {
    CampaignState.DRAFT: frozenset({CampaignState.OPEN}),
    CampaignState.OPEN: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset(),
}


class ParticipationState(models.TextChoices):
    ASKED = "asked", _("asked, no answer yet")
    JOINED = "joined", _("takes part")
    DECLINED = "declined", _("said no")
    LEFT = "left", _("left")
    WITHDRAWN = "withdrawn", _("no longer asked")
    LISTED = "listed", _("listed by name")


# The coordinator asks, lists and withdraws; the tenant itself joins, declines and leaves.
AFTER: dict[str, frozenset[str]] = {
    ParticipationState.ASKED: frozenset(
        {ParticipationState.JOINED, ParticipationState.DECLINED, ParticipationState.WITHDRAWN}
    ),
    ParticipationState.JOINED: frozenset({ParticipationState.LEFT}),
    ParticipationState.DECLINED: frozenset({ParticipationState.JOINED, ParticipationState.ASKED}),
    ParticipationState.LEFT: frozenset({ParticipationState.JOINED, ParticipationState.ASKED}),
    ParticipationState.WITHDRAWN: frozenset({ParticipationState.ASKED, ParticipationState.LISTED}),
    ParticipationState.LISTED: frozenset({ParticipationState.WITHDRAWN}),
}
TAKING_PART = (ParticipationState.JOINED, ParticipationState.LISTED)


def before(state: str) -> list[str]:
    """The states of a participation that `state` may follow."""
    return [earlier for earlier, later in AFTER.items() if state in later]

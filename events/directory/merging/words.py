"""What follows a row into another one, in words; models are known by label, so that none is imported."""

from typing import Any

from django.utils.translation import ngettext, ngettext_lazy

# A model without words of its own is counted among the other entries.
WORDS: dict[str, Any] = {
    "events.contact": ngettext_lazy("%(number)d contact", "%(number)d contacts", "number"),
    "events.contacttag": ngettext_lazy("%(number)d tag", "%(number)d tags", "number"),
    "events.groupmember": ngettext_lazy("%(number)d group", "%(number)d groups", "number"),
    "events.networkmember": ngettext_lazy(
        "%(number)d membership in a network", "%(number)d memberships in networks", "number"
    ),
    "events.organisationtag": ngettext_lazy("%(number)d tag", "%(number)d tags", "number"),
    "events.eventhost": ngettext_lazy(
        "%(number)d meeting it hosts", "%(number)d meetings it hosts", "number"
    ),
    "events.standingitem": ngettext_lazy("%(number)d standing item", "%(number)d standing items", "number"),
    "events.organisation": ngettext_lazy(
        "%(number)d organisation below or before it", "%(number)d organisations below or before it", "number"
    ),
    "events.organisationalias": ngettext_lazy("%(number)d other name", "%(number)d other names", "number"),
    "events.plan": ngettext_lazy("%(number)d plan it owns", "%(number)d plans it owns", "number"),
    "events.responsibility": ngettext_lazy(
        "%(number)d part in a measure", "%(number)d parts in measures", "number"
    ),
    "invites.invitation": ngettext_lazy(
        "%(number)d invitation with its answers", "%(number)d invitations with their answers", "number"
    ),
    "minutes.actionitem": ngettext_lazy("%(number)d action point", "%(number)d action points", "number"),
}


def counted(numbers: dict[str, int]) -> list[str]:
    """`numbers` by model label as a list such as ["3 invitations with their answers", "1 action point"]."""
    told = [str(WORDS[label] % {"number": number}) for label, number in numbers.items() if label in WORDS]
    rest = sum(number for label, number in numbers.items() if label not in WORDS)
    if rest:
        told.append(ngettext("%(number)d other entry", "%(number)d other entries", rest) % {"number": rest})
    return told

"""What is new in words: old and new, time and place, as far as an audience may know. In the active language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.revisions import as_it_was
from events.gatherings.visibility import Audience, seen
from invites.invitations import words


@dataclass(frozen=True)
class Change:
    """`old` and `new` as they are told; `old` is "" when only that it is new may be told."""

    label: str
    old: str
    new: str

    def in_words(self) -> str:
        if not self.old:
            return f"{self.label}: {self.new}"
        return _("%(label)s: %(new)s (before: %(old)s)") % {
            "label": self.label,
            "new": self.new,
            "old": self.old,
        }


def changes(event: Event, *, since: int, audience: Audience) -> list[Change]:
    """How `event` differs from what it was in the revision `since`; needs `event.tenant`. One query."""
    before = as_it_was(event, since)
    was, now = seen(before, audience), seen(event, audience)
    all_was, all_now = seen(before, Audience.ORGANISER), seen(event, Audience.ORGANISER)
    zone = event.tenant.time_zone
    when = Change(_("When"), words.when(was, reader_zone=zone), words.when(now, reader_zone=zone))
    later, anew = _later(words.place_opens(now)), all_was.online_url != all_now.online_url
    where = _part(_("Where"), was.place, now.place, hidden=all_was.place != all_now.place, later=later)
    online = _part(_("Online"), was.online_url, now.online_url, hidden=anew, later=later)
    return [each for each in (when if when.old != when.new else None, where, online) if each]


def _later(opens: str) -> str:
    if opens:
        return _("New. It is told to those who come, from %(when)s.") % {"when": opens}
    return _("New. It is shown when you have said yes.")


def _part(label: str, old: str, new: str, *, hidden: bool, later: str) -> Change | None:
    """`hidden`: something is new there that this audience may not know yet; `later` says when it will."""
    if old != new:
        return Change(label, old, new or _("no longer given"))
    return Change(label, "", later) if hidden else None

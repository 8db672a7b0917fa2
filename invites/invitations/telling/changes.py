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
    all_was, all_now = seen(before, Audience.ACCEPTED), seen(event, Audience.ACCEPTED)
    zone = event.tenant.time_zone
    when = Change(_("When"), words.when(was, reader_zone=zone), words.when(now, reader_zone=zone))
    where = _part(_("Where"), was.place, now.place, hidden=all_was.place != all_now.place)
    online = _part(
        _("Online"), was.online_url, now.online_url, hidden=all_was.online_url != all_now.online_url
    )
    return [each for each in (when if when.old != when.new else None, where, online) if each]


def _part(label: str, old: str, new: str, *, hidden: bool) -> Change | None:
    """`hidden`: something is new there that this audience may not know yet."""
    if old != new:
        return Change(label, old, new or _("no longer given"))
    return Change(label, "", _("New. It is shown when you have said yes.")) if hidden else None

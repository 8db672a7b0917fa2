"""The mail that tells those who come the exact place once it opens. Kind "place": subject = the invitation.

Its REQUEST has the UID and SEQUENCE of the invitation and a later DTSTAMP: no material change (rule 8), so calendars
take over the place and keep the answer.
"""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from events.gatherings.visibility import Audience, place_is_open, seen
from invites.invitations import imip, notices, wording
from invites.invitations.notices import GONE, OFF, WHY, Case, Paper, audience_of
from invites.post.letters import Composed, Withheld, register
from invites.post.models import OutgoingMail

KIND = "place"
NEWER = ("update", "cancellation")  # what is said later about the same invitation holds the place too
State = OutgoingMail.State


def compose(mails: Sequence[OutgoingMail]) -> dict[int, Composed]:
    """Letters by the mail's id, in seven queries. Withheld: off, not coming any more, closed again, or said anew."""
    found, newer = notices.cases(mails), _newer(mails)
    papers: dict[tuple[int, str], Paper] = {}
    composed: dict[int, Composed] = dict.fromkeys((mail.pk for mail in mails), GONE)
    for pk, case in found.items():
        if reason := _why_not(case, newer):
            composed[pk] = reason
            continue
        key = (case.event.pk, case.invitation.language)
        if key not in papers:
            papers[key] = paper(case.event, case.invitation.language)
        mail = case.mail
        composed[pk] = papers[key].letter(case.invitation, to=mail.to_address, delivery_id=mail.delivery_id)
    return composed


def paper(event: Event, language: str) -> Paper:
    """What all get who read the same language."""
    with translation.override(language):
        shown = seen(event, Audience.ACCEPTED)
        stamp = max(event.changed_at, event.place_told_at or event.changed_at)
        said = wording.Wording(
            _("Where we meet: {title}, {day}"),
            _("Hello {name},\n\nyou have said that you come. {sender} can now tell you the exact place:"),
        )
        told = notices.facts(event, shown, said) | {"late": event.answers_closed}
        return notices.paper(event, KIND, told, imip.request(shown, changed_at=stamp))


def _why_not(case: Case, newer: dict[int, int]) -> Withheld | None:
    if reason := notices.off(case):
        return reason
    audience = audience_of(case.invitation)
    if audience < Audience.ACCEPTED:
        return Withheld(OFF, "not coming any more")
    if not place_is_open(case.event, Audience.ACCEPTED):
        return Withheld(OFF, "the place is not told yet")
    if newer.get(case.invitation.pk, 0) > case.mail.pk:
        return Withheld(State.SUPERSEDED, "a newer mail says it")
    return None


def _newer(mails: Sequence[OutgoingMail]) -> dict[int, int]:
    """The newest other mail that says where, by the invitation's id."""
    rows = OutgoingMail.objects.across_tenants(WHY).filter(
        kind__in=NEWER, subject_id__in=[mail.subject_id for mail in mails]
    )
    in_use = rows.exclude(state__in=(State.CANCELLED, State.SUPERSEDED, State.FAILED))
    return dict(in_use.order_by("pk").values_list("subject_id", "pk"))


def _names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return notices.names(mails, _("The exact place: %(title)s"))


register(KIND, compose, namer=_names, series=KIND)

"""What is promised to an invitee about who sees the answer, in words made from the event's matrix (ADR 24).

The same sentences stand in the mails and on the page, before anything is answered. In the active language.
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from events.gatherings.matrix.promised import Promised, register_invitees
from events.gatherings.models import Event
from events.gatherings.visibility import Audience, sight
from invites.invitations.models import Invitation

BELOW_US = (Audience.PUBLIC, Audience.INVITED, Audience.ACCEPTED, Audience.CO_HOST)


def who_sees(event: Event, *, for_organisation: bool = False) -> Iterator[str]:
    """A sentence for each audience that sees something more than the one before it; none while all is the organiser's.

    Of an organisation that sends people only the organisation is told, whoever they are.
    """
    before: frozenset[str] = frozenset()
    for audience in BELOW_US:
        sees = sight(event, audience) - {"count"}
        if for_organisation:
            sees &= {"organisation"}
        new = sees - before
        if new:
            yield _sentence(audience, _all(sees if "answer" in new else new, sees), maybe="answer" in sees)
        before = sees


def in_mail(event: Event) -> str:
    """For the end of a mail, as one paragraph."""
    told = list(who_sees(event))
    if not told:
        return _("Other invitees cannot see that you are invited or what you answer.")
    return " ".join([_("As long as you have not said yes, other invitees cannot see you."), *told])


def count_told(event: Event) -> str:
    """Who is told how many come; "" when nobody but the organiser is."""
    sentences = {
        Audience.PUBLIC: _("Everybody can see how many come, once there are five or more."),
        Audience.INVITED: _("All who are invited can see how many come, once there are five or more."),
        Audience.ACCEPTED: _("Those who come can see how many come, once there are five or more."),
        Audience.CO_HOST: _("The hosts can see how many come, once there are five or more."),
    }
    return sentences.get(Audience(event.count_for), "")


def ex_officio(event: Event) -> list[str]:
    """Who takes part by virtue of an office, a sentence each."""
    found = []
    if event.police_attends:
        found.append(_("The police take part in this meeting."))
    if event.press_attends:
        found.append(_("The press takes part in this meeting."))
    if event.ex_officio:
        found.append(_("By virtue of their office these take part too: %(who)s.") % {"who": event.ex_officio})
    return found


def _sentence(audience: Audience, what: str, *, maybe: bool) -> str:
    when = _("If you answer yes or maybe") if maybe else _("If you answer yes")
    sentences = {
        Audience.PUBLIC: _("%(when)s, everybody can see %(what)s."),
        Audience.INVITED: _("%(when)s, all who are invited can see %(what)s."),
        Audience.ACCEPTED: _("%(when)s, those who come can see %(what)s."),
        Audience.CO_HOST: _("%(when)s, those of the hosts who come can see %(what)s."),
    }
    return sentences[audience] % {"when": when, "what": what}


def _all(fields: Iterable[str], sees: frozenset[str]) -> str:
    """ "your name, your organisation and your role" """
    organisation = _("your organisation") if "name" in sees else _("your organisation, but not your name")
    names = {
        "name": _("your name"),
        "organisation": organisation,
        "role": _("your role"),
        "contact": _("your e-mail address and telephone number"),
        "answer": _("what you answered"),
    }
    *first, last = (name for field, name in names.items() if field in fields)
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _promised(event: Event) -> Promised:
    rows = Invitation.objects.of(event.tenant_id).valid().filter(event=event)
    return Promised(rows.count(), rows.exclude(reply="").count())


register_invitees(_promised)

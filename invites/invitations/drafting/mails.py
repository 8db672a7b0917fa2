"""The test to oneself. Kind "trial": subject = the trial. The very mail, marked, with links that lead nowhere.

The calendar part is left out: a client would put the meeting into the sender's own calendar by itself.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from events.gatherings.models import Event
from invites.invitations import mails
from invites.invitations.drafting.models import TrialMail
from invites.invitations.notices import WHY
from invites.post import subjects
from invites.post.letters import Address, Letter, Withheld, register
from invites.post.models import OutgoingMail

KIND = "trial"


def compose_trials(rows: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    """Letters by the mail's id. Withheld: what nobody can be invited to any more."""
    trials = _trials(rows)
    return {row.pk: _letter(row, trials.get(row.subject_id)) for row in rows}


def _letter(row: OutgoingMail, trial: TrialMail | None) -> Letter | Withheld:
    if trial is None or trial.tenant_id != row.tenant_id:
        return Withheld(OutgoingMail.State.CANCELLED, "the test is gone")
    if trial.event.state != Event.State.PUBLISHED or trial.event.has_begun:
        return Withheld(OutgoingMail.State.CANCELLED, "the event is not on")
    letter = mails.preview(trial.event, trial.contact, note=trial.note, quota=trial.quota)
    me = Address(row.to_address, trial.asked_by.name)
    with translation.override(letter.language):
        subject = _("Test: %(subject)s") % {"subject": letter.subject}
    return replace(
        letter, to=me, reply_to=me, subject=subject, delivery_id=row.delivery_id, calendar=b"", method=""
    )


def _trials(rows: Sequence[OutgoingMail]) -> dict[int, TrialMail]:
    found = TrialMail.objects.across_tenants(WHY).select_related(
        "event__tenant", "contact__organisation", "asked_by"
    )
    return {trial.pk: trial for trial in found.filter(pk__in=[row.subject_id for row in rows])}


def names(rows: Sequence[OutgoingMail]) -> dict[int, str]:
    trials = _trials(rows)
    titles = {pk: trial.event.title for pk, trial in trials.items()}
    return {
        row.pk: _("Test of the invitation: %(title)s") % {"title": titles.get(row.subject_id, "–")}
        for row in rows
    }


register(KIND, compose_trials, namer=names)
subjects.register(KIND, TrialMail, event="event")  # it goes to a member of staff

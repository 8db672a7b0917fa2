"""What minutes hold about a person: attendance and action points. Approved minutes stay as they are (rule 9)."""

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.dates import VagueDate
from events.directory.models import Contact
from events.gatherings.models import Event
from events.tokens import new_nonce
from invites.answers.own import holdings
from invites.answers.own.holdings import Entry, Section
from invites.answers.own.sections import title_of
from minutes.records.actions.models import ActionChange, ActionItem
from minutes.records.models import Attendance, Minutes, Outcome


def show(contact: Contact) -> Iterator[Section]:
    yield Section("attendance", _("Minutes you are in"), tuple(_attendance(contact)), _("the minute-taker"))
    yield Section("action_points", _("Action points"), tuple(_actions(contact)), _("the minute-taker"))


def forget(contact: Contact) -> Mapping[str, int]:
    """Writes by UPDATE, and only in minutes that are not approved. What lives on as an action point is nobody's then:
    its link is dead, and what the person wrote from it is gone.
    """
    unapproved = Minutes.objects.of(contact.tenant_id).exclude(state=Minutes.State.APPROVED).values("pk")
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    rows = Attendance.objects.of(contact.tenant_id).filter(
        invitation__contact=contact, minutes__in=unapproved
    )
    replaced = Attendance.objects.of(contact.tenant_id).filter(
        invitation__stands_in_for__contact=contact, minutes__in=unapproved
    )
    replaced.exclude(substitute_for="").update(substitute_for=nobody)
    written = Outcome.objects.of(contact.tenant_id).filter(owner_contact=contact, minutes__in=unapproved)
    actions = ActionItem.objects.of(contact.tenant_id).filter(owner_contact=contact)
    said = ActionChange.objects.of(contact.tenant_id).filter(
        action__in=actions.values("pk"), source=ActionChange.Source.OWNER
    )
    return {
        "attendance": rows.update(name=nobody, organisation="", organisation_kind=""),
        "answers about action points": said.update(note=""),
        "action points": written.update(owner=nobody)
        + actions.update(owner=nobody, nonce=new_nonce(), token_hash=None, link_expires_at=None),
    }


def _attendance(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = Attendance.objects.of(contact.tenant_id).filter(invitation__contact=contact)
    for row in rows.select_related("minutes__event"):
        approved = row.minutes.state == Minutes.State.APPROVED
        yield (
            Entry("meeting", _("Meeting"), title_of(row.minutes.event)),
            Entry("name", _("Name"), row.name),
            Entry("organisation", _("Organisation"), row.organisation),
            Entry("attendance", _("Attendance"), row.get_status_display()),
            Entry("instead_of", _("Instead of"), row.substitute_for),
            Entry("approved", _("Approved, and kept for good"), _("yes") if approved else ""),
        )


def _actions(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    """What was decided, and what stands in minutes that are not approved yet and binds nobody."""
    rows = Outcome.objects.of(contact.tenant_id).filter(owner_contact=contact)
    for row in rows.filter(action__isnull=True).select_related("minutes__event"):
        yield _action(row.minutes.event, row.owner, row.text, row.due)
    decided = ActionItem.objects.of(contact.tenant_id).filter(owner_contact=contact)
    for one in decided.select_related("outcome__minutes__event").prefetch_related("history"):
        said = [c.note for c in one.history.all() if c.source == ActionChange.Source.OWNER and c.note]
        yield (
            *_action(one.outcome.minutes.event, one.owner, one.text, one.due),
            Entry("reminded", _("Reminded on"), one.reminded_on),
            Entry("said", _("What you wrote about it"), said),
        )


def _action(meeting: Event, owner: str, text: str, due: VagueDate | None) -> tuple[Entry, ...]:
    return (
        Entry("meeting", _("Meeting"), title_of(meeting)),
        Entry("who", _("Who"), owner),
        Entry("what", _("What"), text),
        Entry("by_when", _("By when"), due.words() if due else ""),
    )


holdings.register(show, forget)

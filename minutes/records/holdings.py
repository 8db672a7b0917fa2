"""What minutes hold about a person: attendance and action points. Approved minutes stay as they are (rule 9)."""

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own import holdings
from invites.answers.own.holdings import Entry, Section
from invites.answers.own.sections import title_of
from minutes.records.models import ActionItem, Attendance, Minutes


def show(contact: Contact) -> Iterator[Section]:
    yield Section("attendance", _("Minutes you are in"), tuple(_attendance(contact)), _("the minute-taker"))
    yield Section("action_points", _("Action points"), tuple(_actions(contact)), _("the minute-taker"))


def forget(contact: Contact) -> Mapping[str, int]:
    """Writes by UPDATE, and only in minutes that are not approved."""
    unapproved = Minutes.objects.of(contact.tenant_id).exclude(state=Minutes.State.APPROVED).values("pk")
    with translation.override(contact.tenant.language):
        nobody = gettext("Erased person")
    rows = Attendance.objects.of(contact.tenant_id).filter(
        invitation__contact=contact, minutes__in=unapproved
    )
    actions = ActionItem.objects.of(contact.tenant_id).filter(owner_contact=contact)
    return {
        "attendance": rows.update(name=nobody, organisation="", organisation_kind=""),
        "action points": actions.filter(outcome__minutes__in=unapproved).update(owner=nobody),
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
            Entry("approved", _("Approved, and kept for good"), _("yes") if approved else ""),
        )


def _actions(contact: Contact) -> Iterator[tuple[Entry, ...]]:
    rows = ActionItem.objects.of(contact.tenant_id).filter(owner_contact=contact)
    for row in rows.select_related("outcome__minutes__event"):
        yield (
            Entry("meeting", _("Meeting"), title_of(row.outcome.minutes.event)),
            Entry("who", _("Who"), row.owner),
            Entry("what", _("What"), row.outcome.text),
            Entry("by_when", _("By when"), row.due_on),
        )


holdings.register(show, forget)

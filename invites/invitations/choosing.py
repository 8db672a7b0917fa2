"""Who may be asked, and who was ticked so far: the draft of a round of invitations, kept in the session."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Exists, OuterRef, Q, QuerySet

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event
from invites.invitations.models import Invitation
from invites.invitations.waves.models import Wave, WaveMember

if TYPE_CHECKING:
    from events.directory.models import ContactQuerySet


class Draft:
    """The contacts ticked for one event. Ids only; whoever sends looks them up again among the tenant's own.

    `quotas` says which of them are asked for their organisation, and how many people it names itself.
    """

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key = session, f"invite-{event.pk}"
        kept = session.get(self._key) or {}
        kept = kept if isinstance(kept, dict) else {"ids": kept}  # as sessions of earlier versions have it
        self.ids: set[int] = set(kept.get("ids", ()))
        self.quotas: dict[int, int] = {int(pk): quota for pk, quota in kept.get("quotas", {}).items()}

    def tick(self, *, shown: Iterable[int], ticked: Iterable[int]) -> None:
        """What was shown and is not ticked goes out; what was not shown stays as it was."""
        self.ids = (self.ids - set(shown)) | set(ticked)
        self._keep()

    def ask(self, contact: int, *, quota: int) -> None:
        """The contact is asked for the organisation, which names up to `quota` people itself."""
        self.ids.add(contact)
        self.quotas[contact] = quota
        self._keep()

    def drop(self, contact: int) -> None:
        self.ids.discard(contact)
        self._keep()

    def clear(self) -> None:
        self.ids = set()
        self._keep()

    def _keep(self) -> None:
        self.quotas = {pk: quota for pk, quota in self.quotas.items() if pk in self.ids}
        if self.ids:
            quotas = {str(pk): quota for pk, quota in self.quotas.items()}
            self._session[self._key] = {"ids": sorted(self.ids), "quotas": quotas}
        else:
            self._session.pop(self._key, None)


def askable(event: Event) -> "ContactQuerySet":
    """Current contacts with `invited` (holds a valid invitation already) and `planned` (is in a planned wave)."""
    invited = Invitation.objects.of(event.tenant_id).valid().filter(event=event, contact=OuterRef("pk"))
    planned = WaveMember.objects.of(event.tenant_id).filter(
        wave__event=event, wave__state=Wave.State.PLANNED, contact=OuterRef("pk")
    )
    contacts = Contact.objects.of(event.tenant_id).current().select_related("organisation")
    contacts = contacts.annotate(invited=Exists(invited), planned=Exists(planned))
    return contacts.order_by("organisation__name", "name", "pk")


def left_to_ask(event: Event) -> "ContactQuerySet":
    """Those of `askable` who have an address, no invitation yet, and none planned."""
    return askable(event).reachable().filter(Q(invited=False, planned=False))


def found(contacts: "ContactQuerySet", *, kind: str, organisation: str, words: str) -> "ContactQuerySet":
    """`contacts` narrowed to a type of organisation, an organisation (its id) and words of the name."""
    if kind:
        contacts = contacts.filter(organisation__kind=kind)
    if organisation:
        contacts = contacts.filter(organisation_id=int(organisation))
    return contacts.matching(words)


def tickable(contacts: Iterable[Any]) -> list[int]:
    """The ids of those of `askable`'s rows that can be ticked."""
    return [one.pk for one in contacts if one.email and not one.invited and not one.planned]


def organisations(event: Event) -> "QuerySet[Organisation, tuple[int, str]]":
    """(id, name) of all organisations of the event's tenant."""
    return Organisation.objects.of(event.tenant_id).order_by("name", "pk").values_list("pk", "name")

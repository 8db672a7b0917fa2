"""Who may be asked, and who was ticked so far: the draft of a round of invitations, kept in the session."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Exists, OuterRef, Q, QuerySet

from events.directory.models import Contact, Organisation
from events.gatherings.models import Event
from invites.invitations.models import Invitation

if TYPE_CHECKING:
    from events.directory.models import ContactQuerySet


class Draft:
    """The contacts ticked for one event. Ids only; whoever sends looks them up again among the tenant's own."""

    def __init__(self, session: SessionBase, event: Event) -> None:
        self._session, self._key = session, f"invite-{event.pk}"
        self.ids: set[int] = set(session.get(self._key, ()))

    def tick(self, *, shown: Iterable[int], ticked: Iterable[int]) -> None:
        """What was shown and is not ticked goes out; what was not shown stays as it was."""
        self.ids = (self.ids - set(shown)) | set(ticked)
        self._keep()

    def clear(self) -> None:
        self.ids = set()
        self._keep()

    def _keep(self) -> None:
        if self.ids:
            self._session[self._key] = sorted(self.ids)
        else:
            self._session.pop(self._key, None)


def askable(event: Event) -> "ContactQuerySet":
    """Current contacts with `invited`: True for those who hold a valid invitation already."""
    invited = Invitation.objects.of(event.tenant_id).valid().filter(event=event, contact=OuterRef("pk"))
    contacts = Contact.objects.of(event.tenant_id).current().select_related("organisation")
    return contacts.annotate(invited=Exists(invited)).order_by("organisation__name", "name", "pk")


def left_to_ask(event: Event) -> "ContactQuerySet":
    """Those of `askable` who have an address and no invitation yet."""
    return askable(event).reachable().filter(Q(invited=False))


def found(contacts: "ContactQuerySet", *, kind: str, organisation: str, words: str) -> "ContactQuerySet":
    """`contacts` narrowed to a type of organisation, an organisation (its id) and words of the name."""
    if kind:
        contacts = contacts.filter(organisation__kind=kind)
    if organisation:
        contacts = contacts.filter(organisation_id=int(organisation))
    return contacts.matching(words)


def tickable(contacts: Iterable[Any]) -> list[int]:
    """The ids of those of `askable`'s rows that can be ticked."""
    return [contact.pk for contact in contacts if contact.email and not contact.invited]


def organisations(event: Event) -> "QuerySet[Organisation, tuple[int, str]]":
    """(id, name) of all organisations of the event's tenant."""
    return Organisation.objects.of(event.tenant_id).order_by("name", "pk").values_list("pk", "name")

"""Who may be asked, and who was ticked so far: the draft of a round of invitations, kept in the session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import CharField, Exists, F, OuterRef, Q, Value

from events.directory.groups.models import ContactGroup, belonging_to
from events.directory.groups.rules import Rule
from events.directory.labels import choices as labels
from events.directory.labels.models import OrganisationType, Tag
from events.directory.models import Contact, Organisation
from events.directory.searching import fold
from events.gatherings.models import Event
from invites.invitations.models import Invitation
from invites.invitations.waves.models import Wave, WaveMember

if TYPE_CHECKING:
    from events.directory.models import ContactQuerySet


LONGEST_TYPED = 200  # of one field that is kept as it was typed


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
        self.when: dict[str, str] = kept.get("when", {})

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

    def keep_when(self, data: Mapping[str, str]) -> None:
        """Keeps what was typed about when to send, as typed, while somebody looks at one mail after the other."""
        self.when = {name: data[name][:LONGEST_TYPED] for name in data if name.startswith("when-")}
        self._keep()

    def clear(self) -> None:
        self.ids = set()
        self._keep()

    def _keep(self) -> None:
        self.quotas = {pk: quota for pk, quota in self.quotas.items() if pk in self.ids}
        if self.ids:
            quotas = {str(pk): quota for pk, quota in self.quotas.items()}
            kept = {"ids": sorted(self.ids), "quotas": quotas}
            self._session[self._key] = kept | ({"when": self.when} if self.when else {})
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


def found(
    contacts: "ContactQuerySet",
    *,
    event: Event,
    kind: str,
    organisation: str,
    group: str,
    tag: str,
    words: str,
) -> "ContactQuerySet":
    """`contacts` narrowed by whatever is not empty: a type of organisation (base kind, or "t12" for an own one), an
    organisation, a saved group, a tag (ids), and words of the name.
    """
    if is_own_type(kind):
        contacts = contacts.filter(organisation__type_id=int(kind[1:]))
    elif kind:
        contacts = contacts.filter(organisation__kind=kind)
    if organisation:
        contacts = contacts.filter(organisation_id=int(organisation))
    if group:
        chosen = ContactGroup.objects.of(event.tenant_id).filter(pk=int(group)).first()
        contacts = contacts.filter(belonging_to(chosen)) if chosen else contacts.none()
    if tag:
        contacts = contacts.filter(Rule(tags=(int(tag),)).contacts())
    return contacts.matching(words)


def is_own_type(kind: str) -> bool:
    return kind.startswith("t") and kind[1:].isdecimal()


def askable_now(one: Any) -> bool:
    """Whether a row of `askable` can be ticked."""
    return bool(one.email) and not (one.invited or one.planned or one.opted_out_at)


def tickable(contacts: Iterable[Any]) -> list[int]:
    """The ids of those of `askable`'s rows that can be ticked."""
    return [one.pk for one in contacts if askable_now(one)]


@dataclass(frozen=True)
class Offers:
    """What the contacts can be narrowed to: (id, name) pairs, and types as a select shows them."""

    organisations: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    types: tuple[Any, ...]


def offers(event: Event) -> Offers:
    """All of the event's tenant, in one query."""
    parts = {
        "organisation": Organisation.objects,
        "group": ContactGroup.objects,
        "tag": Tag.objects,
        "type": OrganisationType.objects,
    }
    rows: dict[str, list[tuple[int, str, str]]] = {what: [] for what in parts}
    for what, pk, name, kind in _together(event, parts):
        rows[what].append((pk, name, kind))
    own_types = [OrganisationType(pk=pk, name=name, kind=kind) for pk, name, kind in rows["type"]]
    named = {what: tuple((str(pk), name) for pk, name, _kind in rows[what]) for what in parts}
    return Offers(named["organisation"], named["group"], named["tag"], tuple(labels.choices(own_types)))


def _together(event: Event, parts: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    """(part, id, name, kind) by name."""
    selects = []
    for what, rows in parts.items():
        kind = F("kind") if what == "type" else Value("", output_field=CharField())
        named = rows.of(event.tenant_id).order_by()
        selects.append(
            named.annotate(
                what=Value(what, output_field=CharField()), called=F("name"), sort_of=kind
            ).values_list("what", "pk", "called", "sort_of")
        )
    first, *others = selects
    return sorted(first.union(*others, all=True), key=lambda row: (fold(row[2]), row[1]))

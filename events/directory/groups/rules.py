"""The rule of a group: which contacts belong to it, said in conditions that must all hold."""

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Exists, OuterRef, Q

from events.directory.labels.models import ContactTag, OrganisationTag
from events.directory.models import OrganisationKind
from events.directory.networks.models import NetworkMember
from events.directory.searching import fold, holding_every
from events.directory.typed import one_line
from events.tenancy.models import InviteeLanguage

WHY = "joined to contacts that are scoped"
TEXT = 100


class BadRule(ValueError):
    """A stored or given rule that says something no rule can say; the text names what."""


@dataclass(frozen=True)
class Rule:
    """Conditions on a contact; an empty one asks nothing, all others must hold, each by any one of its values.

    `kinds` and `types` are one condition: the organisation is of one of these kinds or of one of these own types.
    A tag counts whether the contact or the organisation has it. A network counts while the organisation is a member.
    Ids of types, tags and networks that are gone match nobody: a rule never widens by itself.
    """

    kinds: tuple[str, ...] = ()
    types: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    networks: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    town: str = ""
    words: str = ""

    @classmethod
    def read(cls, stored: Any) -> "Rule":
        """A rule from JSON. Raises BadRule on unknown conditions, values of another sort, or no condition at all."""
        if not isinstance(stored, dict) or (unknown := set(stored) - {field.name for field in fields(cls)}):
            raise BadRule(f"not a rule: {stored!r:.100}" if not isinstance(stored, dict) else sorted(unknown))
        rule = cls(
            kinds=_values(stored, "kinds", str, among=OrganisationKind.values),
            types=_values(stored, "types", int),
            tags=_values(stored, "tags", int),
            networks=_values(stored, "networks", int),
            languages=_values(stored, "languages", str, among=InviteeLanguage.values),
            town=_text(stored, "town"),
            words=_text(stored, "words"),
        )
        if rule == cls():
            raise BadRule("a rule needs at least one condition")
        return rule

    def as_json(self) -> dict[str, Any]:
        """Only the conditions that ask something, in a fixed order."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value
        }

    def contacts(self) -> Q:
        """The condition on contacts. Joins nothing that doubles rows, so it can be counted beside others."""
        asked = Q()
        if self.kinds or self.types:
            asked &= Q(organisation__kind__in=self.kinds) | Q(organisation__type__in=self.types)
        if self.tags:
            asked &= _tagged(self.tags)
        if self.networks:
            members = NetworkMember.objects.across_tenants(WHY).current().filter(network__in=self.networks)
            asked &= Q(Exists(members.filter(member=OuterRef("organisation_id"))))
        if self.languages:
            asked &= Q(language__in=self.languages)
        if self.town:
            asked &= Q(organisation__search_city=fold(self.town))
        return asked & holding_every(self.words, "search", "organisation__search_words")


def _tagged(tags: tuple[int, ...]) -> Q:
    on_contact = ContactTag.objects.across_tenants(WHY).filter(tag__in=tags, contact=OuterRef("pk"))
    on_organisation = OrganisationTag.objects.across_tenants(WHY).filter(
        tag__in=tags, organisation=OuterRef("organisation_id")
    )
    return Q(Exists(on_contact)) | Q(Exists(on_organisation))


def _values(stored: dict[str, Any], name: str, sort: type, among: Any = None) -> tuple[Any, ...]:
    values = stored.get(name, [])
    if not isinstance(values, list | tuple) or any(type(value) is not sort for value in values):
        raise BadRule(name)
    if among is not None and not set(values) <= set(among):
        raise BadRule(name)
    return tuple(dict.fromkeys(values))


def _text(stored: dict[str, Any], name: str) -> str:
    value = stored.get(name, "")
    if not isinstance(value, str) or len(value) > TEXT:
        raise BadRule(name)
    return one_line(value)

"""Which rows of the directory may be the same: found by keys, never by comparing all with all. Read only.

A pair is two ids, the lower one first, with the reasons. Pairs that somebody called "not the same" are left out, and so
are contacts whose role has ended: the person who came after often has the address of the one before.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from events.directory.merging.models import NotSame, Pair, Subject
from events.directory.merging.names import Words, alike, folded_words, keys, person
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.searching import fold
from events.tenancy.models import Tenant

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

SHARED = 5  # more contacts than this with one number or address: a switchboard or a common mailbox
SMALL = 10  # in a larger block each row is paired with the first one only, so that no block costs its square
CANDIDATES = 500  # rows looked at for the hint beside one row
ALIKE = "alike"
REASONS = {
    "email": _("same e-mail"),
    "phone": _("same telephone"),
    "name": _("same name"),
    ALIKE: _("nearly the same name"),
}
Hints = dict[Pair, list[str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """What the comparison needs of a contact."""

    pk: int
    name: str
    email: str
    phone: str
    organisation: int | None


def of_contacts(tenant: Tenant) -> Hints:
    """The pairs of current contacts that share an address, a number or (at the same or no organisation) a name."""
    return _left(tenant, Subject.CONTACT, _pairs_of_people(_people(_contacts(tenant))))


def of_organisations(tenant: Tenant) -> Hints:
    """The pairs of organisations one of whose names is nearly one of the other's."""
    named = Organisation.objects.of(tenant).order_by("pk").values_list("pk", "search")
    others = OrganisationAlias.objects.of(tenant).order_by("pk").values_list("organisation_id", "search")
    return _left(tenant, Subject.ORGANISATION, _pairs_of_bodies([*named, *others]))


def beside_contact(contact: Contact) -> Hints:
    """The pairs in which `contact` is one; asks for its likes only."""
    if not Contact.objects.of(contact.tenant_id).current().filter(pk=contact.pk).exists():
        return {}
    digits = dial(contact.phone)
    likes = Q(pk=contact.pk) | Q(email__iexact=contact.email) & ~Q(email="")
    words = person(fold(contact.name)).split()
    if words:
        likes |= Q(*(Q(search__contains=word) for word in words))
    found = _contacts(contact.tenant).annotate(digits=_digits("phone"))
    if digits:
        likes |= Q(digits__endswith=digits)
    pairs = _pairs_of_people(_people(found.filter(likes)[:CANDIDATES]))
    return _left(
        contact.tenant, Subject.CONTACT, {pair: why for pair, why in pairs.items() if contact.pk in pair}
    )


def beside_organisation(row: Organisation) -> Hints:
    """The pairs in which `row` is one; asks for names that hold half of the longest word of one of its own."""
    own = [row.search, *row.aliases.values_list("search", flat=True)]
    parts = {part for name in own for part in _parts(folded_words(name))}
    if not parts:
        return {}
    likes = Q(*(Q(search__contains=part) for part in parts), _connector=Q.OR)
    named = Organisation.objects.of(row.tenant_id).filter(likes).values_list("pk", "search")
    others = (
        OrganisationAlias.objects.of(row.tenant_id).filter(likes).values_list("organisation_id", "search")
    )
    mine = [folded_words(name) for name in own]
    pairs: Hints = {}
    for pk, name in (*named, *others):
        if pk != row.pk and any(alike(each, folded_words(name)) for each in mine):
            pairs[_pair(pk, row.pk)] = [ALIKE]
    return _left(row.tenant, Subject.ORGANISATION, pairs)


def dial(phone: str) -> str:
    """The digits one dials at home: "+47 33 41 60 00", "0047 33416000" and "33 41 60 00" are one number.

    "" for what is too short to be anybody's own, such as an emergency or an extension number.
    """
    digits = re.sub(r"[^0-9]", "", phone)
    if phone.strip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        digits = digits.removeprefix("47") if len(digits) == 10 else digits
    return digits if len(digits) >= 6 else ""


def _contacts(tenant: Tenant) -> "QuerySet[Contact]":
    return Contact.objects.of(tenant).current().order_by("pk")


def _people(contacts: "QuerySet[Any]") -> list[Person]:
    """`search` begins with the folded name, so nothing is folded again."""
    rows = contacts.values_list("pk", "search", "email", "phone", "organisation_id")
    return [
        Person(pk, person(search.partition("\n")[0]), email.lower(), dial(phone), organisation)
        for pk, search, email, phone, organisation in rows
    ]


def _pairs_of_people(people: list[Person]) -> Hints:
    found: Hints = {}
    for block in _blocks(people, lambda one: one.email):
        _add(found, block if len(block) <= SHARED else [], "email")
    for block in _blocks(people, lambda one: one.phone):
        _add(found, block if len(block) <= SHARED else [], "phone")
    for block in _blocks(people, lambda one: one.name):
        for same in _at_one_place(block):
            _add(found, same, "name")
    return found


def _at_one_place(block: list[Person]) -> list[list[Person]]:
    """Namesakes at one organisation, each lot with those who belong to none."""
    by_place: dict[int | None, list[Person]] = defaultdict(list)
    for one in block:
        by_place[one.organisation].append(one)
    nowhere = by_place.pop(None, [])
    return [[*place, *nowhere] for place in by_place.values()] or [nowhere]


def _blocks(people: Iterable[Person], key: Callable[[Person], str]) -> list[list[Person]]:
    """The lots of two and more who share a key."""
    blocks: dict[str, list[Person]] = defaultdict(list)
    for one in people:
        if shared := key(one):
            blocks[shared].append(one)
    return [block for block in blocks.values() if len(block) > 1]


def _add(found: Hints, block: list[Person], reason: str) -> None:
    for pair in _combined(sorted(one.pk for one in block)):
        reasons = found.setdefault(pair, [])
        if reason not in reasons:
            reasons.append(reason)


def _combined(rows: Sequence[T]) -> Iterable[tuple[T, T]]:
    """All with all in a small lot; in a large one, each with the first."""
    return combinations(rows, 2) if len(rows) <= SMALL else ((rows[0], other) for other in rows[1:])


def _pairs_of_bodies(named: Iterable[tuple[int, str]]) -> Hints:
    blocks: dict[str, list[tuple[int, Words]]] = defaultdict(list)
    for pk, search in named:
        name = folded_words(search)
        for key in keys(name):
            blocks[key].append((pk, name))
    found: Hints = {}
    for block in blocks.values():
        for (one, first), (other, second) in _combined(block):
            if one != other and _pair(one, other) not in found and alike(first, second):
                found[_pair(one, other)] = [ALIKE]
    return found


def _parts(name: Words) -> list[str]:
    """Of the longest word: itself when it is too short to hold a slip, else both halves, one of which is intact."""
    longest = max(name.stems, key=len, default="")
    middle = len(longest) // 2
    return [longest[:middle], longest[middle:]] if middle >= 3 else [longest] if longest else []


def _digits(field: str) -> "Combinable":
    """The column without what people put between digits."""
    bare: Combinable = F(field)
    for sign in " -()./\u00a0":
        bare = Replace(bare, Value(sign), Value(""), output_field=CharField())
    return bare


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _left(tenant: Tenant, subject: Subject, pairs: Hints) -> Hints:
    """Without those that somebody looked at; those with the most reasons first, then the oldest."""
    if not pairs:
        return {}
    known = NotSame.objects.of(tenant).pairs(subject)
    left = {pair: why for pair, why in pairs.items() if pair not in known}
    return dict(sorted(left.items(), key=lambda each: (-len(each[1]), each[0])))

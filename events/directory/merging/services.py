"""Two rows of the directory are told apart, or become one. What the gone one held stays readable on the kept one."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from events import audit
from events.directory.merging import memberships  # noqa: F401 - registers its rule
from events.directory.merging.fields import fields_of, recorded
from events.directory.merging.following import Link, NotMergeable, follow, links_to
from events.directory.merging.models import Merger, NotSame, Pair, Row, subject_of
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.reindexing import reindex_contacts, reindex_organisations
from events.directory.renaming import renamed
from events.directory.searching import fold
from events.directory.services import NameTaken, with_channel
from events.tenancy.models import User

TURNS = 3  # a lost turn means that somebody used the gone row in the same moment


class AlreadyMerged(Exception):
    """One of the two is gone: somebody merged it before, or deleted it."""


@transaction.atomic
def tell_apart(one: Row, other: Row, *, by: User | None) -> bool:
    """Remembers that the two are not the same; False, and nothing written, when that is known already."""
    _refuse_strangers(one, other)
    first, second = _ids(one, other)
    facts = {"subject": subject_of(one), "first": first, "second": second}
    _row, new = NotSame.objects.of(one.tenant_id).get_or_create(
        tenant_id=one.tenant_id, **facts, defaults={"by": by}
    )
    if new:
        audit.record(f"{subject_of(one).value}.told_apart", one, by=by)
    return new


def merge(*, kept: Row, gone: Row, facts: dict[str, Any], by: User | None) -> Merger:
    """Makes one row of two: sets `facts` (field names of `kept`), lets all that pointed at `gone` follow, deletes it.

    What cannot follow because the kept row has the same already is decided by the rule of its model (`rules`), or is
    dropped and kept in the Merger. An organisation's other name becomes an alias. All of it happens, or nothing.
    Raises AlreadyMerged (also for the second of two calls at the same time), NameTaken when a third row has name and
    address, NotMergeable, ValueError for rows that are not two of a kind at one tenant.
    """
    _refuse_strangers(kept, gone)
    for _turn in range(TURNS):
        try:
            return _merge(kept, gone, facts, by)
        except (
            IntegrityError
        ) as error:  # a row that points at the gone one came in between: it must follow too
            refused = error
    raise NotMergeable from refused


@transaction.atomic
def _merge(kept: Row, gone: Row, facts: dict[str, Any], by: User | None) -> Merger:
    kept, gone = _claimed(kept, gone)
    merger = Merger(
        tenant_id=kept.tenant_id,
        subject=subject_of(kept),
        kept_id=kept.pk,
        gone_id=gone.pk,
        name=gone.name,
        facts=recorded(gone),
        kept=recorded(kept),
        by=by,
        by_name=by.name if by else "",
    )
    names = (kept.name, gone.name)
    for link in links_to(type(kept)):
        moved, dropped = follow(link, kept=kept, gone=gone, by=by)
        if moved:
            merger.moved[link.label] = merger.moved.get(link.label, 0) + moved
        merger.dropped += dropped
    _verdicts_follow(kept, gone)
    _delete(gone)
    _keep(kept, gone, facts)
    if isinstance(kept, Organisation):
        _remember_names(kept, names)
        reindex_organisations([kept])
        renamed(kept)
    else:
        reindex_contacts([kept])
    merger.save()
    _note(merger, kept, by)
    return merger


def _claimed(kept: Row, gone: Row) -> tuple[Row, Row]:
    """Both rows as they are now, held until the end: in the order of their ids, so that nobody waits in a ring.

    Whoever merges one of them at the same time waits here and then finds a row less.
    """
    rows = type(kept).objects.of(kept.tenant_id)
    for pk in _ids(kept, gone):
        if not rows.filter(pk=pk).update(search=F("search")):
            raise AlreadyMerged
    return rows.get(pk=kept.pk), rows.get(pk=gone.pk)


def _delete(gone: Row) -> None:
    """Without Django's cascade: a row that came in since must make the commit fail, not be swept away with this one."""
    rows = type(gone).objects.of(gone.tenant_id).filter(pk=gone.pk)
    rows._raw_delete(rows.db)


def _keep(kept: Row, gone: Row, facts: dict[str, Any]) -> None:
    known = {field.name for field in fields_of(type(kept))}
    for name, value in _fitting(kept, facts).items():
        if name not in known:
            raise ValueError(f"{name} is not a fact of {kept._meta.label}")
        setattr(kept, name, value)
    if isinstance(kept, Contact) and isinstance(gone, Contact):  # what was asked for either holds for both
        kept.unlisted = kept.unlisted or gone.unlisted
        kept.opted_out_at = kept.opted_out_at or gone.opted_out_at
    for link in links_to(type(kept)):
        if link.is_own:
            _point_elsewhere(kept, gone, link)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise NameTaken(kept.name) from error


def _fitting(kept: Row, facts: dict[str, Any]) -> dict[str, Any]:
    """`facts` with what follows from them, as when they are typed: the channel, the kind of an own type."""
    if isinstance(kept, Contact):
        return with_channel({"channel": kept.channel, **facts}, kept)
    own_type = facts.get("type", kept.type)
    return {**facts, "kind": own_type.kind} if own_type else facts


def _point_elsewhere(kept: Row, gone: Row, link: Link) -> None:
    """What nobody chooses (whom a contact succeeds) comes from the gone one; what leads back to itself is cleared."""
    name = link.field.name
    if not link.field.editable and getattr(kept, link.field.attname) in (None, gone.pk):
        setattr(kept, name, getattr(gone, name))
    if _leads_back(kept, gone, link):
        setattr(kept, name, None)


def _leads_back(kept: Row, gone: Row, link: Link) -> bool:
    """Whether the kept row's umbrella or successor would lead round to itself."""
    chain = type(kept).objects.of(kept.tenant_id)
    step, seen = getattr(kept, link.field.attname), set()
    while step is not None and step not in seen:
        if step in (kept.pk, gone.pk):
            return True
        seen.add(step)
        step = chain.filter(pk=step).values_list(link.field.attname, flat=True).first()
    return False


def _remember_names(kept: Organisation, names: tuple[str, ...]) -> None:
    """Both names lead to the kept organisation, unless a third one goes by them."""
    aliases, bodies = OrganisationAlias.objects.of(kept.tenant_id), Organisation.objects.of(kept.tenant_id)
    aliases.filter(organisation=kept, search=kept.search).delete()
    for name in names:
        taken = aliases.filter(search=fold(name)).exists() or bodies.filter(search=fold(name)).exists()
        if not taken:
            OrganisationAlias.objects.create(tenant_id=kept.tenant_id, organisation=kept, name=name)


def _verdicts_follow(kept: Row, gone: Row) -> None:
    """Who is not the same as the gone one is not the same as the kept one."""
    subject = subject_of(kept)
    verdicts = NotSame.objects.of(kept.tenant_id)
    known = verdicts.pairs(subject)
    for verdict in verdicts.around(subject, gone.pk):
        other = verdict.second if verdict.first == gone.pk else verdict.first
        pair = (min(other, kept.pk), max(other, kept.pk))
        if other == kept.pk or pair in known:
            verdict.delete()
        else:
            verdict.first, verdict.second = pair
            verdict.save()


def _refuse_strangers(one: models.Model, other: models.Model) -> None:
    same = type(one) is type(other) and one.tenant_id == other.tenant_id  # type: ignore[attr-defined]
    if not same or one.pk == other.pk:
        raise ValueError("these are not two rows of a kind at one tenant")


def _ids(one: Row, other: Row) -> Pair:
    return (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)


def _note(merger: Merger, kept: Row, by: User | None) -> None:
    """Contacts may be invitees, so the trail names none of them."""
    if isinstance(kept, Organisation):
        audit.record("organisation.merged", kept, by=by, gone=merger.name, name=kept.name)
    elif kept.organisation:
        audit.record("contact.merged", kept, by=by, place=kept.organisation.name)
    else:
        audit.record("contact.merged_alone", kept, by=by)


audit.register(
    {
        "contact.merged": _("%(who)s merged two contacts into one (%(place)s)."),
        "contact.merged_alone": _("%(who)s merged two contacts without an organisation into one."),
        "contact.told_apart": _("%(who)s noted that two contacts are not the same."),
        "organisation.merged": _("%(who)s merged the organisation “%(gone)s” into “%(name)s”."),
        "organisation.told_apart": _("%(who)s noted that two organisations are not the same."),
    }
)

"""Opens action points from approved minutes, and moves them: closed, opened again, changed. Each leaves history."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.dates import VagueDate
from events.tenancy.models import User
from events.tokens import new_nonce
from minutes.records.actions.models import SUCCESSORS, ActionChange, ActionItem
from minutes.records.actions.owners import links_of
from minutes.records.identity_numbers import holds_identity_number
from minutes.records.models import Minutes, Outcome
from minutes.records.owning import OWNED, due_facts
from minutes.records.refusals import IdentityNumber, NotAllowed

Kind, Source, Status = ActionChange.Kind, ActionChange.Source, ActionItem.Status
KIND_OF = {Status.DONE: Kind.DONE, Status.DROPPED: Kind.DROPPED, Status.OPEN: Kind.REOPENED}


@transaction.atomic
def open_from(minutes: Minutes, *, by: User | None, at: dt.datetime) -> list[ActionItem]:
    """A row for each action in `minutes` that has none yet. For the approval alone: what is not approved binds nobody.

    A correction of the minutes keeps the row of an outcome; a second call makes nothing.
    """
    outcomes = Outcome.objects.of(minutes.tenant_id).filter(minutes=minutes, kind=Outcome.Kind.ACTION)
    return [_open(one, by, at) for one in outcomes.filter(action__isnull=True).order_by("position", "pk")]


@transaction.atomic
def move(action: ActionItem, *, by: User, to: str, note: str = "") -> ActionItem:
    """Open -> done or dropped, and back. Moving to where it is changes nothing.

    Dropping needs a reason in `note`. Raises NotAllowed for a move that SUCCESSORS does not know or that somebody else
    made impossible meanwhile, IdentityNumber for a national identity number in the note.
    """
    _refuse_identity_numbers(note=note)
    if to == Status.DROPPED and not note.strip():
        raise NotAllowed(gettext("Write why it is dropped."))
    if _move(action, to):
        change(action, KIND_OF[Status(to)], Source.STAFF, by=by, note=note)
        audit.record(f"action.{KIND_OF[Status(to)]}", action, by=by, title=_title(action))
    return action


@transaction.atomic
def edit(action: ActionItem, *, by: User, facts: dict[str, Any]) -> ActionItem:
    """Sets `owner`, `due` (a VagueDate or None) and `not_before`. The same facts again change nothing.

    Another owner cannot be reached by the old one's link. Raises NotAllowed for one that is closed.
    """
    _refuse_identity_numbers(owner=facts["owner"])
    row = ActionItem.objects.of(action.tenant_id).select_for_update().get(pk=action.pk)
    if row.status != Status.OPEN:
        raise NotAllowed(gettext("It is closed. Open it again to change it."))
    named = {"owner": facts["owner"], "not_before": facts["not_before"], **due_facts(facts["due"])}
    links = links_of(row.tenant_id, [facts["owner"]]).get(facts["owner"], {})
    before = {name: getattr(row, name) for name in named}
    if before == named:
        return row
    if before["owner"] != named["owner"]:
        _forget_link(row)
    for name, value in (named | (links if before["owner"] != named["owner"] else {})).items():
        setattr(row, name, value)
    row.save()
    change(row, Kind.CHANGED, Source.STAFF, by=by, due=row.due)
    audit.record("action.changed", row, by=by, title=_title(row))
    return row


@transaction.atomic
def revoke_link(action: ActionItem, *, by: User) -> None:
    """The links in mails sent so far open nothing any more; the next reminder brings a new one."""
    row = ActionItem.objects.of(action.tenant_id).select_for_update().get(pk=action.pk)
    if row.token_hash is None:
        return
    _forget_link(row)
    row.save()
    change(row, Kind.LINK_REVOKED, Source.STAFF, by=by)
    audit.record("action.link_revoked", row, by=by, title=_title(row))


def change(
    action: ActionItem,
    kind: str,
    source: str,
    *,
    by: User | None = None,
    note: str = "",
    due: VagueDate | None = None,
) -> ActionChange:
    """Adds a row to the history. Inside the transaction of the change."""
    return ActionChange.objects.create(
        tenant_id=action.tenant_id,
        action=action,
        kind=kind,
        source=source,
        by=by,
        by_name=by.name if by else "",
        note=note,
        **due_facts(due),
    )


def close_by_owner(action: ActionItem, *, note: str) -> bool:
    """Open -> done on the owner's word; False when it was closed already. For answering.py, in its transaction."""
    if not _move(action, Status.DONE):
        return False
    change(action, Kind.DONE, Source.OWNER, note=note)
    return True


def _open(outcome: Outcome, by: User | None, at: dt.datetime) -> ActionItem:
    row = ActionItem(tenant_id=outcome.tenant_id, outcome=outcome, text=outcome.text, opened_at=at)
    for name in OWNED:
        setattr(row, name, getattr(outcome, name))
    row.save()
    change(row, Kind.OPENED, Source.MINUTES, by=by, due=row.due)
    return row


def _move(action: ActionItem, to: str) -> bool:
    """A conditional update, so that of two who move it at once one is told; `action` shows the truth afterwards."""
    froms = [old for old, news in SUCCESSORS.items() if to in news]
    rows = ActionItem.objects.of(action.tenant_id).filter(pk=action.pk, status__in=froms)
    moved = rows.update(status=to, closed_at=None if to == Status.OPEN else timezone.now())
    action.refresh_from_db()
    if not moved and action.status != to:
        raise NotAllowed(gettext("It is closed already. Open it again first."))
    return bool(moved)


def _forget_link(action: ActionItem) -> None:
    action.nonce, action.token_hash, action.link_expires_at = new_nonce(), None, None


def _title(action: ActionItem) -> str:
    return action.text[:80]


def _refuse_identity_numbers(**texts: str) -> None:
    for field, text in texts.items():
        if holds_identity_number(text):
            raise IdentityNumber("actions", field)


audit.register(
    {
        "action.done": _("%(who)s closed the action point “%(title)s” as done."),
        "action.dropped": _("%(who)s dropped the action point “%(title)s”."),
        "action.reopened": _("%(who)s opened the action point “%(title)s” again."),
        "action.changed": _("%(who)s changed the action point “%(title)s”."),
        "action.link_revoked": _("%(who)s took back the link of the action point “%(title)s”."),
        "action.answered": _("The owner of the action point “%(title)s” answered."),
        "action.reminded": _("The owner of the action point “%(title)s” was reminded."),
    }
)

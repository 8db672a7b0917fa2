"""Submits, sends back and approves minutes. Approval freezes a version and moves the measures."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import audit
from events.gatherings.models import Event
from events.tenancy.models import User
from minutes.approval.canonical import canonical, sha256
from minutes.approval.models import MinutesVersion
from minutes.approval.numbering import number_decisions
from minutes.progress import services as progress
from minutes.records.actions import services as actions
from minutes.records.document import document
from minutes.records.identity_numbers import holds_identity_number
from minutes.records.models import Minutes, Outcome
from minutes.records.refusals import ChangedMeanwhile, IdentityNumber, NotAllowed


@transaction.atomic
def submit(minutes: Minutes, *, by: User) -> Minutes:
    """Draft -> waiting for approval. Submitting what already waits changes nothing.

    Raises NotAllowed for approved minutes, and while the meeting has not begun or was cancelled.
    """
    event = minutes.event
    if event.state not in (Event.State.PUBLISHED, Event.State.HELD):
        raise NotAllowed(gettext("The meeting was cancelled, so its minutes cannot be submitted."))
    if event.state == Event.State.PUBLISHED and not event.has_begun:
        raise NotAllowed(gettext("The meeting has not begun yet. The minutes can be submitted afterwards."))
    now = timezone.now()
    if _move(minutes, Minutes.State.DRAFT, Minutes.State.SUBMITTED, submitted_at=now, sent_back_because=""):
        audit.record("minutes.submitted", minutes, by=by, title=event.title)
    elif minutes.state != Minutes.State.SUBMITTED:
        raise NotAllowed(gettext("These minutes are already approved."))
    return minutes


@transaction.atomic
def send_back(minutes: Minutes, *, by: User, reason: str) -> Minutes:
    """Waiting for approval -> draft, with what to change. Sending back a draft changes nothing.

    Raises NotAllowed for approved minutes, IdentityNumber for a national identity number in the reason.
    """
    if holds_identity_number(reason):
        raise IdentityNumber("approval", "reason")
    if _move(
        minutes, Minutes.State.SUBMITTED, Minutes.State.DRAFT, submitted_at=None, sent_back_because=reason
    ):
        audit.record("minutes.sent_back", minutes, by=by, title=minutes.event.title)
    elif minutes.state != Minutes.State.DRAFT:
        raise NotAllowed(gettext("These minutes are already approved."))
    return minutes


@transaction.atomic
def approve(minutes: Minutes, *, by: User, revision: int | None = None) -> MinutesVersion:
    """Waiting for approval -> approved: numbers the decisions, freezes version n + 1, writes the measure updates'
    status notes, and opens the action points.

    A measure update counts from the approval; the day of the meeting stays in the trail. Approving approved
    minutes changes nothing and returns their latest version. Raises NotAllowed for a draft, and ChangedMeanwhile
    when `revision` is given and is not what would be frozen.
    """
    now = timezone.now()
    only_if = {} if revision is None else {"revision": revision}
    if not _move(minutes, Minutes.State.SUBMITTED, Minutes.State.APPROVED, only_if=only_if, approved_at=now):
        return _already_approved(minutes)
    number_decisions(minutes)
    version = _freeze(minutes, by=by, at=now)
    for update in _measure_updates(minutes):
        if update.measure is not None:  # the database refuses an update without a measure
            progress.note(update.measure, phase=update.phase, text=update.text, outcome=update, at=now)
    actions.open_from(minutes, by=by, at=now)
    title = minutes.event.title
    audit.record(
        "minutes.approved", minutes, by=by, title=title, number=version.number, sha256=version.sha256
    )
    return version


def _already_approved(minutes: Minutes) -> MinutesVersion:
    if minutes.state == Minutes.State.APPROVED:
        return MinutesVersion.objects.of(minutes.tenant_id).filter(minutes=minutes).latest("number")
    if minutes.state == Minutes.State.SUBMITTED:
        raise ChangedMeanwhile
    raise NotAllowed(gettext("These minutes are not submitted for approval."))


def _freeze(minutes: Minutes, *, by: User, at: dt.datetime) -> MinutesVersion:
    versions = MinutesVersion.objects.of(minutes.tenant_id).filter(minutes=minutes)
    number = versions.count() + 1
    approval = {"number": number, "approved_at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    text = canonical({**document(minutes), "version": {**approval, "approved_by": by.name}})
    return MinutesVersion.objects.create(
        tenant_id=minutes.tenant_id,
        minutes=minutes,
        number=number,
        canonical=text,
        sha256=sha256(text),
        approved_at=at,
        approved_by=by,
        approver_name=by.name,
    )


def _measure_updates(minutes: Minutes) -> list[Outcome]:
    outcomes = Outcome.objects.of(minutes.tenant_id).filter(minutes=minutes)
    return list(
        outcomes.filter(kind=Outcome.Kind.MEASURE_UPDATE).select_related("measure", "item__programme_item")
    )


def _move(
    minutes: Minutes, old: str, new: str, *, only_if: dict[str, int] | None = None, **facts: object
) -> bool:
    """Moves from `old` to `new` unless somebody else has; `minutes` shows the truth afterwards."""
    rows = Minutes.objects.of(minutes.tenant_id).filter(pk=minutes.pk, state=old, **(only_if or {}))
    moved = rows.update(state=new, **facts)
    minutes.refresh_from_db()
    return bool(moved)


audit.register(
    {
        "minutes.submitted": _("%(who)s submitted the minutes of “%(title)s” for approval."),
        "minutes.sent_back": _("%(who)s sent the minutes of “%(title)s” back."),
        "minutes.approved": _("%(who)s approved version %(number)s of the minutes of “%(title)s”."),
    }
)

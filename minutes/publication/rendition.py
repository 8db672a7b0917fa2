"""Which minutes a reader gets: the frozen version when approved, and without names where names are not theirs."""

import json

from events.gatherings.visibility import names_in_minutes, staff_audience
from events.tenancy.models import Membership
from events.tenancy.permissions import Permission
from minutes.approval.models import MinutesVersion
from minutes.records.document import Document, document, without_names
from minutes.records.models import Minutes


def latest_version(minutes: Minutes) -> MinutesVersion | None:
    if minutes.state != Minutes.State.APPROVED:
        return None
    return MinutesVersion.objects.of(minutes.tenant_id).filter(minutes=minutes).order_by("-number").first()


def rendition(minutes: Minutes, version: MinutesVersion | None, *, to: Membership) -> Document:
    """The document for `to`: of `version` when there is one, else of the draft as it stands."""
    whole: Document = json.loads(version.canonical) if version else document(minutes)
    audience = staff_audience(may_see_guests=to.may(Permission.SEE_GUESTS))
    return whole if names_in_minutes(audience) else without_names(whole, audience)

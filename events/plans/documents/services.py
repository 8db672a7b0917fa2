"""Keeps a plan's own document safely: judged by content and name together, in a random place of the media store."""

import hashlib

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import audit
from events.filetypes import NotAccepted, clean_name, type_of
from events.plans.documents.models import PlanDocument
from events.plans.models import Plan
from events.tenancy.models import User

LARGEST = 20 * 1024 * 1024
MOST_BYTES = 60 * 1024 * 1024  # of one plan


class Damaged(Exception):
    """The file in the media store is gone, or is not what was uploaded."""


def add_document(plan: Plan, *, by: User | None, name: str, content: bytes) -> PlanDocument:
    """Keeps the file under a cleaned name, with its SHA-256. The same file again is the row that is there.

    Raises NotAccepted with a sentence: too large, of another type than it says, with macros, or named like another.
    """
    cleaned = clean_name(name)
    kind = type_of(cleaned, content)
    sha256 = hashlib.sha256(content).hexdigest()
    there = PlanDocument.objects.of(plan.tenant_id).filter(plan=plan)
    if same := there.filter(name=cleaned, sha256=sha256).first():
        return same
    _refuse_too_large(len(content), there.aggregate(n=Sum("size"))["n"] or 0)
    row = PlanDocument(
        tenant_id=plan.tenant_id,
        plan=plan,
        name=cleaned,
        content_type=kind.content_type,
        size=len(content),
        sha256=sha256,
        added_by=by,
    )
    row.file.save(cleaned, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            row.save()
            audit.record("document.added", plan, by=by, title=plan.title, name=cleaned)
    except IntegrityError as error:
        row.file.delete(save=False)
        raise NotAccepted(_("There is already a file of this name.")) from error
    return row


def content_of(document: PlanDocument) -> bytes:
    """The bytes as they were uploaded. Raises Damaged."""
    try:
        with document.file.open("rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise Damaged from error
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise Damaged
    return content


@transaction.atomic
def remove_document(document: PlanDocument, *, by: User | None) -> bool:
    """Deletes the file, also from the media store once that is sure. False when it was gone already."""
    gone, _rows = PlanDocument.objects.of(document.tenant_id).filter(pk=document.pk).delete()
    if not gone:
        return False
    audit.record("document.removed", document.plan, by=by, title=document.plan.title, name=document.name)
    storage, name = document.file.storage, str(document.file.name)
    transaction.on_commit(lambda: storage.delete(name))
    return True


def _refuse_too_large(size: int, there: int) -> None:
    if size > LARGEST:
        raise NotAccepted(_("The file is larger than %(n)d MB.") % {"n": LARGEST // 1024 // 1024})
    if there + size > MOST_BYTES:
        raise NotAccepted(
            _("All files together may have %(n)d MB at most.") % {"n": MOST_BYTES // 1024 // 1024}
        )


audit.register(
    {
        "document.added": gettext_lazy("%(who)s attached “%(name)s” to the plan “%(title)s”."),
        "document.removed": gettext_lazy("%(who)s removed “%(name)s” from the plan “%(title)s”."),
    }
)

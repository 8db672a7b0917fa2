"""What is adopted changes its title or number only as a correction: old, new and why, in the audit trail."""

from typing import Any

from django.utils.translation import gettext_lazy

from events import audit
from events.tenancy.models import User


def note_correction(row: Any, *, by: User | None, old: str, new: str, reason: str) -> None:
    """Call it inside the transaction of the change."""
    audit.record("measure.corrected", row, by=by, old=old, new=new, reason=reason.strip())


audit.register(
    {
        "measure.corrected": gettext_lazy(
            "%(who)s corrected “%(old)s” to “%(new)s” in an adopted plan: %(reason)s"
        ),
    }
)

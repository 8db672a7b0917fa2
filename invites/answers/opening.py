"""Whether a person opened the page (ADR 16). Opening never answers anything (rule 1); it is only noted, once."""

from collections.abc import Mapping

from django.utils import timezone

from invites.invitations.models import Invitation


def is_a_browsers_visit(headers: Mapping[str, str]) -> bool:
    """True when a browser says that it shows the page as a document (Fetch Metadata), and not ahead of time.

    Programs that fetch links, and mail scanners that run no browser, send no such headers. A scanner with a real
    browser cannot be told from a person, which the invitee's history says.
    """
    shows = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    ahead = "prefetch" in headers.get("Sec-Purpose", "") or "prefetch" in headers.get("Purpose", "")
    return shows and not ahead


def note(invitation: Invitation, headers: Mapping[str, str]) -> None:
    """Keeps when a browser first showed the page. One statement the first time, none ever after."""
    if invitation.opened_at is None and is_a_browsers_visit(headers):
        rows = Invitation.objects.of(invitation.tenant_id).filter(pk=invitation.pk, opened_at__isnull=True)
        rows.update(opened_at=timezone.now())

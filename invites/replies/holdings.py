"""What came by mail from a person: shown to them, and forgotten with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.directory.models import Contact
from invites.answers.own import holdings
from invites.answers.own.holdings import Entry, Section
from invites.post import subjects
from invites.replies.models import InboundMail
from invites.replies.sealing import Sealed, unseal


def _mine(contact: Contact) -> Any:
    """Whatever led to an invitation of the person, or to a mail to them."""
    mails = subjects.mails_to(contact).order_by().values("pk")
    return InboundMail.objects.filter(Q(invitation__contact=contact) | Q(mail__in=mails)).order_by(
        "received_at"
    )


def show(contact: Contact) -> Iterator[Section]:
    rows = tuple(_entries(row) for row in _mine(contact))
    yield Section("mail_that_came", _("Mail that came in"), rows, _("yourself, or your mail server"))


def forget(contact: Contact) -> Mapping[str, int]:
    """Empties messages, envelopes and what was read in them; what sort of mail it was, and when, stays."""
    return {"mail that came in": _mine(contact).update(raw=None, envelope=None, said=None, reason="")}


def _entries(row: InboundMail) -> tuple[Entry, ...]:
    return (
        Entry("at", _("When"), row.received_at),
        Entry("kind", _("Kind"), row.get_kind_display()),
        Entry("state", _("What became of it"), row.get_state_display()),
        Entry("message", _("Message"), _opened(row.raw), long=True),
        Entry("sent_to", _("To"), _opened(row.envelope), long=True),
        Entry("read_as", _("Read as"), _opened(row.said), long=True),
    )


def _opened(sealed: bytes | memoryview | None) -> str:
    """What no key opens any more is lost to us too."""
    try:
        return unseal(bytes(sealed)).decode("utf-8", "replace") if sealed else ""
    except Sealed:
        return ""


holdings.register(show, forget)

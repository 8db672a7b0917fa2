"""The mails of the own page: the link ("own_link"), the confirmation of a new address ("own_address"), the last one
("erased"). None of them says anything of a meeting.
"""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.gatherings.visibility import line
from events.tenancy.models import Tenant
from invites.answers.own.models import Farewell, OwnLink
from invites.post import recipients, subjects
from invites.post.letters import Address, Letter, Withheld, register
from invites.post.models import OutgoingMail

WHY = "the outbox composes for all tenants"
LINK, ADDRESS, ERASED = "own_link", "own_address", "erased"
NAMES = {
    LINK: gettext_lazy("The link to the own page"),
    ADDRESS: gettext_lazy("The confirmation of a new address"),
    ERASED: gettext_lazy("The confirmation that data was erased"),
}
OFF = OutgoingMail.State.CANCELLED


def compose_links(mails: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    """Letters by the mail's id. Withheld: a link that is used, too old or replaced by a newer one."""
    rows = OwnLink.objects.across_tenants(WHY).select_related("contact", "tenant")
    links = rows.in_bulk([mail.subject_id for mail in mails])
    return {mail.pk: _link(mail, links.get(mail.subject_id)) for mail in mails}


def compose_farewells(mails: Sequence[OutgoingMail]) -> dict[int, Letter | Withheld]:
    rows = Farewell.objects.across_tenants(WHY).select_related("tenant")
    known = rows.in_bulk([mail.subject_id for mail in mails])
    return {mail.pk: _farewell(mail, known.get(mail.subject_id)) for mail in mails}


def _link(mail: OutgoingMail, link: OwnLink | None) -> Letter | Withheld:
    if link is None or link.revoked_at or link.expires_at <= timezone.now() or link.contact.erased_at:
        return Withheld(OFF, "the link is out of use")
    try:
        page = "own-address" if link.new_email else "own-page"
        address = settings.BASE_URL + reverse(page, args=[link.token])
    except LookupError:
        return Withheld(OFF, "the link was made with a key that is gone")
    with translation.override(link.language):
        subject = _("Confirm your new address") if link.new_email else _("See what is held about you")
        return _letter(mail, link.tenant, mail.kind, {"subject": subject, "link": address}, link.language)


def _farewell(mail: OutgoingMail, row: Farewell | None) -> Letter | Withheld:
    if row is None:
        return Withheld(OFF, "it is settled already")
    with translation.override(row.language):
        return _letter(
            mail, row.tenant, ERASED, {"subject": _("What was held about you is erased")}, row.language
        )


def _letter(
    mail: OutgoingMail, tenant: Tenant, template: str, facts: dict[str, Any], language: str
) -> Letter:
    """No name in it: whoever has the mailbox knows whose it is. From an address that takes no answer."""
    facts = facts | {"tenant": tenant}
    return Letter(
        to=Address(mail.to_address),
        sender=Address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], line(tenant.name)),
        reply_to=Address(tenant.contact_email, line(tenant.name)),
        subject=facts["subject"],
        text=render_to_string(f"emails/{template}.txt", facts),
        html=render_to_string(f"emails/{template}.html", facts),
        delivery_id=mail.delivery_id,
        language=language,
        give_up_at=mail.give_up_at,
    )


def _names(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return {mail.pk: str(NAMES[mail.kind]) for mail in mails}


def _contacts(mails: Sequence[OutgoingMail]) -> dict[int, int]:
    return _of_contacts(mails, "contact_id")


def _addresses(mails: Sequence[OutgoingMail]) -> dict[int, str]:
    return _of_contacts(mails, "contact__email")


def _of_contacts(mails: Sequence[OutgoingMail], fact: str) -> dict[int, Any]:
    rows = OwnLink.objects.across_tenants(WHY).filter(pk__in=[mail.subject_id for mail in mails])
    known = dict(rows.order_by().values_list("pk", fact))
    return {mail.pk: known[mail.subject_id] for mail in mails if mail.subject_id in known}


for kind in (LINK, ADDRESS):
    register(kind, compose_links, namer=_names)
    subjects.register(kind, OwnLink, contact="contact")
register(ERASED, compose_farewells, namer=_names)
subjects.register(ERASED, Farewell)
recipients.register(LINK, _contacts, _addresses)

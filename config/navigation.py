"""The main navigation: which sections a member of staff may open, and which one the page belongs to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.tenancy.permissions import Permission


@dataclass(frozen=True)
class Section:
    label: Any
    url_name: str
    permission: Permission
    nouns: frozenset[str]  # the first word of the URL names of its pages


MAIN = (
    Section(_("Overview"), "dashboard", Permission.SEE_EVENTS, frozenset({"dashboard"})),
    Section(
        _("Meetings"),
        "event-list",
        Permission.SEE_EVENTS,
        frozenset(
            {"event", "invitation", "answer", "mail", "wave", "reminder", "chase", "decision", "reply"}
            | {"seat", "question", "need", "door", "series"}
        ),
    ),
    Section(_("Minutes"), "minutes-list", Permission.SEE_MINUTES, frozenset({"minutes", "action"})),
    Section(
        _("Directory"),
        "directory",
        Permission.SEE_DIRECTORY,
        frozenset({"organisation", "contact", "directory", "group", "network", "tag", "type", "import"}),
    ),
    Section(_("Campaigns"), "campaign-list", Permission.SEE_CAMPAIGNS, frozenset({"campaign"})),
    Section(
        _("Plan"), "plan-list", Permission.SEE_PLANS, frozenset({"plan", "measure", "indicator", "milestone"})
    ),
)
MORE = (
    Section(_("Calendar feeds"), "feed-list", Permission.SEE_EVENTS, frozenset({"feed"})),
    Section(_("Details of the organisation"), "tenant-edit", Permission.MANAGE_TENANT, frozenset({"tenant"})),
    Section(_("Show on your web site"), "embed-show", Permission.MANAGE_TENANT, frozenset({"embed"})),
    Section(_("Texts of mails"), "wording-list", Permission.MANAGE_TENANT, frozenset({"wording"})),
    Section(_("Staff"), "staff-list", Permission.MANAGE_STAFF, frozenset({"staff"})),
    Section(_("Audit trail"), "audit-list", Permission.SEE_AUDIT, frozenset({"audit"})),
)


def navigation(request: HttpRequest, sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    """`sections` that the member of staff behind `request` may open, as label, address and whether it is current."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return []
    here = request.resolver_match.url_name if request.resolver_match else ""
    noun = (here or "").partition("-")[0]
    return [
        {
            "label": section.label,
            "url": reverse(section.url_name, kwargs={"tenant": membership.tenant.slug}),
            "current": noun in section.nouns,
        }
        for section in sections
        if membership.may(section.permission)
    ]

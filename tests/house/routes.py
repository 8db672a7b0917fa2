"""Who may open what. Written by hand, so that a guard changed by mistake is noticed."""

from dataclasses import dataclass, field
from typing import Any

READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
POST = ("POST",)
EVERYONE = frozenset({"reader", "minute_taker", "coordinator", "administrator"})
SEE_GUESTS = EVERYONE - {"reader"}
MANAGERS = frozenset({"coordinator", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})


@dataclass(frozen=True)
class Staff:
    """A page under /t/<tenant>/. `arguments`: the address's gaps and the row on the stage that fills each."""

    roles: frozenset[str]
    methods: tuple[str, ...] = READ
    arguments: dict[str, str] = field(default_factory=dict)
    of_rows: bool = (
        True  # False: the gaps name no row of a tenant, so a stranger's own page has the same address
    )
    owner: str = ""  # a row of one person's own: for everybody else it does not exist

    def allows(self, method: str) -> bool:
        return method in self.methods


@dataclass(frozen=True)
class Open:
    methods: tuple[str, ...] = READ
    arguments: dict[str, str] = field(default_factory=dict)
    status: frozenset[int] = frozenset({200})

    def filled(self, rows: dict[str, Any]) -> dict[str, Any]:
        return {key: look_up(rows, path) for key, path in self.arguments.items()}

    def expected(self, method: str) -> frozenset[int]:
        return self.status if method in self.methods else frozenset({405})


@dataclass(frozen=True)
class Token(Open):
    secret: str = "token"
    refused: int = 404  # what a wrong secret gets


def look_up(rows: dict[str, Any], path: str) -> Any:
    """ "event.uid" -> rows["event"].uid"""
    name, *attributes = path.split(".")
    value = rows[name]
    for attribute in attributes:
        value = getattr(value, attribute)
    return value


STAFF: dict[str, Staff] = {
    "dashboard": Staff(EVERYONE),
    "directory": Staff(SEE_GUESTS),
    "organisation-list": Staff(SEE_GUESTS),
    "organisation-create": Staff(MANAGERS, FORM),
    "organisation-detail": Staff(SEE_GUESTS, arguments={"pk": "organisation"}),
    "organisation-edit": Staff(MANAGERS, FORM, {"pk": "organisation"}),
    "standing-items": Staff(MANAGERS, FORM, {"pk": "organisation"}),
    "standing-fetch": Staff(MANAGERS, POST, {"pk": "draft"}),
    "contact-create": Staff(MANAGERS, FORM),
    "contact-detail": Staff(SEE_GUESTS, arguments={"pk": "contact"}),
    "contact-edit": Staff(MANAGERS, FORM, {"pk": "contact"}),
    "import-list": Staff(MANAGERS),
    "import-start": Staff(MANAGERS, FORM),
    "import-columns": Staff(MANAGERS, FORM, {"pk": "import_draft"}, owner="coordinator"),
    "import-preview": Staff(MANAGERS, FORM, {"pk": "import_draft"}, owner="coordinator"),
    "import-discard": Staff(MANAGERS, POST, {"pk": "import_draft"}, owner="coordinator"),
    "import-detail": Staff(MANAGERS, arguments={"pk": "import_batch"}),
    "import-undo": Staff(MANAGERS, POST, {"pk": "import_batch"}),
    "contact-export-csv": Staff(MANAGERS),
    "contact-export-vcards": Staff(MANAGERS),
    "contact-succeed": Staff(MANAGERS, FORM, {"pk": "contact"}),
    "contact-group-add": Staff(MANAGERS, POST, {"pk": "contact"}),
    "type-list": Staff(SEE_GUESTS),
    "type-create": Staff(MANAGERS, FORM),
    "type-edit": Staff(MANAGERS, FORM, {"pk": "type"}),
    "type-remove": Staff(MANAGERS, FORM, {"pk": "type"}),
    "tag-list": Staff(SEE_GUESTS),
    "tag-edit": Staff(MANAGERS, FORM, {"pk": "tag"}),
    "tag-remove": Staff(MANAGERS, FORM, {"pk": "tag"}),
    "group-list": Staff(SEE_GUESTS),
    "group-create": Staff(MANAGERS, FORM),
    "group-detail": Staff(SEE_GUESTS, arguments={"pk": "group"}),
    "group-edit": Staff(MANAGERS, FORM, {"pk": "group"}),
    "group-remove": Staff(MANAGERS, FORM, {"pk": "group"}),
    "group-member-add": Staff(MANAGERS, POST, {"pk": "group"}),
    "group-member-remove": Staff(MANAGERS, POST, {"pk": "group"}),
    "network-list": Staff(SEE_GUESTS),
    "network-member-add": Staff(MANAGERS, FORM, {"pk": "network"}),
    "network-member-edit": Staff(MANAGERS, FORM, {"pk": "network_member"}),
    "network-member-remove": Staff(MANAGERS, POST, {"pk": "network_member"}),
    "directory-duplicates": Staff(MANAGERS),
    "directory-not-same": Staff(MANAGERS, POST),
    "contact-merge-choose": Staff(MANAGERS, arguments={"pk": "contact"}),
    "contact-merge": Staff(MANAGERS, FORM, {"pk": "contact", "other": "other_contact"}),
    "organisation-merge-choose": Staff(MANAGERS, arguments={"pk": "organisation"}),
    "organisation-merge": Staff(MANAGERS, FORM, {"pk": "organisation", "other": "other_organisation"}),
    "campaign-list": Staff(EVERYONE),
    "campaign-create": Staff(MANAGERS, FORM),
    "campaign-detail": Staff(EVERYONE, arguments={"pk": "campaign"}),
    "campaign-edit": Staff(MANAGERS, FORM, {"pk": "campaign"}),
    "campaign-open": Staff(MANAGERS, POST, {"pk": "campaign"}),
    "campaign-close": Staff(MANAGERS, FORM, {"pk": "campaign"}),
    "campaign-ask": Staff(MANAGERS, FORM, {"pk": "campaign"}),
    "campaign-board": Staff(EVERYONE, arguments={"pk": "campaign"}),
    "campaign-withdraw": Staff(MANAGERS, POST, {"pk": "campaign", "participant": "listed"}),
    "campaign-joined": Staff(EVERYONE, arguments={"pk": "participation"}),
    "campaign-join": Staff(MANAGERS, POST, {"pk": "participation"}),
    "campaign-decline": Staff(MANAGERS, POST, {"pk": "participation"}),
    "campaign-leave": Staff(MANAGERS, FORM, {"pk": "participation"}),
    "campaign-link": Staff(MANAGERS, FORM, {"pk": "participation"}),
    "campaign-learn": Staff(MANAGERS, FORM, {"pk": "participation"}),
    "campaign-link-edit": Staff(MANAGERS, FORM, {"pk": "campaign_link"}),
    "campaign-unlink": Staff(MANAGERS, POST, {"pk": "campaign_link"}),
    "event-network-add": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-network-edit": Staff(MANAGERS, FORM, {"pk": "event_network"}),
    "event-network-remove": Staff(MANAGERS, POST, {"pk": "event_network"}),
    "plan-import": Staff(MANAGERS, FORM),
    "plan-list": Staff(EVERYONE),
    "plan-detail": Staff(EVERYONE, arguments={"pk": "plan"}),
    "plan-create": Staff(MANAGERS, FORM),
    "plan-edit": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-adopt": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-end": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-area-create": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-area-edit": Staff(MANAGERS, FORM, {"pk": "focus_area"}),
    "plan-area-remove": Staff(MANAGERS, POST, {"pk": "focus_area"}),
    "plan-catalogue": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-catalogue-remove": Staff(MANAGERS, POST, {"pk": "possible"}),
    "plan-recommendations": Staff(EVERYONE, arguments={"pk": "plan"}),
    "plan-group-create": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-group-edit": Staff(MANAGERS, FORM, {"pk": "expert_group"}),
    "plan-recommendation-create": Staff(MANAGERS, FORM, {"pk": "expert_group"}),
    "plan-recommendation-edit": Staff(MANAGERS, FORM, {"pk": "recommendation"}),
    "plan-documents": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-document": Staff(EVERYONE, arguments={"pk": "plan_document"}),
    "plan-document-remove": Staff(MANAGERS, POST, {"pk": "plan_document"}),
    "plan-succeed": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "plan-mapping": Staff(EVERYONE, arguments={"pk": "followed_plan"}),
    "measure-detail": Staff(EVERYONE, arguments={"pk": "measure"}),
    "measure-create": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "measure-edit": Staff(MANAGERS, FORM, {"pk": "measure"}),
    "measure-remove": Staff(MANAGERS, FORM, {"pk": "measure"}),
    "measure-step": Staff(MANAGERS, FORM, {"pk": "followed"}),
    "measure-bodies": Staff(MANAGERS, FORM, {"pk": "measure"}),
    "measure-body-edit": Staff(MANAGERS, FORM, {"pk": "body"}),
    "measure-body-move": Staff(MANAGERS, POST, {"pk": "body"}),
    "measure-body-remove": Staff(MANAGERS, POST, {"pk": "body"}),
    "milestone-create": Staff(MANAGERS, FORM, {"pk": "measure"}),
    "milestone-edit": Staff(MANAGERS, FORM, {"pk": "milestone"}),
    "milestone-reached": Staff(MANAGERS, FORM, {"pk": "milestone"}),
    "milestone-undo": Staff(MANAGERS, POST, {"pk": "milestone"}),
    "milestone-remove": Staff(MANAGERS, POST, {"pk": "milestone"}),
    "indicator-list": Staff(EVERYONE, arguments={"pk": "plan"}),
    "plan-indicator-create": Staff(MANAGERS, FORM, {"pk": "plan"}),
    "measure-indicator-create": Staff(MANAGERS, FORM, {"pk": "measure"}),
    "indicator-detail": Staff(EVERYONE, arguments={"pk": "indicator"}),
    "indicator-edit": Staff(MANAGERS, FORM, {"pk": "indicator"}),
    "indicator-remove": Staff(MANAGERS, POST, {"pk": "indicator"}),
    "indicator-value-create": Staff(MANAGERS, FORM, {"pk": "indicator"}),
    "indicator-value-edit": Staff(MANAGERS, FORM, {"pk": "figure"}),
    "indicator-value-remove": Staff(MANAGERS, POST, {"pk": "figure"}),
    "staff-list": Staff(ADMINISTRATORS),
    "staff-add": Staff(ADMINISTRATORS, FORM),
    "staff-edit": Staff(ADMINISTRATORS, FORM, {"pk": "membership"}),
    "staff-end": Staff(ADMINISTRATORS, POST, {"pk": "membership"}),
    "tenant-edit": Staff(MANAGERS, FORM),
    "audit-list": Staff(MANAGERS),
    "event-list": Staff(EVERYONE),
    "event-create": Staff(MANAGERS, FORM),
    "event-detail": Staff(EVERYONE, arguments={"pk": "event"}),
    "event-edit": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-visibility": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-repeat": Staff(MANAGERS, FORM, {"pk": "draft"}),
    "event-edit-all": Staff(MANAGERS, FORM, {"pk": "occurrence"}),
    "series-detail": Staff(EVERYONE, arguments={"pk": "series"}),
    "series-extend": Staff(MANAGERS, FORM, {"pk": "series"}),
    "series-publish": Staff(MANAGERS, FORM, {"pk": "series"}),
    "event-publish": Staff(MANAGERS, FORM, {"pk": "draft"}),
    "event-hold": Staff(MANAGERS, FORM, {"pk": "begun"}),
    "event-cancel": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-lock": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-unlock": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-seats": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "event-seats-edit": Staff(MANAGERS, FORM, {"pk": "event"}),
    "event-seats-fewer": Staff(MANAGERS, FORM, {"pk": "event"}),
    "seat-group-create": Staff(MANAGERS, FORM, {"pk": "event"}),
    "seat-group-edit": Staff(MANAGERS, FORM, {"pk": "seat_group"}),
    "seat-group-remove": Staff(MANAGERS, FORM, {"pk": "seat_group"}),
    "seat-group-choose": Staff(MANAGERS, FORM, {"pk": "invitation"}),
    "seat-offer": Staff(MANAGERS, POST, {"pk": "invitation"}),
    "seat-move-up": Staff(MANAGERS, POST, {"pk": "invitation"}),
    "event-month": Staff(EVERYONE),
    "event-agenda": Staff(EVERYONE),
    "feed-list": Staff(EVERYONE),
    "feed-create": Staff(EVERYONE, POST),
    "feed-renew": Staff(EVERYONE, POST, {"pk": "feed"}, owner="coordinator"),
    "feed-revoke": Staff(EVERYONE, POST, {"pk": "feed"}, owner="coordinator"),
    "event-file": Staff(EVERYONE, arguments={"pk": "event"}),
    "embed-show": Staff(MANAGERS, FORM),
    "embed-remove": Staff(MANAGERS, POST, {"pk": "embed_host"}),
    "reply-list": Staff(MANAGERS),
    "reply-apply": Staff(MANAGERS, POST, {"pk": "inbound"}),
    "reply-dismiss": Staff(MANAGERS, POST, {"pk": "inbound"}),
    "mail-trouble": Staff(MANAGERS),
    "mail-send-again": Staff(MANAGERS, POST, {"pk": "mail"}),
    "mail-treat-as-sent": Staff(MANAGERS, POST, {"pk": "mail"}),
    "mail-deal-with": Staff(MANAGERS, POST, {"pk": "mail"}),
    "mail-settle-many": Staff(MANAGERS, POST),
    "invitation-correct-address": Staff(MANAGERS, FORM, {"pk": "mail"}),
    "answer-record": Staff(MANAGERS, FORM, {"pk": "invitation"}),
    "invitation-choose": Staff(MANAGERS, FORM, {"pk": "event"}),
    "invitation-preview": Staff(MANAGERS, FORM, {"pk": "event"}),
    "invitation-preview-mail": Staff(MANAGERS, READ, {"pk": "event", "contact": "contact"}),
    "invitation-organisation": Staff(MANAGERS, FORM, {"pk": "event"}),
    "wave-list": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "wave-detail": Staff(SEE_GUESTS, arguments={"pk": "wave"}),
    "wave-move": Staff(MANAGERS, FORM, {"pk": "wave"}),
    "wave-send": Staff(MANAGERS, POST, {"pk": "wave"}),
    "wave-call-off": Staff(MANAGERS, POST, {"pk": "wave"}),
    "wave-take-out": Staff(MANAGERS, POST, {"pk": "wave"}),
    "invitation-enclosures": Staff(MANAGERS, FORM, {"pk": "event"}),
    "invitation-enclosure": Staff(MANAGERS, arguments={"pk": "enclosure"}),
    "invitation-enclosure-change": Staff(MANAGERS, POST, {"pk": "enclosure"}),
    "wording-list": Staff(MANAGERS),
    "wording-edit": Staff(MANAGERS, FORM, {"kind": "mail_kind", "language": "language"}, of_rows=False),
    "wording-reset": Staff(MANAGERS, POST, {"kind": "mail_kind", "language": "language"}, of_rows=False),
    "invitation-send": Staff(MANAGERS, POST, {"pk": "event"}),
    "invitation-letters": Staff(MANAGERS, arguments={"pk": "event"}),
    "invitation-letters-pdf": Staff(MANAGERS, POST, {"pk": "event"}),
    "invitation-letters-invite": Staff(MANAGERS, POST, {"pk": "event"}),
    "invitation-list": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "invitation-export": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "invitation-detail": Staff(SEE_GUESTS, arguments={"pk": "invitation"}),
    "invitation-called": Staff(MANAGERS, POST, {"pk": "invitation"}),
    "invitation-call-list": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "invitation-withdraw": Staff(MANAGERS, FORM, {"pk": "invitation"}),
    "door-links": Staff(MANAGERS, FORM, {"pk": "event"}),
    "door-pdf": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "door-revoke": Staff(MANAGERS, POST, {"pk": "door_link"}),
    "need-totals": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "need-totals-csv": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "need-people": Staff(MANAGERS, FORM, {"pk": "event"}),
    "need-ask": Staff(MANAGERS, POST, {"pk": "event"}),
    "question-list": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "question-add": Staff(MANAGERS, FORM, {"pk": "event"}),
    "question-results": Staff(SEE_GUESTS, arguments={"pk": "event"}),
    "question-edit": Staff(MANAGERS, FORM, {"pk": "question"}),
    "question-move": Staff(MANAGERS, POST, {"pk": "question"}),
    "question-close": Staff(MANAGERS, POST, {"pk": "question"}),
    "question-remove": Staff(MANAGERS, FORM, {"pk": "question"}),
    "question-answers": Staff(SEE_GUESTS, FORM, {"pk": "question"}),
    "event-tell": Staff(MANAGERS, FORM, {"pk": "moved"}),
    "event-tell-preview": Staff(MANAGERS, READ, {"pk": "moved"}),
    "event-tell-mail": Staff(MANAGERS, READ, {"pk": "moved", "invitation": "told"}),
    "event-tell-send": Staff(MANAGERS, POST, {"pk": "moved"}),
    "event-decisions": Staff(MANAGERS, READ, {"pk": "event"}),
    "decision-grant": Staff(MANAGERS, POST, {"pk": "request"}),
    "decision-refuse": Staff(MANAGERS, FORM, {"pk": "request"}),
    "reminder-plan": Staff(MANAGERS, READ, {"pk": "event"}),
    "reminder-edit": Staff(MANAGERS, FORM, {"pk": "event"}),
    "reminder-switch": Staff(MANAGERS, POST, {"pk": "event"}),
    "chase": Staff(MANAGERS, FORM, {"pk": "event"}),
    "chase-preview": Staff(MANAGERS, READ, {"pk": "event"}),
    "chase-mail": Staff(MANAGERS, READ, {"pk": "moved", "invitation": "told"}),
    "chase-send": Staff(MANAGERS, POST, {"pk": "event"}),
    "minutes-list": Staff(EVERYONE),
    "minutes-open": Staff(SEE_GUESTS, POST, {"pk": "begun"}),
    "minutes-edit": Staff(SEE_GUESTS, FORM, {"pk": "begun"}),
    "minutes-autosave": Staff(SEE_GUESTS, POST, {"pk": "begun"}),
    "minutes-detail": Staff(EVERYONE, arguments={"pk": "held"}),
    "minutes-pdf": Staff(EVERYONE, arguments={"pk": "held"}),
    "minutes-version": Staff(EVERYONE, arguments={"pk": "held", "number": "one"}),
    "minutes-version-pdf": Staff(EVERYONE, arguments={"pk": "held", "number": "one"}),
    "minutes-version-json": Staff(SEE_GUESTS, arguments={"pk": "held", "number": "one"}),
    "minutes-submit": Staff(SEE_GUESTS, POST, {"pk": "begun"}),
    "minutes-send-back": Staff(MANAGERS, POST, {"pk": "begun"}),
    "minutes-approve": Staff(MANAGERS, FORM, {"pk": "begun"}),
    "action-list": Staff(EVERYONE),
    "action-detail": Staff(EVERYONE, arguments={"pk": "action"}),
    "action-edit": Staff(SEE_GUESTS, FORM, {"pk": "action"}),
    "action-move": Staff(SEE_GUESTS, POST, {"pk": "action"}),
    "action-accept": Staff(SEE_GUESTS, POST, {"pk": "action"}),
    "action-revoke": Staff(SEE_GUESTS, POST, {"pk": "action"}),
}
GONE = 410  # so that a phone at the door forgets what it kept for when there is no network
TOKEN: dict[str, Token] = {
    "rsvp": Token(FORM, {"token": "invitation.token"}),
    "rsvp-substitute": Token(FORM, {"token": "invitation.token"}),
    "rsvp-calendar": Token(READ, {"token": "invitation.token"}),
    "door": Token(READ, {"token": "door_token"}, refused=GONE),
    "door-tick": Token(POST, {"token": "door_token"}, refused=GONE),
    "door-walk-in": Token(POST, {"token": "door_token"}, refused=GONE),
    "own-start": Token(FORM, {"token": "invitation.token"}),
    "own-page": Token(READ, {"token": "own_link.token"}),
    "own-export": Token(READ, {"token": "own_link.token"}),
    "own-correct": Token(FORM, {"token": "own_link.token"}),
    "own-object": Token(FORM, {"token": "own_link.token"}),
    "own-withdraw": Token(POST, {"token": "own_link.token"}),
    "own-needs": Token(POST, {"token": "own_link.token"}),
    "own-calendar": Token(READ, {"token": "own_link.token"}),
    "own-calendar-new": Token(POST, {"token": "own_link.token"}),
    "own-calendar-renew": Token(POST, {"token": "own_link.token"}),
    "own-calendar-end": Token(POST, {"token": "own_link.token"}),
    "own-erase": Token(FORM, {"token": "own_link.token"}),
    "own-address": Token(FORM, {"token": "own_address.token"}),
    "action-answer": Token(FORM, {"token": "action.token"}),
    "feed-secret": Token(READ, {"token": "feed_token"}),
}
DEMO_ONLY = frozenset(
    {404}
)  # the suite does not run as a demo; tests/post and tests/tenancy ask with DEMO on
NO_KEY = frozenset({404})  # tests/post/test_hook.py and tests/replies/test_hook.py ask with a key
OPEN: dict[str, Open] = {
    "hook-sendgrid-events": Open(POST, status=NO_KEY),
    "hook-sendgrid-inbound": Open(POST, {"secret": "mail_name"}, status=NO_KEY),
    "home": Open(status=frozenset({200, 302})),
    "public-event": Open(arguments={"uid": "event.uid"}),
    "public-series": Open(arguments={"uid": "series.uid"}, status=frozenset({302})),
    "feed-public": Open(arguments={"tenant": "tenant.slug"}),
    "public-json": Open(arguments={"tenant": "tenant.slug"}),
    "public-atom": Open(arguments={"tenant": "tenant.slug"}),
    "public-event-file": Open(arguments={"uid": "event.uid"}),
    "embed": Open(arguments={"tenant": "tenant.slug"}),
    "public-month": Open(arguments={"tenant": "tenant.slug"}),
    "about": Open(),
    "healthz": Open(),
    "readyz": Open(),
    "door-show": Open(arguments={"code": "door_token"}),
    "door-worker": Open(),
    "code": Open(FORM, status=frozenset({200, 404, 429})),
    "language-set": Open(POST, status=frozenset({200, 302, 400})),
    "scheme-set": Open(POST, status=frozenset({200, 302, 400})),
    "demo-sign-in": Open(POST, status=DEMO_ONLY),
    "mailbox": Open(status=DEMO_ONLY),
    "mailbox-mail": Open(arguments={"name": "mail_name"}, status=DEMO_ONLY),
    "mailbox-body": Open(arguments={"name": "mail_name"}, status=DEMO_ONLY),
    "mailbox-raw": Open(arguments={"name": "mail_name"}, status=DEMO_ONLY),
}
SIGNED_IN: tuple[str, ...] = ("no-desk",)

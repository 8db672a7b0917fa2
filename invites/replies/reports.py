"""Reports of mail servers: RFC 3464, and the older shapes that servers still send. Pure: a message in, facts out.

What came back is one of the outcomes that the post room knows by name: deferred, delivered, bounced, blocked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invites.post.models import Delivery
from invites.replies.parts import Part

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
SMTP_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")
ACTIONS = {
    "delayed": Delivery.DEFERRED,
    "delivered": Delivery.DELIVERED,
    "relayed": Delivery.PROCESSED,  # passed on to a server that reports no more
    "expanded": Delivery.PROCESSED,
}
# Servers are free with their numbers, so their words are heard first.
NO_SUCH = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|person|address)|does ?n[o']t exist|not exist|"
    r"recipient ?not ?found|unknown (?:recipient|local|mailbox|address)|no mailbox|mailbox (?:unavailable|not found)|"
    r"not listed in|account .{0,60}(?:disabled|inactive)|host (?:unknown|not found)|domain not found|recipnotfound|"
    r"ukjent (?:bruker|mottaker)|finnes ikke|address rejected: access denied",
    re.IGNORECASE,
)
UNWANTED = re.compile(
    r"spam|block(?:ed|list)|black ?list|blacklist|polic(?:y|ies)|dmarc|\bspf\b|dkim|reputation|greylist|rate limit|"
    r"too many|over ?quota|quota exceeded|mailbox (?:is )?full|full mailbox|too large|size limit|expired|timed out|"
    r"postkassen er full",
    re.IGNORECASE,
)
# RFC 3463 codes that say nothing against the address: mailbox full, message too big, loop, expired, congestion.
PASSING = {"2.2", "2.3", "3.1", "3.2", "3.4", "4.0", "4.5", "4.6", "4.7"}
MAILER = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|post-?master|microsoftexchange[0-9a-f]*|mdaemon)?$"
)
QMAIL = "this is the qmail-send program"
LATE = re.compile(
    r"warning: (?:message|could not)|still being retried|will be retried|delivery (?:is )?delayed|"
    r"has not (?:yet )?been delivered|not yet been delivered|delivery temporarily suspended|(?:er )?forsinket",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"undeliver|delivery (?:status notification \(failure\)|failure|has failed|failed|to the following)|"
    r"returned mail|failure notice|could not be delivered|wasn't delivered|mail delivery (?:failed|subsystem)|"
    r"permanent (?:fatal )?error|kunne ikke leveres|ikke levert|leveringsfeil|kan ikke leveres",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Report:
    """What one server says of one recipient."""

    what: Delivery
    detail: str
    recipient: str = ""


def standard(parts: Sequence[Part]) -> list[Report]:
    """The reports of a multipart/report, in its order; none when it has no part that says so."""
    found = []
    for part in parts:
        if part.kind in STATUS_PARTS:
            found += [report for group in _groups(part.text()) if (report := _report(group))]
    return found


def old_style(parts: Sequence[Part]) -> list[Report]:
    """The report of a server that writes prose (qmail, Exim, older Exchange); none when it is no such mail.

    Only a mail server's own mail counts: a person, or an absent person's program, may quote any number.
    """
    top = parts[0]
    text = "\n".join(part.text() for part in parts if part.kind.startswith("text/"))
    said = f"{top.header('Subject')}\n{text}"
    failed_for = top.header("X-Failed-Recipients")
    if not (failed_for or QMAIL in text.lower() or is_mailer(top)):
        return []
    if not (failed_for or FAILED.search(said) or LATE.search(said)):
        return []
    status, line = _status_in(text), _telling_line(text)
    late = bool(LATE.search(said)) and not FAILED.search(top.header("Subject"))
    what = Delivery.DEFERRED if late else outcome("failed", status, line)
    return [Report(what, line or top.header("Subject"), failed_for)]


def is_mailer(top: Part) -> bool:
    """Whether a message names a mail server as its sender, or nobody."""
    address = re.search(r"([^\s<>\"]{1,128})@", top.header("From"))
    local = address[1].lower() if address else top.header("From").strip(" <>\"'").lower()
    return bool(MAILER.match(local))


def outcome(action: str, status: str, said: str) -> Delivery:
    """`action` of RFC 3464 ("failed" when unknown), `status` "5.1.1" or "", and the server's own words."""
    if action in ACTIONS:
        return ACTIONS[action]
    if NO_SUCH.search(said):
        return Delivery.BOUNCED
    told = _precise(status, said)
    if told.startswith("4") or UNWANTED.search(said):
        return Delivery.BLOCKED
    rest = told.partition(".")[2]
    if rest.startswith("7.") or rest in PASSING:
        return Delivery.BLOCKED
    return Delivery.BOUNCED


def _precise(status: str, said: str) -> str:
    """`status`, or what the server's words say where it is empty or says as good as nothing (5.0.0)."""
    if status and not status.endswith(".0.0"):
        return status
    found = STATUS.search(said)
    code = SMTP_CODE.search(said)
    return found[0] if found else status or (code[1][0] if code else "")


def _report(fields: dict[str, str]) -> Report | None:
    action = fields.get("action", "").lower().split(" ")[0]
    if not action:
        return None
    found = STATUS.search(fields.get("status", ""))
    status, said = found[0] if found else "", _typed(fields.get("diagnostic-code", ""))
    recipient = _typed(fields.get("final-recipient", "") or fields.get("original-recipient", ""))
    detail = said if status in said else f"{status} {said}".strip()
    return Report(outcome(action, status, said), detail[:300], recipient)


def _groups(text: str) -> Iterator[dict[str, str]]:
    """The blocks of fields in a delivery-status part: one about the message, then one for each recipient."""
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        fields: dict[str, str] = {}
        for line in re.sub(r"\r?\n[ \t]+", " ", block).splitlines():
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), " ".join(value.split())[:1000])
        if fields:
            yield fields


def _typed(value: str) -> str:
    """`smtp; 550 no` -> `550 no`; `rfc822;ola@…` -> `ola@…`."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and " " not in kind.strip() else value.strip()


def _status_in(text: str) -> str:
    found = STATUS.search(text)
    return found[0] if found else ""


def _telling_line(text: str) -> str:
    """The first line with a status or a code in it, which is what the other server said."""
    for whole in text.splitlines():
        line = whole[:1000]
        if STATUS.search(line) or SMTP_CODE.search(line) or NO_SUCH.search(line):
            return " ".join(line.split())[:300]
    return ""

"""What the receiving side found out about the sender: Authentication-Results (RFC 8601), or SendGrid's fields. Pure.

Anybody can write such a header, so only those count that our own receiver put on top, by its name.
"""

import re
from collections.abc import Iterator, Sequence

from invites.replies.said import Authentication, Verdict

MOST_HEADERS = 20
MOST_DOMAINS = 20
LONGEST = 8_000
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*(dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"\bheader\.[di]\s*=\s*\"?(?:[^\s@;\"]{0,200}@)?([^\s@;\"]{1,255})", re.IGNORECASE)
_PROVIDERS = re.compile(r"@([^\s:,{}@]{1,255})\s*:\s*([a-z]+)", re.IGNORECASE)
_FAILED = ("fail", "softfail", "hardfail", "policy")


def authentication(
    headers: Sequence[tuple[str, str]], *, receiver: str = "", dkim: str = "", spf: str = ""
) -> Authentication:
    """`dkim` and `spf` as SendGrid's fields say them: they count before `headers`, the mail's own in their order.

    `receiver` is the authserv-id of our mail server; without it no header is believed.
    """
    if dkim or spf:
        return _of_provider(dkim, spf)
    verdicts: dict[str, list[tuple[str, str]]] = {}
    for value in _ours(headers, receiver):
        said: dict[str, list[tuple[str, str]]] = {}
        for method, result, domain in _results(value):
            said.setdefault(method, []).append((result, domain))
        verdicts = said | verdicts  # a header further up is newer, hence ours
    signed = verdicts.get("dkim", [])
    domains = (domain for result, domain in signed if result == "pass" and domain)
    return Authentication(
        _verdict([result for result, _domain in signed]),
        _verdict([result for result, _domain in verdicts.get("spf", [])]),
        tuple(dict.fromkeys(domains))[:MOST_DOMAINS],
    )


def _of_provider(dkim: str, spf: str) -> Authentication:
    signed = [(found[2].lower(), _tidy(found[1])) for found in _PROVIDERS.finditer(dkim[:LONGEST])]
    domains = (domain for result, domain in signed if result == "pass")
    return Authentication(
        _verdict([result for result, _domain in signed]),
        _verdict([spf.strip().lower()]),
        tuple(dict.fromkeys(domains))[:MOST_DOMAINS],
    )


def _ours(headers: Sequence[tuple[str, str]], receiver: str) -> Iterator[str]:
    """From our first one down to the next Received: what is below that came with the mail."""
    begun = 0
    for name, value in headers:
        if begun and name.lower() == "received":
            return
        if name.lower() != "authentication-results" or not receiver:
            continue
        server, _semicolon, results = value[:LONGEST].partition(";")
        if (server.split() or [""])[0].lower() != receiver.lower() or begun >= MOST_HEADERS:
            return
        begun += 1
        yield results


def _results(value: str) -> Iterator[tuple[str, str, str]]:
    for one in _COMMENT.sub(" ", value).split(";"):
        if found := _RESULT.match(one):
            domain = _DOMAIN.search(one)
            yield found[1].lower(), found[2].lower(), _tidy(domain[1]) if domain else ""


def _verdict(results: Sequence[str]) -> Verdict:
    if "pass" in results:
        return Verdict.PASSED
    return Verdict.FAILED if any(result in _FAILED for result in results) else Verdict.UNKNOWN


def _tidy(domain: str) -> str:
    return domain.lower().strip('".')

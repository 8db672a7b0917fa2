"""Whose word counts (ADR 0023). Pure: addresses and what the provider found out in, a verdict out.

The reply address is the first proof: it is unguessable, and only the invitee got it. The rest guards against those
whom the mail was forwarded to, and those who learnt the address in another way.
"""

from collections.abc import Collection
from enum import Enum

from invites.replies.said import Authentication, Verdict

# Mail for everybody: who shares such a domain has nothing in common.
PUBLIC = frozenset(
    (
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.dk",
        "hotmail.com",
        "hotmail.no",
        "hotmail.se",
        "hotmail.dk",
        "hotmail.co.uk",
        "live.com",
        "live.no",
        "live.se",
        "live.dk",
        "msn.com",
        "yahoo.com",
        "yahoo.no",
        "yahoo.se",
        "yahoo.dk",
        "yahoo.co.uk",
        "ymail.com",
        "rocketmail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "online.no",
        "broadpark.no",
        "getmail.no",
        "lyse.net",
        "altibox.no",
        "c2i.net",
        "frisurf.no",
        "start.no",
        "epost.no",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "tuta.io",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "mail.com",
        "mail.ru",
        "yandex.com",
        "yandex.ru",
        "zoho.com",
        "fastmail.com",
        "runbox.com",
        "runbox.no",
        "telia.com",
        "bredband.net",
        "comhem.se",
        "spray.se",
        "jubii.dk",
        "mail.dk",
        "stofanet.dk",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "ukr.net",
        "i.ua",
        "qq.com",
        "163.com",
        "hey.com",
    )
)


class Word(Enum):
    OWN = "the invitee's own"
    SECRETARY = "somebody of the same domain answers for the invitee, signed by that domain"
    STRANGER = "somebody else's"
    DOUBTED = "the invitee's own address, but the provider could not confirm it"


def plain(address: str) -> str:
    """In lower case, without a +tag."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def whose(
    *, invited: Collection[str], sender: str, auth: Authentication, attendee: str = "", sent_by: str = ""
) -> Word:
    """`invited` are the addresses of the invitee; `attendee` whom a calendar answers for, "" for a text.

    `sent_by` is who answered for them, by the calendar's own word: it only ever takes away, since anybody may write it.
    """
    own = {plain(address) for address in invited if address}
    if not own or not sender or (attendee and plain(attendee) not in own):
        return Word.STRANGER
    others = {plain(one) for one in (sender, sent_by) if one} - own
    if not others:
        return Word.DOUBTED if _spoken_against(auth) else Word.OWN
    if attendee and all(_of_the_same_house(one, own, auth) for one in others):
        return Word.SECRETARY
    return Word.STRANGER


def _spoken_against(auth: Authentication) -> bool:
    """Something failed and nothing passed. Without any verdict the reply address is the proof (a pipe of one's own)."""
    verdicts = (auth.dkim, auth.spf)
    return Verdict.FAILED in verdicts and Verdict.PASSED not in verdicts


def _of_the_same_house(address: str, own: Collection[str], auth: Authentication) -> bool:
    domain = address.rpartition("@")[2]
    if domain in PUBLIC or domain not in {one.rpartition("@")[2] for one in own}:
        return False
    return auth.dkim == Verdict.PASSED and any(_aligned(domain, signer) for signer in auth.dkim_domains)


def _aligned(domain: str, signer: str) -> bool:
    """The domain itself signed, or a part of it; one above it might be a whole country's."""
    signer = signer.lower().rstrip(".")
    return signer == domain or signer.endswith(f".{domain}")

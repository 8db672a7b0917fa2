"""The name of a web site as somebody types it, in the one form that a browser compares it in. Pure."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 253  # of a host name (RFC 1035)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
HTTPS = 443


class NoHost(ValueError):
    """What was typed names no single host; its message says why, in the active language."""


def read(typed: str) -> str:
    """ "https://www.Sørum.no/" -> "www.xn--srum-gra.no"; a port other than https's own stays. Raises NoHost.

    A policy names hosts in ASCII (CSP level 3, section 2.3.1), so letters beyond it are written as IDNA does.
    """
    name = re.sub(r"^https://", "", typed.strip().casefold()).removesuffix("/")
    _refuse_more_than_a_host(name)
    name, colon, port = name.partition(":")
    host = _ascii(name.removesuffix("."))
    if not colon:
        return host
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 2**16:
        raise NoHost(_("After the colon stands a port, a number from 1 to 65535."))
    return host if int(port) == HTTPS else f"{host}:{int(port)}"


def shown(host: str) -> str:
    """The host as people write it. What is not plain ASCII stays beside it, so that look-alikes are noticed."""
    try:
        name = host.encode().decode("idna")
    except UnicodeError:
        return host
    return host if name == host else f"{name} ({host})"


def origin(host: str) -> str:
    """As a policy names it: only over https, unless we ourselves are asked without (a demo, the tests)."""
    return f"{'https' if settings.SECURE_SITE else 'http'}://{host}"


def _refuse_more_than_a_host(name: str) -> None:
    if "*" in name:
        raise NoHost(_("Write each host by itself: a star would let in sites that are not yours."))
    if name.startswith("http:") or "://" in name:
        raise NoHost(_("Only sites over https can show the list. Write the host alone."))
    if re.search(r"[/?#\\]", name):
        raise NoHost(_("Write the host alone, without what follows the slash."))
    if "@" in name:
        raise NoHost(_("This is an e-mail address. Write the host of the web site, such as www.kommune.no."))


def _ascii(name: str) -> str:
    try:
        host = name.encode("idna").decode()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(host) > LONGEST or len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        raise NoHost(_("This is not the host of a web site. It looks like www.kommune.no."))
    if labels[-1].isdigit():
        raise NoHost(_("Write the host's name, not its number."))
    return host

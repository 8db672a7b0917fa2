"""How often a short code may be tried (ADR 0015): counters in Django's cache, shared by all processes.

Tries are counted in windows of fixed length; a right code gives its try back. allauth's own helper is not used: it says
of itself that it is to become internal. Which address tried is kept as a hash, and for one window only.
"""

import contextlib
import hashlib
import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

WINDOW = 300  # seconds; no longer than Django's own, for a file cache forgets the time-out when it counts
FROM_ONE_ADDRESS = 10  # wrong tries a window; a household, or a town hall behind one address, needs fewer
FROM_EVERYBODY = 200
HOST_BITS = {4: 32, 6: 64}  # a household owns a whole /64 of IPv6


def take(request: HttpRequest) -> int:
    """Counts a try. 0: go on; otherwise how many seconds to wait, and the try must not be looked at.

    A try beyond what one address may do is not counted among everybody's: one address alone shuts nobody else out.
    """
    now = time.time()
    window = int(now // WINDOW)
    alone = _count(_from(request), window) > FROM_ONE_ADDRESS
    if alone or _count("all", window) > FROM_EVERYBODY:
        return WINDOW - int(now % WINDOW)
    return 0


def give_back(request: HttpRequest) -> None:
    """The last try was right and does not count."""
    window = int(time.time() // WINDOW)
    for name in (_from(request), "all"):
        with contextlib.suppress(ValueError):  # the window is over
            cache.decr(_key(name, window))


def _count(name: str, window: int) -> int:
    key = _key(name, window)
    cache.add(key, 0, timeout=WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two lines
        return 1


def _key(name: str, window: int) -> str:
    return f"svar:{name}:{window}"


def _from(request: HttpRequest) -> str:
    """The client's network, behind as many proxies as TRUSTED_PROXY_COUNT says (allauth reads that setting)."""
    try:
        told = get_adapter().get_client_ip(request)
        address = ipaddress.ip_address(told)
        network = str(ipaddress.ip_network((address, HOST_BITS[address.version]), strict=False))
    except (PermissionDenied, ValueError):
        network = "unknown"
    return hashlib.sha256(network.encode()).hexdigest()[:32]

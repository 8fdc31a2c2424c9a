"""Who asks: the one place that reads a client's address.

Behind reverse proxies (``DOUDI_PROXIES``, n of them) it is what the outermost trusted one wrote: the n-th entry from the
right of ``X-Forwarded-For``. What stands further left was sent by the client, who may write anything. Without proxies the
header is not believed at all.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address, as a text that two spellings share; an unreadable one is a client of its own, ``?``."""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        # Fewer hops than proxies: somebody asks past them, and is who the connection says.
        told = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES and hops[0].strip() else told
    return str(_read(told) or "?")


def network_of(address: str) -> str:
    """What limits count by: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    read = _read(address)
    if isinstance(read, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read or "?")


# One request asks several times, and those who ask ask again.
@lru_cache(maxsize=1024)
def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        read = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return read.ipv4_mapped or read if isinstance(read, ipaddress.IPv6Address) else read

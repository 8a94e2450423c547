"""How much strangers may ask of the pages that are open to everybody."""

import ipaddress
import math
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request

from aftercare_http import Problem, TokenBuckets

EVERYBODY = ""
# Who has one IPv6 address has a whole network of them.
_NETWORK_BITS = 64


class Turnstile:
    """Lets so many pass a minute from each address, and from all together.

    Each replica counts for itself.
    """

    def __init__(
        self, per_minute: float, together_per_minute: float, now: Callable[[], datetime]
    ) -> None:
        self._each = TokenBuckets(per_minute / 60, per_minute)
        self._together = TokenBuckets(together_per_minute / 60, together_per_minute)
        self._now = now

    def pass_or_refuse(self, request: Request) -> None:
        """Raises Problem 429 with `Retry-After`."""
        now = self._now().timestamp()
        client = request.client.host if request.client else EVERYBODY
        wait_s = self._each.wait_for(network_of(client), now)
        wait_s = wait_s or self._together.wait_for(EVERYBODY, now)
        if wait_s > 0:
            headers = {"Retry-After": str(math.ceil(wait_s))}
            raise Problem(429, "rate-limited", "Too many requests", headers=headers)


def network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4 or parsed.ipv4_mapped:
        return address
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))

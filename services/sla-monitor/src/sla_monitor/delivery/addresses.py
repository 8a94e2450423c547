"""Where a webhook may go: to the public internet, and into the own network only if allowed."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Translates to any IPv4 address, private ones included.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(rb"[A-Za-z0-9._:-]{1,253}")
_PORTS = range(1, 65_536)
MAX_URL = 2_000


class NotAllowed(Exception):
    """The name leads into a network that webhooks may not reach."""


def checked_url(url: str) -> httpx.URL:
    """An address for a webhook. Raises ValueError with a sentence that does not repeat it."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise ValueError("is no URL") from None
    if parsed.scheme not in ("http", "https") or not _HOST.fullmatch(parsed.raw_host):
        raise ValueError("must be an http or https URL with a host")
    if parsed.port is not None and parsed.port not in _PORTS:
        raise ValueError("must have a port from 1 to 65535")
    if parsed.userinfo:
        raise ValueError("must not hold credentials")
    if parsed.fragment or len(url) > MAX_URL:
        raise ValueError(f"must have no fragment and at most {MAX_URL} characters")
    return parsed


async def resolve(url: httpx.URL, *, private: bool) -> str:
    """One address of the URL's host; it is used for the connection, so that it cannot change.

    Raises NotAllowed when any of its addresses is not public (unless `private`), OSError.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(
        url.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM
    )
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all_public(addresses):
        raise NotAllowed("the address lies in a private network")
    return addresses[0]


def all_public(addresses: Sequence[str]) -> bool:
    """One private address among several is enough to refuse the name."""
    return all(is_public(ipaddress.ip_address(one.partition("%")[0])) for one in addresses)


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        if address in _NAT64:
            return False
    return address.is_global and not address.is_multicast

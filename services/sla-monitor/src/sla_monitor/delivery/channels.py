"""Messages to people through the channels they gave: DingTalk, WeCom, Feishu, mail and others."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, cast

import apprise

from ..domain.notification import Failure

TIMEOUT_SECONDS = 20.0
# They show a window, or write into the log, of the machine we run on.
_OF_THIS_MACHINE = ("dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows")


def is_channel(url: str) -> bool:
    """Whether the notification library can send to this address from a server."""
    return url.partition(":")[0].lower() not in _OF_THIS_MACHINE and _channel(url) is not None


async def ring(channels: Sequence[str], title: str, text: str) -> Failure | None:
    """Tell somebody on all of their channels at once; one that takes it is enough.

    The library blocks, so each channel has a thread. The failure names no address.
    """
    # What the library logs holds addresses.
    logging.getLogger("apprise").disabled = True
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            taken = await asyncio.gather(
                *(asyncio.to_thread(_send, url, title, text) for url in channels)
            )
    except TimeoutError:
        return Failure(f"no channel answered within {TIMEOUT_SECONDS:.0f} s")
    return None if any(taken) else Failure("no channel took the message")


def _send(url: str, title: str, text: str) -> bool:
    channel = _channel(url)
    return channel is not None and bool(channel.notify(body=text, title=title))


def _channel(url: str) -> Any:
    return cast("Any", apprise.Apprise.instantiate(url, suppress_exceptions=True))

"""History as lines of JSON: CloudEvents with their position as the extension `sequence`."""

from collections.abc import Iterable

import msgspec

from .envelope import Recorded

_encode = msgspec.json.Encoder().encode


def line(recorded: Recorded) -> bytes:
    """One event, newline included."""
    return b'%b,"sequence":%d}\n' % (_encode(recorded.event)[:-1], recorded.position)


def lines(batch: Iterable[Recorded]) -> bytes:
    return b"".join(map(line, batch))

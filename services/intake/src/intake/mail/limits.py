"""What a message may cost before anybody parses it.

The standard parser takes seconds for a megabyte of empty parts and recurses into nested ones;
these limits are checked on the raw bytes, in linear time.
"""

import re

MAX_BYTES = 25 * 1024 * 1024
# A larger one is kept whole in quarantine, up to this; what is larger still is turned away.
KEPT_BYTES = 2 * MAX_BYTES
MAX_HEADER_BYTES = 64 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20


class LimitBroken(ValueError):
    """The message exceeds a limit; the text is its stable code."""


_BOUNDARY = re.compile(rb'boundary\*?\d*\*?=[ \t]*"?([^"\r\n;]{1,200})', re.IGNORECASE)
_NESTED_MESSAGE = re.compile(rb"^content-type:[ \t]*message/", re.IGNORECASE | re.MULTILINE)
_DELIMITER = re.compile(rb"^--[^\r\n]*", re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def check_limits(raw: bytes) -> None:
    """Raises LimitBroken."""
    if len(raw) > MAX_BYTES:
        raise LimitBroken("too-large")
    if _header_bytes(raw) > MAX_HEADER_BYTES:
        raise LimitBroken("header-too-large")
    boundaries = _BOUNDARY.findall(raw)
    if len(boundaries) + len(_NESTED_MESSAGE.findall(raw)) > MAX_DEPTH:
        raise LimitBroken("too-deep")
    if boundaries and _delimiters(raw, boundaries) > MAX_PARTS:
        raise LimitBroken("too-many-parts")


def _header_bytes(raw: bytes) -> int:
    end = _END_OF_HEADER.search(raw, 0, MAX_HEADER_BYTES + 4)
    return end.start() if end else len(raw)


def _delimiters(raw: bytes, boundaries: list[bytes]) -> int:
    """How many lines open a part. A boundary cut into pieces (RFC 2231) could be any of them."""
    starts = tuple(b"--" + boundary.rstrip() for boundary in boundaries)
    return sum(line.startswith(starts) for line in _DELIMITER.findall(raw))

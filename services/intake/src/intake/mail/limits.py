"""What a message may cost before anybody parses it.

The standard parser takes seconds for a megabyte of empty parts and recurses into nested ones;
these limits are checked on the raw bytes, in linear time.
"""

import re

MAX_BYTES = 25 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20
_BOUNDARY = re.compile(rb'boundary\*?\d*\*?=[ \t]*"?([^"\r\n;]{1,200})', re.IGNORECASE)
_NESTED_MESSAGE = re.compile(rb"^content-type:[ \t]*message/", re.IGNORECASE | re.MULTILINE)
_DELIMITER = re.compile(rb"^--[^\r\n]*", re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def broken_limit(raw: bytes) -> str | None:
    """The limit that a message exceeds, as a stable code; None when it may be parsed."""
    if len(raw) > MAX_BYTES:
        return "too-large"
    if _header_bytes(raw) > MAX_HEADER_BYTES:
        return "header-too-large"
    boundaries = _BOUNDARY.findall(raw)
    if len(boundaries) + len(_NESTED_MESSAGE.findall(raw)) > MAX_DEPTH:
        return "too-deep"
    if boundaries and _delimiters(raw, boundaries) > MAX_PARTS:
        return "too-many-parts"
    return None


def _header_bytes(raw: bytes) -> int:
    end = _END_OF_HEADER.search(raw, 0, MAX_HEADER_BYTES + 4)
    return end.start() if end else len(raw)


def _delimiters(raw: bytes, boundaries: list[bytes]) -> int:
    """How many lines open a part. A boundary cut into pieces (RFC 2231) could be any of them."""
    starts = tuple(b"--" + boundary.rstrip() for boundary in boundaries)
    return sum(line.startswith(starts) for line in _DELIMITER.findall(raw))

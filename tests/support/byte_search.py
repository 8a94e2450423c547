"""Finds words in the bytes of files, in whatever disguise storing and sending gave them."""

import html
import json
import re
import zlib
from base64 import b64encode
from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from quopri import encodestring
from urllib.parse import quote

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_MOST_INFLATED = 64 << 20


def disguises(word: str) -> Mapping[str, bytes]:
    """How a word may stand in a file, by the name of the encoding."""
    found: dict[str, bytes] = {}
    for charset in CHARSETS:
        plain = word.encode(charset)
        found[charset] = plain
        found[f"{charset} in hex"] = hexlify(plain)
        for skipped in range(3):
            found[f"{charset} in base64 after {skipped}"] = _aligned_base64(plain, skipped)
    utf8 = word.encode()
    found["JSON escapes"] = json.dumps(word)[1:-1].encode()
    found["JSON escapes in capitals"] = re.sub(
        rb"\\u[0-9a-f]{4}", lambda m: b"\\u" + m[0][2:].upper(), found["JSON escapes"]
    )
    found["quoted-printable"] = encodestring(utf8).replace(b"=\n", b"")
    found["percent"] = quote(word, safe="").encode()
    found["percent in small letters"] = re.sub(
        rb"%[0-9A-F]{2}", lambda m: m[0].lower(), found["percent"]
    )
    found["a form"] = quote(word, safe="").replace("%20", "+").encode()
    found["HTML"] = html.escape(word).encode("ascii", "xmlcharrefreplace")
    return found


def _aligned_base64(plain: bytes, skipped: int) -> bytes:
    """The part of base64 that is the same whatever stands before (`skipped` bytes) and after."""
    encoded = b64encode(bytes(skipped) + plain)
    first, last = -(-skipped * 8 // 6), (skipped + len(plain)) * 8 // 6
    return encoded[first:last]


class Search:
    """Looks for every disguise of some words; `files` and `bytes` count what was looked at."""

    def __init__(self, words: Iterable[str]) -> None:
        self._needles = {
            needle: f"{word} as {name}"
            for word in words
            for name, needle in disguises(word).items()
        }
        self.files = self.bytes = 0

    def folder(self, folder: Path) -> set[str]:
        """What is found in which file below a folder."""
        found = set[str]()
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                self.files += 1
                found |= {
                    f"{path.relative_to(folder)}: {one}" for one in self.text(path.read_bytes())
                }
        return found

    def text(self, content: bytes) -> set[str]:
        """What is found in these bytes, in what they hold compressed, and across broken lines."""
        self.bytes += len(content)
        found = set[str]()
        for view in (content, *_joined(content), *_inflated(content)):
            for needle, what in self._needles.items():
                if (start := view.find(needle)) >= 0:
                    found.add(f"{what}, after {view[max(0, start - 100) : start]!r}")
        return found


def _joined(content: bytes) -> Iterator[bytes]:
    """Without the line breaks that mail puts into words."""
    if b"\n" in content:
        yield content.replace(b"=\r\n", b"").replace(b"=\n", b"").translate(None, b"\r\n")


def _inflated(content: bytes) -> Iterator[bytes]:
    for start in _COMPRESSED.finditer(content):
        reader = zlib.decompressobj(47)
        try:
            inflated = reader.decompress(content[start.start() :], _MOST_INFLATED)
        except zlib.error:
            continue
        yield inflated

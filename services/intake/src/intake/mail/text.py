"""Bytes of a mail as readable text: Chinese charsets, false labels, HTML."""

import codecs
import re
from email.header import decode_header
from html.parser import HTMLParser

# Mails labelled GB2312 or GBK use characters of its successor; the same holds for Big5.
_WIDER = {
    **dict.fromkeys(("gb2312", "gb-2312-80", "gbk", "x-gbk", "cp936", "hz"), "gb18030"),
    **dict.fromkeys(("big5", "x-x-big5", "cp950"), "big5hkscs"),
    "us-ascii": "utf-8",
}
_GUESSES = ("utf-8", "gb18030", "big5hkscs")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_BLOCKS = frozenset({"p", "br", "h1", "h2", "h3", "table", "blockquote"})
# They begin a line, but no paragraph.
_LINES = frozenset({"div", "tr", "li"})
_SILENT = frozenset({"script", "style", "head", "title"})


def decoded(raw: bytes, charset: str | None) -> str:
    """Text in the charset it claims; failing that, in one that fits; never an error."""
    for name in (_codec(charset), *_GUESSES):
        if name is not None:
            try:
                return clean(raw.decode(name))
            except (UnicodeDecodeError, LookupError):
                continue
    return clean(raw.decode("latin-1"))


def header_text(value: str) -> str:
    """An encoded header (RFC 2047), or one in bare bytes of some charset, as text on one line."""
    pieces: list[str] = []
    for content, charset in decode_header(_undisguised(value)):
        pieces.append(decoded(content, charset) if isinstance(content, bytes) else content)
    return clean(" ".join("".join(pieces).split()))


def _undisguised(value: str) -> str:
    """The parser hides bytes that are not ASCII in surrogates."""
    raw = value.encode("utf-8", "surrogateescape")
    return value if raw.isascii() else decoded(raw, None)


def unflowed(text: str, *, delsp: bool = False) -> str:
    """Paragraphs that `format=flowed` (RFC 3676) broke into lines, whole again."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        said = line.removeprefix(" ")
        joins = goes_on and not said.startswith(">") and said != "-- "
        goes_on = said.endswith(" ") and said != "-- " and not said.startswith(">")
        said = said[:-1] if goes_on and delsp else said
        if joins:
            lines[-1] += said
        else:
            lines.append(said)
    return "\n".join(lines)


def clean(text: str) -> str:
    """Without control characters, which no database and no reader wants."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def html_text(markup: str) -> str:
    """What a reader of the HTML would see, one line per block."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = "".join(reader.pieces).splitlines()
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _codec(charset: str | None) -> str | None:
    if charset is None:
        return None
    name = charset.strip().lower().replace("_", "-")
    name = _WIDER.get(name, name)
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Only text encodings: "hex" or "zip" would be an attack, not a charset.
    return known.name if getattr(known, "_is_text_encoding", False) else None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)

    def _break(self, tag: str) -> None:
        is_open_line = bool(self.pieces) and self.pieces[-1] != "\n"
        if tag in _BLOCKS or (tag in _LINES and is_open_line):
            self.pieces.append("\n")

"""What a file is, by its bytes: names are whatever their sender likes."""

_SIGNATURES: tuple[tuple[str, int, bytes], ...] = (
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/gif", 0, b"GIF8"),
    ("image/webp", 8, b"WEBP"),
    ("image/heic", 4, b"ftyphei"),
    ("image/heic", 4, b"ftypmif1"),
    ("image/tiff", 0, b"II*\x00"),
    ("image/tiff", 0, b"MM\x00*"),
    ("application/pdf", 0, b"%PDF-"),
    ("application/zip", 0, b"PK\x03\x04"),
    ("application/gzip", 0, b"\x1f\x8b\x08"),
    ("video/mp4", 4, b"ftyp"),
)
# What terminals write is text too: tab, line ends, form feed, escape.
_NO_TEXT = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def media_type_of(content: bytes) -> str | None:
    """One of what customers may send: pictures, a film, PDF, text, an archive of those; else None.

    Office documents are archives.
    """
    for media_type, offset, signature in _SIGNATURES:
        if content.startswith(signature, offset):
            return media_type
    return "text/plain" if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    """Logs come in UTF-8, in GB18030, and from Windows in UTF-16 with a mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _reads(content, "utf-16")
    if len(content.translate(None, _NO_TEXT)) < len(content):
        return False
    return _reads(content, "utf-8") or _reads(content, "gb18030")


def _reads(content: bytes, charset: str) -> bool:
    try:
        content.decode(charset)
    except UnicodeDecodeError:
        return False
    return True

"""IN-01: which files customers may send, told by their bytes."""

import pytest

from aftercare_events.media_type import media_type_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
        (b"%PDF-1.4\x00", "application/pdf"),
        (b"PK\x03\x04\x00", "application/zip"),
        (b"\x1f\x8b\x08\x00", "application/gzip"),
        (b"plain\ttext\r\n\x1b[31mred\x1b[0m", "text/plain"),
        ("温度过高".encode(), "text/plain"),
        ("温度过高".encode("gb18030"), "text/plain"),
        ("温度过高".encode("utf-16"), "text/plain"),
    ],
)
def test_what_customers_send_is_recognised(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00",
        b"\x7fELF\x02",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"a\x00b",
        b"\xff\xfe\x00",
        b"\x81",
    ],
)
def test_anything_else_is_not(content: bytes) -> None:
    assert media_type_of(content) is None

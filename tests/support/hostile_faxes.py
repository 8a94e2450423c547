"""Faxes that somebody made to hurt, each reproducible from its number."""

import io
import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image
from pypdf import PdfWriter

from intake.fax.decode import MAX_BYTES

from .faxes import tiff, typed

SHORT, LONG = 3, 4
WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES = 273, 278, 279
GROUP_4 = 4
HUGE = 2**31 - 1

_PAGE = typed(["FAX 传真 IT-SRV-01"], size=(400, 204))
_FAX = tiff(_PAGE, _PAGE, _PAGE)


def hostile_fax(number: int) -> bytes:
    """Every way of doing harm comes round, each time a little different."""
    chance = random.Random(number)
    return WAYS[number % len(WAYS)](chance)


def sound(_: random.Random) -> bytes:
    return _FAX


def as_large_as_may_be(chance: random.Random) -> bytes:
    """A fax with nothing but ballast behind it."""
    return _FAX + bytes(MAX_BYTES - len(_FAX))


def other_file(chance: random.Random) -> bytes:
    start = chance.choice([b"", b"GIF89a", b"MZ", b"PK\x03\x04", b"<html>", b"\x89PNG\r\n"])
    return start + chance.randbytes(chance.randrange(200))


def cut_off(chance: random.Random) -> bytes:
    return _FAX[: chance.randrange(len(_FAX))]


def bits_turned(chance: random.Random) -> bytes:
    damaged = bytearray(_FAX)
    for _ in range(chance.randrange(1, 40)):
        damaged[chance.randrange(8, len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def noise_after_the_magic(chance: random.Random) -> bytes:
    magic = chance.choice([b"II*\x00", b"MM\x00*", b"%PDF-1.7\n"])
    return magic + chance.randbytes(chance.randrange(4, 5_000))


def endless_chain(chance: random.Random) -> bytes:
    """Directories that lead back to one before."""
    first = 8
    size = len(_directory([(WIDTH, SHORT, 8)], 0))
    second = first + size
    back = chance.choice([first, second])
    return (
        b"II*\x00"
        + struct.pack("<I", first)
        + _directory([(WIDTH, SHORT, 8)], second)
        + _directory([(WIDTH, SHORT, 8)], back)
    )


def endless_pages(chance: random.Random) -> bytes:
    """A real page whose directory names itself as the next."""
    data = b"\x00" * 8
    entries = _page_entries(8, 8, offset=8, length=len(data))
    at = 8 + len(data)
    return b"II*\x00" + struct.pack("<I", at) + data + _directory(entries, at)


def bomb(chance: random.Random) -> bytes:
    """A page of far more dots than its bytes can hold, or paper has room for."""
    width, length = chance.choice([(60_000, 60_000), (HUGE, HUGE), (1, HUGE), (HUGE, 1)])
    return _page(width, length, b"\x26\xa0" * 4)


def white_sheet_without_end(chance: random.Random) -> bytes:
    """Group 4 that really unpacks: a few bytes for each thousand rows."""
    out = io.BytesIO()
    size = chance.randrange(6_400, 7_000)
    Image.new("1", (size, size), 1).save(out, "TIFF", compression="group4")
    return out.getvalue()


def strip_elsewhere(chance: random.Random) -> bytes:
    data = b"\x26\xa0" * 8
    offset, length = chance.choice([(HUGE, 16), (8, HUGE), (0, 0), (4, 2**32 - 1)])
    entries = _page_entries(64, 64, offset=offset, length=length)
    return b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + _directory(entries, 0)


def full_directory(chance: random.Random) -> bytes:
    """More entries than the file has bytes."""
    count = chance.choice([0, 1_000, 65_535])
    return b"II*\x00" + struct.pack("<IH", 8, count) + chance.randbytes(600)


def too_many_pages(chance: random.Random) -> bytes:
    page = Image.new("1", (8, 8), 1)
    return tiff(*[page] * chance.choice([201, 300]))


def pdf_bomb(chance: random.Random) -> bytes:
    """A stream that unpacks to hundreds of megabytes, twice over."""
    packed = zlib.compress(zlib.compress(b"0 0 m " * 10_000_000, 9), 9)
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
            b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream"
            % (len(packed), packed),
        ]
    )


def pdf_pages_in_a_ring(chance: random.Random) -> bytes:
    kids = chance.choice([b"[2 0 R]", b"[2 0 R 2 0 R]", b"[1 0 R]"])
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids%s/Count %d>>" % (kids, chance.choice([1, 100, HUGE])),
        ]
    )


def pdf_nested(chance: random.Random) -> bytes:
    depth = chance.choice([1_000, 100_000])
    return _pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"[" * depth + b"]" * depth])


def pdf_of_a_giant(chance: random.Random) -> bytes:
    """Sound, but for a sheet as large as a house."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=10 ** chance.randrange(5, 9), height=10**6)
    writer.write(out)
    return out.getvalue()


def pdf_locked(chance: random.Random) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.encrypt(chance.choice(["secret", "geheim"]), algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


WAYS: tuple[Callable[[random.Random], bytes], ...] = (
    sound,
    as_large_as_may_be,
    other_file,
    cut_off,
    bits_turned,
    noise_after_the_magic,
    endless_chain,
    endless_pages,
    bomb,
    white_sheet_without_end,
    strip_elsewhere,
    full_directory,
    too_many_pages,
    pdf_bomb,
    pdf_pages_in_a_ring,
    pdf_nested,
    pdf_of_a_giant,
    pdf_locked,
)


def _page(width: int, length: int, data: bytes) -> bytes:
    entries = _page_entries(width, length, offset=8, length=len(data))
    return b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + _directory(entries, 0)


def _page_entries(
    width: int, height: int, *, offset: int, length: int
) -> list[tuple[int, int, int]]:
    return [
        (WIDTH, LONG, width),
        (LENGTH, LONG, height),
        (BITS, SHORT, 1),
        (COMPRESSION, SHORT, GROUP_4),
        (PHOTOMETRIC, SHORT, 0),
        (STRIP_OFFSETS, LONG, offset),
        (ROWS_PER_STRIP, LONG, height),
        (STRIP_BYTES, LONG, length),
    ]


def _directory(entries: list[tuple[int, int, int]], following: int) -> bytes:
    """A directory of single values; `following` is where the next one starts."""
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def _pdf(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(out))
    )

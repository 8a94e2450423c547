"""Is it a fax that can be opened? Found out by opening it, in a process of its own."""

import io
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageSequence, UnidentifiedImageError
from pypdfium2 import PdfDocument, PdfiumError

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 200
# A page of A3 in the finest resolution that faxes know has 31 million dots.
MAX_PIXELS = 40_000_000
IMAGE_DESCRIPTION = 270
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{3,30}")
TIFF_MAGIC = (b"II*\x00", b"MM\x00*")
PDF_MAGIC = b"%PDF-"


class Unreadable(ValueError):
    """It cannot be opened as what it claims to be; the message says why."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A fax that can be opened; `sender` is the number it gives itself, where a fax server wrote
    it into the file as HylaFAX does."""

    pages: int
    sender: str | None = None


def media_type(content: bytes) -> str:
    """`image/tiff` or `application/pdf`, by the first bytes. Raises Unreadable."""
    if content.startswith(TIFF_MAGIC):
        return "image/tiff"
    if content.startswith(PDF_MAGIC):
        return "application/pdf"
    raise Unreadable("neither TIFF nor PDF")


def opened(content: bytes) -> Opened:
    """What there is, after each page was opened. Raises Unreadable."""
    if media_type(content) == "image/tiff":
        return _opened_tiff(content)
    return Opened(_pdf_pages(content))


def _opened_tiff(content: bytes) -> Opened:
    try:
        with Image.open(io.BytesIO(content), formats=["TIFF"]) as image:
            sender = _sender(image)
            return Opened(sum(1 for page in ImageSequence.Iterator(image) if _opens(page)), sender)
    except UnidentifiedImageError as error:
        raise Unreadable("damaged TIFF: no page in it") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"damaged TIFF: {error}") from error


def _sender(image: Any) -> str | None:
    """The first line of the description; the lines after it tell of the call."""
    description = image.tag_v2.get(IMAGE_DESCRIPTION)
    first = description.partition("\n")[0].strip() if isinstance(description, str) else ""
    return first if _NUMBER.fullmatch(first) else None


def _opens(page: Image.Image) -> bool:
    if page.width * page.height > MAX_PIXELS:
        raise Unreadable("a page is larger than any fax")
    if page.tell() >= MAX_PAGES:
        raise Unreadable(f"more than {MAX_PAGES} pages")
    page.load()
    return True


def _pdf_pages(content: bytes) -> int:
    try:
        document = PdfDocument(content)
        try:
            count = len(document)
            if not 0 < count <= MAX_PAGES:
                raise Unreadable(f"{count} pages, expected 1 to {MAX_PAGES}")
            for number in range(count):
                document[number].close()
        finally:
            document.close()
    except PdfiumError as error:
        raise Unreadable(f"damaged PDF: {error}") from error
    return count

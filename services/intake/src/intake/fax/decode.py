"""Is it a fax that can be opened? Found out by opening it, in a process of its own."""

import io

from PIL import Image, ImageSequence
from pypdfium2 import PdfDocument, PdfiumError

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 200
# A page of A3 in the finest resolution that faxes know has 31 million dots.
MAX_PIXELS = 40_000_000
TIFF_MAGIC = (b"II*\x00", b"MM\x00*")
PDF_MAGIC = b"%PDF-"


class Unreadable(ValueError):
    """It cannot be opened as what it claims to be; the message says why."""


def media_type(content: bytes) -> str:
    """`image/tiff` or `application/pdf`, by the first bytes. Raises Unreadable."""
    if content.startswith(TIFF_MAGIC):
        return "image/tiff"
    if content.startswith(PDF_MAGIC):
        return "application/pdf"
    raise Unreadable("neither TIFF nor PDF")


def pages(content: bytes) -> int:
    """How many pages it has, each of them opened. Raises Unreadable."""
    if media_type(content) == "image/tiff":
        return _tiff_pages(content)
    return _pdf_pages(content)


def _tiff_pages(content: bytes) -> int:
    try:
        with Image.open(io.BytesIO(content), formats=["TIFF"]) as image:
            return sum(1 for page in ImageSequence.Iterator(image) if _opens(page))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"damaged TIFF: {error}") from error


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

"""Pages of a fax as pictures with square dots, drawn in a process of its own.

Fax machines draw with dots that are up to twice as high as they are wide.
"""

import io
from typing import Any

from PIL import Image
from pypdfium2 import PdfDocument

from .decode import MAX_PIXELS, media_type

# What resolution tags may say of a fax: its dots are between half and double as wide as high.
STRETCH = (0.45, 2.2)
PDF_DOTS_PER_INCH = 200
POINTS_PER_INCH = 72


def page(content: bytes, number: int) -> Image.Image:
    """Page `number` (from 1) in shades of grey. Raises what the decoders raise."""
    if media_type(content) == "image/tiff":
        return _tiff_page(content, number)
    return _pdf_page(content, number)


def png(content: bytes, number: int, width: int) -> bytes:
    """The page as PNG, at most `width` dots wide."""
    picture, out = page(content, number), io.BytesIO()
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.BOX)
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _tiff_page(content: bytes, number: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=["TIFF"]) as image:
        image.seek(number - 1)
        across, down = image.info.get("dpi") or image.info.get("resolution") or (1, 1)
        grey = image.convert("L")
    return _squared(grey, float(across), float(down))


def _squared(image: Image.Image, across: float, down: float) -> Image.Image:
    """Resolutions in dots per length; those that no fax has are taken for a slip."""
    stretch = across / down if across > 0 and down > 0 else 1.0
    if not STRETCH[0] <= stretch <= STRETCH[1] or 0.99 < stretch < 1.01:
        return image
    size = (image.width, max(1, round(image.height * stretch)))
    if size[0] * size[1] > MAX_PIXELS:
        size = (max(1, round(image.width / stretch)), image.height)
    return image.resize(size, Image.Resampling.BILINEAR)


def _pdf_page(content: bytes, number: int) -> Image.Image:
    document = PdfDocument(content)
    try:
        sheet: Any = document[number - 1]
        width, height = (side / POINTS_PER_INCH * PDF_DOTS_PER_INCH for side in sheet.get_size())
        shrink = min(1.0, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        scale = shrink * PDF_DOTS_PER_INCH / POINTS_PER_INCH
        return sheet.render(scale=scale, grayscale=True).to_pil().convert("L")
    finally:
        document.close()

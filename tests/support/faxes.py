"""Faxes as machines send them: typed pages in black and white, with what goes wrong on the way."""

import io
from collections.abc import Sequence

import numpy as np
from cvttf_NotoSansCJK_Regular import get_TTF_path
from PIL import Image, ImageDraw, ImageFont

FINE = (204, 196)
STANDARD = (204, 98)
PAPER, INK = 255, 0


def typed(
    lines: Sequence[str],
    *,
    size: tuple[int, int] = (1728, 1100),
    letters: int = 32,
    skew: float = 0,
    noise: float = 0,
    resolution: tuple[int, int] = FINE,
) -> Image.Image:
    """A page whose `size` is in square dots before it is sent in `resolution`.

    `skew` in degrees; `noise` is the share of dots that turned black, and of those turned white.
    """
    page, font = Image.new("L", size, PAPER), ImageFont.truetype(get_TTF_path(), letters)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((letters * 2, letters * 2 * (number + 1)), line, INK, font)
    page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=PAPER)
    page = page.resize((size[0], size[1] * resolution[1] // resolution[0]))
    dots, chance = np.array(page), np.random.default_rng(1).random((page.height, page.width))
    dots[chance < noise] = INK
    dots[chance > 1 - noise] = PAPER
    return Image.fromarray(dots).convert("1")


def tiff(
    *pages: Image.Image, compression: str = "group4", resolution: tuple[int, int] = FINE
) -> bytes:
    out = io.BytesIO()
    pages[0].save(
        out,
        "TIFF",
        compression=compression,
        dpi=resolution,
        save_all=True,
        append_images=pages[1:],
    )
    return out.getvalue()

"""Reading the words of a page, Chinese and English, in a process of its own."""

import os
from importlib import import_module
from typing import Any

import msgspec
from PIL import ImageFilter

from .picture import page

# The longer side of the picture in which lines are looked for; the words are read in full size.
SEARCH_DOTS = 960
MAX_CHARACTERS = 20_000
# What else the machine does comes first.
NICENESS = 10


class PageText(msgspec.Struct, frozen=True):
    """The words of one page, line by line, and how sure the reading is, 0 to 1."""

    text: str
    confidence: float


def read_page(content: bytes, number: int) -> PageText:
    """Page `number` (from 1), its specks wiped off. Raises what the decoders raise."""
    os.nice(NICENESS)
    picture = page(content, number).filter(ImageFilter.MedianFilter(3))
    lines: list[tuple[Any, str, float]] = _reader()(picture, use_cls=False)[0] or []
    text = "\n".join(words for _, words, _ in lines)[:MAX_CHARACTERS]
    letters = sum(len(words) for _, words, _ in lines)
    sure = sum(len(words) * score for _, words, score in lines)
    return PageText(text, round(sure / letters, 3) if letters else 0.0)


def _reader() -> Any:
    """Imported here, for nobody but the process that reads should carry the models."""
    engine = import_module("rapidocr_onnxruntime")
    return engine.RapidOCR(
        det_limit_side_len=SEARCH_DOTS,
        det_limit_type="max",
        intra_op_num_threads=1,
        inter_op_num_threads=1,
    )

"""TIFF as fax machines and fax servers write it; dots that are not square are put right."""

import io
from itertools import product
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from intake.fax.picture import page, png
from support.faxes import tiff, typed

PAGE = typed(["FAX 传真"], size=(400, 204))
FILL_ORDER, PHOTOMETRIC, T4_OPTIONS = 266, 262, 292
ONE_DIMENSIONAL, TWO_DIMENSIONAL = 0, 1


def sent(compression: str, tags: dict[int, int]) -> bytes:
    out = io.BytesIO()
    PAGE.save(out, "TIFF", compression=compression, tiffinfo=tags)
    return out.getvalue()


def dots(picture: Image.Image) -> Any:
    return np.asarray(picture.convert("L"))


@pytest.mark.parametrize(
    ("options", "fill_order", "photometric"),
    list(product([ONE_DIMENSIONAL, TWO_DIMENSIONAL], [1, 2], [0, 1])),
)
def test_group_3_in_each_of_its_forms(options: int, fill_order: int, photometric: int) -> None:
    content = sent(
        "group3", {T4_OPTIONS: options, FILL_ORDER: fill_order, PHOTOMETRIC: photometric}
    )
    assert (dots(page(content, 1)) == dots(PAGE)).all()


@pytest.mark.parametrize(("fill_order", "photometric"), list(product([1, 2], [0, 1])))
def test_group_4_in_each_of_its_forms(fill_order: int, photometric: int) -> None:
    content = sent("group4", {FILL_ORDER: fill_order, PHOTOMETRIC: photometric})
    assert (dots(page(content, 1)) == dots(PAGE)).all()


@pytest.mark.parametrize("resolution", [(204, 98), (204, 196), (204, 391), (408, 391), (200, 100)])
def test_dots_of_each_resolution_become_square(resolution: tuple[int, int]) -> None:
    """A page twice as wide as high keeps that form, however its dots were drawn."""
    across, down = resolution
    content = tiff(Image.new("1", (across * 4, down * 2), 1), resolution=resolution)
    picture = page(content, 1)
    assert picture.width == across * 4
    assert picture.width / picture.height == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("resolution", [(1, 1), (204, 1), (72, 72)])
def test_resolution_that_no_fax_has_distorts_nothing(resolution: tuple[int, int]) -> None:
    assert page(tiff(PAGE, resolution=resolution), 1).size == PAGE.size


def test_any_page_of_many_is_shown() -> None:
    content = tiff(PAGE, Image.new("1", (400, 100), 1), PAGE)
    assert [page(content, number).height for number in (1, 2, 3)] == [204, 104, 204]


def test_pdf_is_drawn_in_the_resolution_of_a_fax() -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    assert page(out.getvalue(), 1).size == (1653, 2339)


def test_huge_sheet_of_a_pdf_is_drawn_small() -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=14_400, height=14_400)
    writer.write(out)
    picture = page(out.getvalue(), 1)
    assert picture.width * picture.height <= 41_000_000


def test_picture_for_a_page_is_png_and_no_wider_than_wanted() -> None:
    with Image.open(io.BytesIO(png(tiff(PAGE), 1, width=200))) as shown:
        assert (shown.format, shown.width) == ("PNG", 200)

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from intake.fax.decode import MAX_PAGES, Unreadable, media_type, opened

SAMPLE = (Path(__file__).parents[3] / "samples" / "11-fax-two-pages.tif").read_bytes()


def tiff(count: int = 1, size: tuple[int, int] = (16, 16), compression: str = "group3") -> bytes:
    image, out = Image.new("1", size, 1), io.BytesIO()
    others = [image] * (count - 1)
    image.save(out, "TIFF", compression=compression, save_all=True, append_images=others)
    return out.getvalue()


def pdf(count: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def test_sample_is_a_group_4_fax_of_two_pages() -> None:
    assert media_type(SAMPLE) == "image/tiff"
    assert opened(SAMPLE).pages == 2
    with Image.open(io.BytesIO(SAMPLE)) as image:
        assert image.info["compression"] == "group4"
        assert (image.width, image.mode) == (1728, "1")


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "raw"])
def test_tiff_of_any_usual_compression_opens(compression: str) -> None:
    assert opened(tiff(3, compression=compression)).pages == 3


def test_pdf_opens() -> None:
    assert media_type(pdf(2)) == "application/pdf"
    assert opened(pdf(2)).pages == 2


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"MZ\x90", b"<html>", b"\x89PNG\r\n"])
def test_other_files_are_no_faxes(content: bytes) -> None:
    with pytest.raises(Unreadable, match="neither"):
        media_type(content)


@pytest.mark.parametrize(
    "content",
    [
        SAMPLE[: len(SAMPLE) // 2],
        b"II*\x00\x08\x00\x00\x00",
        b"II*\x00" + b"\xff" * 100,
        b"%PDF-1.7\n%%EOF",
        pdf(1)[:-40].replace(b"/Pages", b"/Nothing"),
        pdf(0),
    ],
)
def test_damaged_files_say_so(content: bytes) -> None:
    with pytest.raises(Unreadable):
        opened(content)


def test_page_larger_than_any_fax_is_not_decoded() -> None:
    with pytest.raises(Unreadable):
        opened(tiff(size=(6_400, 6_400), compression="group4"))


def test_pages_are_limited() -> None:
    with pytest.raises(Unreadable):
        opened(tiff(MAX_PAGES + 1))


@pytest.mark.parametrize(
    ("description", "sender"),
    [
        ("+86 21 55500137", "+86 21 55500137"),
        ("021-5550-0137\n13800138000\nCALLER", "021-5550-0137"),
        ("Acme Office", None),
        ("", None),
    ],
)
def test_number_that_the_fax_server_wrote_into_it_is_the_sender(
    description: str, sender: str | None
) -> None:
    out = io.BytesIO()
    Image.new("1", (16, 16), 1).save(out, "TIFF", description=description)
    assert opened(out.getvalue()).sender == sender

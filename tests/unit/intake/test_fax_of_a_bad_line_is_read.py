"""Noise, skew and the coarse resolution of most faxes do not keep a machine from reading them."""

from difflib import SequenceMatcher
from typing import Any

import pytest

from intake.domain.likeness import likeness, likenesses_in
from intake.domain.severity_words import severity_in
from intake.fax.ocr import read_page
from intake.fax.reading import reading_desk
from support.faxes import FINE, STANDARD, tiff, typed

LINES = (
    "故障报修单",
    "设备序列号：IT-SRV-01",
    "故障级别：二级",
    "服务器每隔几分钟自动重启，业务中断",
    "Server restarts every few minutes",
)
READ_SHARE = 0.9


def squeezed(text: str) -> str:
    return "".join(text.split()).casefold().replace("：", ":").replace("，", ",")


@pytest.mark.parametrize(
    ("resolution", "damage"),
    [
        (FINE, {"skew": 2.0, "noise": 0.02}),
        (STANDARD, {"skew": -2.0}),
        (STANDARD, {"noise": 0.02}),
    ],
)
async def test_bad_page_is_read(resolution: tuple[int, int], damage: dict[str, Any]) -> None:
    page = typed(LINES, size=(1200, 520), resolution=resolution, **damage)
    read = await reading_desk().run(read_page, tiff(page, resolution=resolution), 1)
    wanted, found = squeezed("".join(LINES)), squeezed(read.text)
    assert SequenceMatcher(None, wanted, found, autojunk=False).ratio() > READ_SHARE, read.text
    assert likeness("IT-SRV-01") in likenesses_in(read.text)
    assert severity_in(read.text, ("1", "2", "3", "4")) == "2"
    assert read.confidence > READ_SHARE


async def test_empty_page_says_nothing() -> None:
    read = await reading_desk().run(read_page, tiff(typed([], size=(400, 204))), 1)
    assert (read.text, read.confidence) == ("", 0.0)

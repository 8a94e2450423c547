"""The status page: files with the form, the link afterwards, and what is added (IN-01, IN-14)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.whole_system import System

from .conftest import OpenPage

PHONE = {"width": 360, "height": 740}
PNG = b"\x89PNG\r\n\x1a\n a photo of the lamps"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "机柜.png"
    path.write_bytes(PNG)
    return path


def report(page: Page, photo: Path) -> None:
    page.get_by_label("The problem in one line").fill("三号楼路灯不亮")
    page.get_by_label("Name").fill("赵敏")
    page.get_by_label("Phone").fill("13900139111")
    page.get_by_label("Files").set_input_files(photo)
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_photo_is_sent_and_the_case_is_followed_and_added_to(
    system: System, open_page: OpenPage, photo: Path, scripts: bool
) -> None:
    page = open_page(system.url("intake", "/report"), viewport=PHONE, java_script_enabled=scripts)
    report(page, photo)
    number = page.locator("#case-id").inner_text()
    assert system.call("GET", "intake", f"/v1/cases/{number}")["attachments"] == [1]
    page.get_by_role("link", name="See how it goes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.get_by_label("Message").fill("现在全楼都不亮了")
    page.get_by_label("Files").set_input_files(photo)
    page.get_by_role("button", name="Send").click()
    added = page.get_by_role("region", name="What you added")
    expect(added).to_contain_text("现在全楼都不亮了")
    expect(added).to_contain_text("机柜.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_after_a_mistake_the_page_says_which_file_to_choose_again(
    system: System, open_page: OpenPage, photo: Path
) -> None:
    page = open_page(system.url("intake", "/report"), may_fail=("422",))
    page.get_by_label("The problem in one line").fill("三号楼路灯不亮")
    page.get_by_label("Files").set_input_files(photo)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Files")).to_have_accessible_description(
        re.compile("Please choose again: 机柜.png")
    )
    expect(page.get_by_label("The problem in one line")).to_have_value("三号楼路灯不亮")

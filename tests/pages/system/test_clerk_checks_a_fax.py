"""A clerk looks at a fax, enlarges it, confirms what was read, and goes on to the next."""

import pytest
from playwright.sync_api import expect

from support.faxes import STANDARD, tiff, typed
from support.whole_system import System

from .conftest import OpenPage

PAGE = typed(["设备序列号 IT-SRV-01", "系统瘫痪"], size=(800, 320), resolution=STANDARD)
KNOWN = "+86 138 5550 0119"


@pytest.fixture(scope="module")
def fax_id(system: System) -> str:
    return system.fax(tiff(PAGE, PAGE, resolution=STANDARD), sender=KNOWN)


def test_pages_stand_beside_the_words_and_are_confirmed(
    system: System, open_page: OpenPage, fax_id: str
) -> None:
    page = open_page(system.url("intake", f"/desk/faxes/{fax_id}"), may_fail=("422",))
    sheet = page.get_by_role("img", name="Page 1 of 2")
    expect(sheet).to_be_visible()
    expect(sheet).not_to_have_js_property("naturalWidth", 0)
    fitting = sheet.bounding_box()
    page.keyboard.press("+")
    larger = sheet.bounding_box()
    assert fitting is not None
    assert larger is not None
    assert larger["width"] == pytest.approx(fitting["width"] * 1.25, rel=0.01)
    page.get_by_label("Severity").fill("storm")
    page.get_by_role("button", name="Confirm, next fax").click()
    expect(page.get_by_role("alert")).to_contain_text("scale")
    expect(page.get_by_label("Severity")).to_be_focused()
    page.get_by_label("Severity").fill("1")
    page.get_by_role("button", name="Confirm, next fax").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Faxes to check")
    expect(page.locator(f'a[href="/desk/faxes/{fax_id}"]')).to_have_count(0)

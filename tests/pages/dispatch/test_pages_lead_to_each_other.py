"""The pages of dispatch in a real browser: each leads to the others, and fits phone and desk."""

from datetime import date

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from .conftest import Site

FITS = "document.documentElement.scrollWidth <= innerWidth"
NAMES = {
    "en": ("Board", "My cases", "Spares", "Incidents"),
    "zh": ("派单台", "我的工单", "备品", "重大事件"),
}


@pytest.fixture(autouse=True)
async def something_to_show(site: Site) -> None:
    company = site.company
    await company.engineer("E-1", name="赵磊", department="field")
    await company.put("/v1/depots/DP-1", name="北京")
    await company.unit("U-1")
    await company.report("CASE-1", summary="核心交换机宕机，整层办公网络中断")
    loan = {"case_id": "CASE-1", "model": "S7706", "due_back": date(2026, 12, 1).isoformat()}
    await company.post("/v1/loans", 201, **loan)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_every_page_leads_to_the_others_and_fits(
    site: Site, board: Page, width: int, language: str
) -> None:
    await board.set_viewport_size({"width": width, "height": 844})
    await board.goto(f"{site.url}/?lang={language}")
    for name in (*NAMES[language][1:], NAMES[language][0]):
        await board.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        here = board.locator(".sections [aria-current=page]")
        await expect(here).to_have_text(name)
        await board.wait_for_load_state("load")
        assert await board.evaluate(FITS)
        found = (await Axe().run(board)).response["violations"]
        serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert (name, serious) == (name, [])


async def test_case_of_a_loan_is_found_on_the_board(board: Page) -> None:
    await board.get_by_role("link", name="Spares").click()
    await board.get_by_role("link", name="CASE-1").click()
    await expect(board.locator("#CASE-1")).to_have_attribute("aria-current", "true")

"""In a browser: what came back is inspected, and whoever waits for it gets it."""

from playwright.async_api import Page, expect

from .conftest import Site


async def test_returned_unit_is_inspected_and_goes_to_whoever_waits(
    site: Site, board: Page
) -> None:
    company = site.company
    await company.put("/v1/depots/DP-1", name="北京")
    await company.unit("U-1")
    for case_id in ("CASE-1", "CASE-2"):
        await company.report(case_id, summary="switch dead")
    await company.post("/v1/loans", 201, case_id="CASE-1", model="S7706")
    await company.post("/v1/loans", 201, case_id="CASE-2", model="S7706")
    await company.get("/v1/loans")
    await board.get_by_role("link", name="Spares").click()
    await expect(board.get_by_role("heading", name="Out (1)")).to_be_visible()
    await expect(board.get_by_role("heading", name="Waiting for a unit (1)")).to_be_visible()
    lent = board.locator("section[aria-labelledby=out-title] .card")
    await lent.locator("form[data-action$='/return']").get_by_label("Condition").fill("dusty")
    await lent.get_by_role("button", name="Take back").click()
    back = board.locator("#U-1")
    await back.get_by_label("Finding").fill("cleaned, runs")
    await back.get_by_label("Inspection").select_option("true")
    await back.get_by_role("button", name="Record inspection").click()
    await company.until("CASE-2", lambda case: case["loans"])
    await board.reload()
    await expect(board.get_by_role("heading", name="Waiting for a unit")).to_have_count(0)
    await expect(board.get_by_role("heading", name="Out (1)")).to_be_visible()
    await board.set_viewport_size({"width": 360, "height": 740})
    width = await board.evaluate("document.documentElement.scrollWidth")
    assert width <= 360

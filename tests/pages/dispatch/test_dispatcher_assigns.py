"""The board in a real browser: cases come by themselves, and go by button, form and key."""

from playwright.async_api import Page, expect

from .conftest import Site


async def people(site: Site) -> None:
    """Two engineers off duty, so that it is the dispatcher who decides."""
    for engineer_id, name in (("E-1", "赵磊"), ("E-2", "徐婷")):
        await site.company.engineer(engineer_id, name=name, department="field")
        await site.company.put(f"/v1/rosters/{engineer_id}", around_the_clock=False)


async def test_reported_case_appears_by_itself(site: Site, board: Page) -> None:
    await expect(board.get_by_text("No case waits")).to_be_visible()
    await site.company.report("CASE-1", summary="灯不亮")
    waiting = board.get_by_role("region", name="Waiting (1)")
    await expect(waiting.get_by_text("灯不亮")).to_be_visible()


async def test_proposed_engineer_is_sent_by_button(site: Site, board: Page) -> None:
    await people(site)
    await site.company.report("CASE-1")
    await board.get_by_role("button", name="1 · 赵磊").click()
    in_work = board.get_by_role("region", name="In work (1)")
    await expect(in_work.get_by_text("assigned by hand")).to_be_visible()
    assert (await site.company.case("CASE-1"))["holder"] == "E-1"


async def test_other_engineer_is_sent_for_a_reason(site: Site, board: Page) -> None:
    await people(site)
    await site.company.report("CASE-1")
    card = board.get_by_role("listitem").filter(has_text="CASE-1")
    await card.get_by_label("Choose an engineer").select_option("E-2")
    await card.get_by_label("Reason").fill("knows the site")
    await card.get_by_role("button", name="Assign", exact=True).click()
    await expect(board.get_by_text("assigned by hand: knows the site")).to_be_visible()


async def test_cases_are_assigned_by_key(site: Site, board: Page) -> None:
    await people(site)
    await site.company.report("CASE-1")
    await site.company.report("CASE-2")
    await expect(board.get_by_role("region", name="Waiting (2)")).to_be_visible()
    await board.keyboard.press("j")
    await board.keyboard.press("j")
    await board.keyboard.press("1")
    await expect(board.get_by_role("region", name="Waiting (1)")).to_be_visible()
    assert (await site.company.case("CASE-2"))["holder"] == "E-1"


async def test_refusal_is_said(site: Site, board: Page) -> None:
    await people(site)
    await site.company.report("CASE-1")
    card = board.get_by_role("listitem").filter(has_text="CASE-1")
    await expect(card).to_be_visible()
    await board.route("**/board/panels*", lambda route: route.abort())
    await site.company.post("/v1/cases/CASE-1/assign", engineer_id="E-2", mode="hotline")
    await card.get_by_role("button", name="1 · 赵磊").click()
    await expect(board.get_by_role("alert")).to_contain_text("the case is with E-2")


async def test_board_fits_a_phone(site: Site, board: Page) -> None:
    await people(site)
    await site.company.report("CASE-1", summary="灯不亮")
    await board.set_viewport_size({"width": 360, "height": 740})
    await expect(board.get_by_text("灯不亮")).to_be_visible()
    assert await board.evaluate("document.documentElement.scrollWidth") <= 360

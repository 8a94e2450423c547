"""The board in a real browser: what would come of it is seen first, then it is done (DP-04, DP-06).

By button, by key, by carrying with a mouse or a finger; alone, against others, and off line.
"""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from .conftest import Site

PHONE = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
async def people(site: Site) -> None:
    """Two engineers off duty, so that it is the dispatcher who decides."""
    for engineer_id, name in (("E-1", "赵磊"), ("E-2", "徐婷")):
        await site.company.engineer(engineer_id, name=name, department="field")
        await site.company.put(f"/v1/rosters/{engineer_id}", around_the_clock=False)


def card(board: Page, case_id: str) -> Locator:
    return board.locator(f"#{case_id}")


def row(board: Page, engineer_id: str) -> Locator:
    return board.locator(f"#day-{engineer_id}")


async def insist(board: Page, reason: str) -> None:
    """What speaks against it is named, and a reason is asked for."""
    dialog = board.get_by_role("dialog")
    await expect(dialog).to_contain_text("off duty")
    await dialog.get_by_label("Reason").fill(reason)
    await board.keyboard.press("Enter")


async def test_reported_case_appears_by_itself_and_goes_by_button(site: Site, board: Page) -> None:
    await expect(board.get_by_text("No case waits")).to_be_visible()
    await site.company.report("CASE-1", summary="灯不亮")
    waiting = board.get_by_role("region", name="Waiting (1)")
    await expect(waiting.get_by_text("灯不亮")).to_be_visible()
    await waiting.get_by_role("button", name="1 · 赵磊").click()
    await insist(board, "knows the site")
    in_work = board.get_by_role("region", name="In work (1)")
    await expect(in_work.get_by_text("assigned by hand: knows the site")).to_be_visible()
    await expect(board.get_by_role("status").last).to_have_text("CASE-1 goes to 赵磊.")


async def test_cases_are_assigned_by_key_alone(site: Site, board: Page) -> None:
    await site.company.report("CASE-1")
    await site.company.report("CASE-2")
    await expect(board.get_by_role("region", name="Waiting (2)")).to_be_visible()
    for key in ("j", "j", "Enter"):
        await board.keyboard.press(key)
    await expect(row(board, "E-1")).to_be_focused()
    await expect(row(board, "E-2").locator(".against")).to_have_text("⚠ off duty")
    await board.keyboard.press("ArrowDown")
    await board.keyboard.press("Enter")
    await insist(board, "is nearer")
    await expect(board.get_by_role("region", name="Waiting (1)")).to_be_visible()
    assert (await site.company.case("CASE-2"))["holder"] == "E-2"


async def test_case_is_carried_to_somebody_and_conflicts_show_on_the_way(
    site: Site, board: Page
) -> None:
    await site.company.contract()
    await site.company.report("CASE-1", severity="1")
    await card(board, "CASE-1").get_by_text("needs").hover()
    await board.mouse.down()
    await row(board, "E-2").hover()
    await expect(row(board, "E-2").locator(".against")).to_be_visible()
    await row(board, "E-2").hover()
    carried = board.locator(".carried")
    await expect(carried).to_contain_text(re.compile("CASE-1 → .*徐婷"))
    await expect(carried.locator(".against")).to_have_text("⚠ off duty")
    assert (await site.company.case("CASE-1"))["holder"] is None
    await board.mouse.up()
    await insist(board, "lives next door")
    await expect(board.get_by_role("region", name="In work (1)")).to_contain_text("徐婷")
    await expect(row(board, "E-2").get_by_role("link", name="CASE-1")).to_be_visible()


async def test_finger_carries_a_case_on_a_phone(site: Site, board: Page) -> None:
    await board.set_viewport_size(PHONE)
    await site.company.report("CASE-1", summary="灯不亮")
    await expect(board.get_by_text("灯不亮")).to_be_visible()
    assert await board.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    touch = await board.context.new_cdp_session(board)

    async def finger(kind: str, at: Locator | None = None) -> None:
        box = await at.bounding_box() if at else None
        points = [{"x": box["x"] + 20, "y": box["y"] + 20}] if box else []
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await finger("touchStart", card(board, "CASE-1").locator("[data-grip]"))
    await finger("touchMove", card(board, "CASE-1").get_by_role("link"))
    await expect(row(board, "E-1").locator(".against")).to_have_text("⚠ off duty")
    await finger("touchMove", row(board, "E-1"))
    await finger("touchEnd")
    await insist(board, "no one else")
    await expect(board.get_by_role("region", name="In work (1)")).to_contain_text("赵磊")


async def test_slower_dispatcher_is_told_who_was_faster(site: Site, board: Page) -> None:
    await site.company.report("CASE-1")
    await expect(card(board, "CASE-1")).to_be_visible()
    await board.route("**/board/p*", lambda route: route.abort())
    await site.company.post(
        "/v1/cases/CASE-1/assign", engineer_id="E-2", mode="hotline", reason="x"
    )
    await card(board, "CASE-1").get_by_role("button", name="1 · 赵磊").click()
    await insist(board, "mine")
    await expect(board.get_by_role("alert")).to_contain_text("the case is with 徐婷")
    await board.unroute("**/board/p*")
    await expect(board.get_by_role("region", name="In work (1)")).to_contain_text("徐婷")


async def test_board_goes_off_line_says_so_and_comes_back_where_it_was(
    site: Site, board: Page
) -> None:
    await site.company.report("CASE-1")
    await site.company.report("CASE-2")
    await card(board, "CASE-2").get_by_role("button", name="Who?").click()
    await expect(row(board, "E-1").locator(".against")).to_be_visible()
    banner = board.locator("#connection")
    await board.context.set_offline(True)
    await expect(banner).to_be_visible()
    await row(board, "E-1").get_by_role("button", name="Send").click()
    await insist(board, "in the tunnel")
    await expect(board.get_by_role("alert")).to_contain_text("No connection")
    await site.company.post(
        "/v1/cases/CASE-1/assign", engineer_id="E-2", mode="hotline", reason="x"
    )
    await board.context.set_offline(False)
    await expect(board.get_by_role("region", name="In work (1)")).to_contain_text("CASE-1")
    await expect(card(board, "CASE-2")).to_have_attribute("aria-current", "true")
    await row(board, "E-1").get_by_role("button", name="Send").click()
    await insist(board, "in the tunnel")
    await expect(board.get_by_role("region", name="In work (2)")).to_contain_text("in the tunnel")
    await expect(banner).to_be_hidden()

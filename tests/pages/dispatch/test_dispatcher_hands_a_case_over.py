"""The board in a real browser: a case goes to a partner and comes back, by its promises (DP-26)."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from .conftest import Site

CASE = "CASE-1"
PHONE = {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= innerWidth"


def maker(**changes: Any) -> dict[str, Any]:
    promise = {"agreement": "TSA-7", "valid_until": "2026-12-31", "answer_minutes": 30}
    entry = {
        "kind": "manufacturer",
        "name": "华海服务器",
        "contact": {"name": "陈静", "phone": "13800138000"},
        "categories": ["server"],
    }
    return entry | {"promise": promise | {"onsite_minutes": 240} | changes}


@pytest.fixture(autouse=True)
async def partners(site: Site) -> None:
    company = site.company
    await company.put("/v1/partners/P-1", **maker())
    await company.put("/v1/partners/P-2", **maker(valid_until="2026-11-01"))
    await company.put("/v1/partners/P-3", **(maker() | {"categories": ["lamp"], "name": "灯光"}))
    await company.report(CASE, summary="服务器宕机", category="server")


def partner(board: Page, partner_id: str) -> Locator:
    return board.locator(f"#partner-{partner_id}")


def dialog(board: Page) -> Locator:
    return board.get_by_role("dialog")


async def handed_over(board: Page) -> Locator:
    """To the manufacturer, by pointer."""
    await board.locator(f"#{CASE}").get_by_role("button", name="Who?").click()
    await partner(board, "P-1").get_by_role("button", name="Hand over").click()
    await dialog(board).get_by_label("Reason").fill("firmware")
    await dialog(board).get_by_label("The customer has been told").check()
    await dialog(board).get_by_role("button", name="Hand over").click()
    in_work = board.get_by_role("region", name="In work (1)")
    await expect(in_work).to_contain_text("passed to P-1")
    return in_work


async def test_partners_say_what_they_promise_and_why_they_fit(board: Page) -> None:
    await board.locator(f"#{CASE}").get_by_role("button", name="Who?").click()
    able = partner(board, "P-1")
    await expect(able).to_contain_text("answers within 30 min · on site within 4 h")
    await expect(able).to_contain_text("agreement TSA-7 until 2026-12-31")
    await expect(able).to_contain_text("✓ serves this category")
    await expect(able.get_by_role("link", name="13800138000")).to_be_visible()
    await expect(partner(board, "P-2")).to_contain_text("⚠ the agreement has ended")
    await expect(partner(board, "P-2").get_by_role("button")).to_have_count(0)
    await partner(board, "P-3").get_by_role("button", name="Hand over").click()
    await expect(dialog(board)).to_contain_text("does not serve this device")


async def test_case_goes_to_a_partner_who_takes_it_comes_and_gives_it_back(
    site: Site, board: Page
) -> None:
    in_work = await handed_over(board)
    await expect(in_work).to_contain_text("agreement TSA-7 · firmware")
    await expect(in_work).to_contain_text("answer due")
    await expect(in_work).to_contain_text("✓ customer told")
    await in_work.get_by_role("button", name="They took it").click()
    await dialog(board).get_by_role("button", name="They took it").click()
    await expect(dialog(board).get_by_role("alert")).to_have_text("This is needed.")
    await dialog(board).get_by_label("Their number").fill("SR-118")
    await board.keyboard.press("Enter")
    await expect(in_work).to_contain_text("their number SR-118")
    await expect(in_work).to_contain_text("on site due")
    await in_work.get_by_role("button", name="They are on site").click()
    await dialog(board).get_by_label("When").fill("2026-11-02T16:00:00")
    await dialog(board).get_by_role("button", name="They are on site").click()
    await expect(in_work).to_contain_text("✓ arrived")
    await in_work.get_by_role("button", name="Take back").click()
    await dialog(board).get_by_role("button", name="Take back").click()
    await expect(dialog(board).get_by_role("alert")).to_have_text(
        "Say why the partner does not do it."
    )
    await dialog(board).get_by_label("Reason").fill("not ours")
    await board.keyboard.press("Enter")
    await expect(board.get_by_role("region", name="Waiting (1)")).to_contain_text("服务器宕机")
    (over,) = (await site.company.case(CASE))["work"]["hand_overs"]
    assert (over["given_back_reason"], over["arrived_at"]) == ("not ours", "2026-11-02T08:00:00Z")


async def test_case_is_handed_over_and_taken_back_by_key_alone(site: Site, board: Page) -> None:
    await expect(board.get_by_role("region", name="Waiting (1)")).to_be_visible()
    for key in ("j", "p"):
        await board.keyboard.press(key)
    await expect(partner(board, "P-1")).to_be_focused()
    await board.keyboard.press("Enter")
    await expect(dialog(board).get_by_label("Reason")).to_be_focused()
    await board.keyboard.press("Enter")
    in_work = board.get_by_role("region", name="In work (1)")
    await expect(in_work).to_contain_text("passed to P-1")
    await expect(board.get_by_role("region", name="Waiting (0)")).to_be_visible()
    await board.keyboard.press("Escape")
    for key in ("j", "p"):
        await board.keyboard.press(key)
    await expect(in_work.get_by_role("button", name="They took it")).to_be_focused()
    await in_work.get_by_role("button", name="Take back").press("Enter")
    await board.keyboard.type("wrong partner")
    await board.keyboard.press("Enter")
    await expect(board.get_by_role("region", name="Waiting (1)")).to_be_visible()
    assert (await site.company.case(CASE))["held_over"] is None


async def test_case_is_carried_to_a_partner(site: Site, board: Page) -> None:
    await board.set_viewport_size({"width": 1280, "height": 1400})
    await board.locator(f"#{CASE}").get_by_text("needs").hover()
    await board.mouse.down()
    await board.locator("#people-title").hover()
    await expect(partner(board, "P-1")).to_be_visible()
    await partner(board, "P-1").hover()
    await partner(board, "P-1").hover()
    await expect(board.locator(".carried")).to_contain_text("CASE-1 → 华海服务器")
    await board.mouse.up()
    await dialog(board).get_by_role("button", name="Hand over").click()
    await expect(board.get_by_role("region", name="In work (1)")).to_contain_text("passed to P-1")
    assert (await site.company.case(CASE))["holder"] == "P-1"


async def test_refusal_stands_in_the_dialog_that_asked(site: Site, board: Page) -> None:
    await board.locator(f"#{CASE}").get_by_role("button", name="Who?").click()
    await partner(board, "P-1").get_by_role("button", name="Hand over").click()
    await site.company.put("/v1/partners/P-1", **(maker() | {"active": False}))
    await dialog(board).get_by_role("button", name="Hand over").click()
    refusal = "They are no longer a partner. Nothing was changed."
    await expect(dialog(board).get_by_role("alert")).to_have_text(refusal)
    await dialog(board).get_by_role("button", name="Leave it").click()
    await board.locator("#expert-group").get_by_role("button", name="Hand over").click()
    await dialog(board).get_by_label("Id of the expert group").fill("not an id")
    await board.keyboard.press("Enter")
    target = dialog(board).get_by_label("Id of the expert group")
    await expect(target).to_have_attribute("aria-invalid", "true")
    await target.fill("G-EXPERTS")
    await board.keyboard.press("Enter")
    card = board.locator(f"#{CASE}")
    await expect(card).to_contain_text("passed to G-EXPERTS")
    await card.get_by_role("button", name="Take back").click()
    await dialog(board).get_by_role("button", name="Take back").click()
    await expect(card.get_by_text("passed to")).to_have_count(0)


async def test_partner_who_does_not_come_is_named_on_the_board(site: Site, board: Page) -> None:
    await handed_over(board)
    await site.company.post(f"/v1/cases/{CASE}/accept-hand-over", reference="SR-118")
    await site.company.clock.advance(timedelta(minutes=241))
    waiting = board.get_by_role("region", name="Waiting (1)")
    await expect(waiting).to_contain_text("P-1 was not there by the promised time")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_partners_suit_every_reader_on_a_phone(
    site: Site, board: Page, language: str
) -> None:
    await site.company.post(f"/v1/cases/{CASE}/escalate-expert", target="P-1")
    await board.set_viewport_size({**PHONE})
    await board.goto(f"{site.url}/?case={CASE}&lang={language}")
    await expect(partner(board, "P-3")).to_be_visible()
    assert await board.evaluate(FITS)
    found = (await Axe().run(board)).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []

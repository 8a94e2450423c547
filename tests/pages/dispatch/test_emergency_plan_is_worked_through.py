"""DP-27 in a real browser: a plan is activated and ticked off, on the board and in a cellar."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from aftercare_events.catalogue.archive import CustomerRecorded
from support.dispatch_company import Company

from .conftest import Pocket, Site

CASE = "CASE-1"
PLAN: dict[str, Any] = {
    "title": "核心交换机宕机",
    "customer_id": "C-1",
    "steps": ["切换到备机", "检查路由"],
    "team": [{"role": "lead", "engineer_ids": ["E-1"]}],
}
FITS = "document.documentElement.scrollWidth <= innerWidth"


async def critical(company: Company) -> None:
    await company.contract()
    await company.say(CustomerRecorded(customer_id="C-1", name="C-1"))
    await company.put("/v1/emergency-plans/EP-1", **PLAN)
    await company.report(CASE, severity="1", summary="交换机", site_id="S-1")


@pytest.fixture
async def plan(site: Site) -> None:
    await site.company.off_duty("E-1")
    await critical(site.company)


@pytest.mark.usefixtures("plan")
async def test_dispatcher_activates_a_plan_and_ticks_its_steps(site: Site, board: Page) -> None:
    card = board.locator(f"#{CASE}")
    await expect(card).to_contain_text("核心交换机宕机")
    await card.get_by_role("button", name="Activate").click()
    asked = board.get_by_role("dialog")
    await expect(asked).to_contain_text("calls the emergency team together at once")
    await asked.get_by_role("button", name="Activate").click()
    await expect(card.get_by_text("0 of 2 steps done")).to_be_visible()
    await expect(card).to_contain_text("team called: lead: E-1")
    await card.get_by_role("button", name="Done").first.click()
    await expect(card.get_by_text("1 of 2 steps done")).to_be_visible()
    await expect(card.get_by_text("✓ 切换到备机")).to_contain_text("boss")
    (begun,) = (await site.company.case(CASE))["emergencies"]
    assert [step["done_by"] for step in begun["steps"]] == ["boss", None]


@pytest.mark.usefixtures("plan")
async def test_step_that_somebody_else_ticked_is_refused_beside_it(site: Site, board: Page) -> None:
    await site.company.post(f"/v1/cases/{CASE}/activate-plan", plan_id="EP-1")
    card = board.locator(f"#{CASE}")
    await expect(card.get_by_role("button", name="Done").first).to_be_visible()
    await board.route("**/board/p*", lambda route: route.abort())
    await site.company.post(f"/v1/cases/{CASE}/tick-step", plan_id="EP-1", step=1)
    await card.get_by_role("button", name="Done").first.click()
    refusal = card.locator("li").first.get_by_role("alert")
    await expect(refusal).to_have_text("Somebody else has done this step.")


@pytest.mark.parametrize("pocket", ["phone", "desktop"], indirect=True)
async def test_plan_is_activated_and_ticked_off_in_a_cellar(pocket: Pocket) -> None:
    company, page = pocket.site.company, pocket.page
    await critical(company)
    await company.until(CASE, lambda case: case["holder"] == "E-1")
    # Who does not answer would have it no longer two hours later.
    await company.post(f"/v1/cases/{CASE}/accept")
    await page.get_by_role("link", name="Emergency plan: 核心交换机宕机").click()
    await expect(page.get_by_role("button", name="Activate the plan")).to_be_visible()
    assert await page.evaluate(FITS)
    await pocket.lose_connection()
    began = company.clock.now()
    await page.get_by_role("button", name="Activate the plan").click()
    await page.get_by_role("button", name="Done Step 2").click()
    await expect(page.get_by_text("2 saved on this phone")).to_be_visible()
    await expect(page.get_by_text("✓ 检查路由")).to_contain_text("E-1")
    await company.clock.advance(timedelta(hours=2))
    await pocket.find_connection()
    await expect(page.get_by_text("Everything is sent")).to_be_visible(timeout=15_000)
    told = ("plan_activated", "team_called", "plan_step_done")
    events = [one for one in await company.events("case", CASE) if one.type.split(".")[2] in told]
    assert [one.type.split(".")[2] for one in events] == list(told)
    assert all(timedelta(0) <= one.time - began < timedelta(minutes=1) for one in events)
    (begun,) = (await company.case(CASE))["emergencies"]
    assert [step["done_by"] for step in begun["steps"]] == [None, "E-1"]
    await expect(page.get_by_text("1 of 2 steps done")).to_be_visible()

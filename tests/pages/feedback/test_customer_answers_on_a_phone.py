"""FB-04: the survey in a real browser, 360 px wide, by touch and by keyboard, in two languages."""

from playwright.async_api import Page, expect

from support.feedback_cases import CASE

from .conftest import Site


async def survey(site: Site) -> str:
    callback_id = await site.company.resolve(summary="二号楼灯不亮")
    detail = await site.company.get(f"/v1/callbacks/{callback_id}")
    return f"{site.url}{detail['survey_path']}"


async def test_answers_arrive_and_the_customer_is_thanked(site: Site, page: Page) -> None:
    await page.goto(await survey(site))
    solved = page.get_by_role("group", name="Is the problem solved?")
    await solved.get_by_label("Yes").check()
    satisfied = page.get_by_role("group", name="Are you satisfied")
    await satisfied.get_by_label("Yes").check()
    attitude = page.get_by_role("group", name="attitude")
    await attitude.get_by_label("5 · very good").check()
    await page.get_by_label("What should we do better?").fill("来之前打个电话")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await expect(page.get_by_text("5 of 5")).to_be_visible()
    assert (await site.company.types("case", CASE))[-1] == "closed"


async def test_page_fits_a_phone_and_works_by_keyboard(site: Site, page: Page) -> None:
    await page.goto(await survey(site))
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    await page.get_by_role("group", name="Is the problem solved?").get_by_label("Yes").focus()
    await page.keyboard.press("ArrowRight")
    await expect(
        page.get_by_role("group", name="Is the problem solved?").get_by_label("No")
    ).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert (await site.company.types("case", CASE))[-1] == "reopened"


async def test_forgotten_answer_is_pointed_out(site: Site, page: Page) -> None:
    await page.goto(await survey(site))
    await page.get_by_role("group", name="Is the problem solved?").get_by_label("Yes").check()
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("Something is missing")
    satisfied = page.get_by_role("group", name="Are you satisfied")
    await expect(satisfied).to_contain_text("Please choose an answer")
    solved = page.get_by_role("group", name="Is the problem solved?")
    await expect(solved.get_by_label("Yes")).to_be_checked()


async def test_language_is_switched_in_place(site: Site, page: Page) -> None:
    await page.goto(await survey(site))
    await page.get_by_role("link", name="中文").click()
    await expect(page.get_by_role("heading", name="服务满意度调查")).to_be_visible()
    await expect(page.get_by_text("二号楼灯不亮")).to_be_visible()

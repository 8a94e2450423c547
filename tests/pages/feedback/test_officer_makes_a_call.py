"""The call list in a real browser: whom to call, what was said, off the list."""

import asyncio

from playwright.async_api import Page, Route, expect

from support.feedback_cases import CASE
from support.feedback_company import PHONE

from .conftest import Site


async def sign_in(site: Site, page: Page) -> None:
    await page.goto(f"{site.url}/")
    await page.get_by_label("Access key").fill("boss-key-1")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Callbacks")).to_be_visible()


async def open_call(site: Site, page: Page) -> None:
    await site.company.resolve(summary="灯不亮")
    await sign_in(site, page)
    await page.get_by_role("link", name="灯不亮").click()
    await expect(page.get_by_role("link", name=PHONE)).to_be_visible()


async def test_satisfied_customer_is_off_the_list(site: Site, page: Page) -> None:
    await open_call(site, page)
    form = page.get_by_role("form", name="The customer answered")
    await form.get_by_label("Officer").fill("O-LIN")
    await form.get_by_label("Solved, satisfied").check()
    await form.get_by_role("group", name="attitude").get_by_label("5").check()
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Nobody is waiting for a call")).to_be_visible()
    assert (await site.company.types("case", CASE))[-1] == "closed"


async def test_refusal_is_shown_where_it_belongs(site: Site, page: Page) -> None:
    await open_call(site, page)
    form = page.get_by_role("form", name="The customer answered")
    await form.get_by_label("Officer").fill("E-1")
    await form.get_by_label("Not solved").check()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("cannot ask about it")
    await expect(form.get_by_label("Officer")).to_be_focused()


async def test_what_was_typed_and_sent_before_the_scripts_came_is_not_lost(
    site: Site, page: Page
) -> None:
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await site.company.resolve(summary="灯不亮")
    await page.context.add_init_script("localStorage.setItem('officer', 'O-LIN')")
    await sign_in(site, page)
    await page.route("**/static/**/*.js*", late)
    await page.get_by_role("link", name="灯不亮").click()
    form = page.get_by_role("form", name="The customer answered")
    await form.get_by_label("Officer").fill("E-1")
    await form.get_by_label("Not solved").check()
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_attribute("aria-busy", "true")
    come.set()
    await expect(form.get_by_role("alert")).to_contain_text("cannot ask about it")
    await expect(form.get_by_label("Officer")).to_have_value("E-1")
    assert (await site.company.types("case", CASE))[-1] == "resolved"


async def test_officer_is_known_the_next_time(site: Site, page: Page) -> None:
    await open_call(site, page)
    form = page.get_by_role("form", name="Nobody answered")
    await form.get_by_label("Officer").fill("O-LIN")
    await form.get_by_label("Busy").check()
    await form.get_by_role("button", name="Save").click()
    await page.get_by_role("link", name="灯不亮").click()
    for name in ("The customer answered", "Nobody answered"):
        form = page.get_by_role("form", name=name)
        await expect(form.get_by_label("Officer")).to_have_value("O-LIN")


async def test_busy_line_is_tried_again(site: Site, page: Page) -> None:
    await open_call(site, page)
    form = page.get_by_role("form", name="Nobody answered")
    await form.get_by_label("Officer").fill("O-LIN")
    await form.get_by_label("Busy").check()
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Calls so far: 1 · Busy")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360

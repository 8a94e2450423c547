"""A clerk finds the caller, opens a case, verifies who asked and merges what is the same."""

from datetime import timedelta

from playwright.async_api import Page, expect

from .conftest import Site, suits_everybody

STRANGER = {"name": "赵六", "phone": "13700001111"}


async def test_caller_is_found_and_her_case_opened(site: Site, clerk: Page) -> None:
    await suits_everybody(clerk)
    await clerk.get_by_role("searchbox").fill("138 5550 0119")
    await clerk.keyboard.press("Enter")
    await expect(clerk.get_by_role("heading", level=1)).to_contain_text("Library")
    assert "13855500119" not in clerk.url.replace("%20", "")
    await clerk.get_by_text("Open a new case").click()
    await suits_everybody(clerk)
    form = clerk.locator("form[data-action='/v1/requests']")
    await form.get_by_label("Serial").fill("IT-SRV-01")
    await form.get_by_label("The problem in one line").fill("does not start")
    await form.get_by_label("Name").fill("李静")
    await form.get_by_label("Phone").fill("13855500119")
    await form.get_by_role("button").click()
    await expect(clerk.get_by_role("heading", level=1)).to_contain_text("does not start")
    await expect(clerk.get_by_text("In warranty")).to_be_visible()
    await suits_everybody(clerk)


async def test_stranger_is_verified_and_a_duplicate_merged(site: Site, clerk: Page) -> None:
    first = await site.desk.case(await site.desk.request(summary="server does not start"))
    await site.desk.clock.advance(timedelta(minutes=1))
    await site.desk.case(
        await site.desk.request(
            summary="server does not start again", channel="letter", contact=STRANGER
        )
    )
    await clerk.goto(f"{site.url}/desk/held")
    await suits_everybody(clerk)
    await clerk.get_by_role("button", name="Verified").click()
    await expect(clerk.get_by_text("Nobody waits for verification.")).to_be_visible()
    await clerk.goto(f"{site.url}/desk/duplicates")
    await suits_everybody(clerk)
    await clerk.get_by_role("button", name=f"Merge into {first['case_id']}").click()
    await expect(clerk.get_by_text("Nothing looks like a duplicate.")).to_be_visible()


async def test_device_is_opened_from_its_customer(site: Site, clerk: Page) -> None:
    case = await site.desk.case(await site.desk.request())
    await clerk.goto(f"{site.url}/desk/customers/C-1")
    await clerk.get_by_role("link", name="D-1", exact=True).click()
    await expect(clerk.get_by_role("link", name=case["case_id"])).to_be_visible()
    await suits_everybody(clerk)

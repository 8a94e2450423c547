import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
import uvicorn
from playwright.async_api import BrowserContext, Page, async_playwright

from support.browsing import ARGUMENTS
from support.dispatch_company import Company
from support.dispatch_company import company as running


@dataclass(frozen=True, slots=True)
class Site:
    """The dispatch service, where a browser can reach it."""

    company: Company
    url: str


@pytest.fixture
async def site(tables_url: str) -> AsyncIterator[Site]:
    async with running(tables_url) as company:
        config = uvicorn.Config(company.app, port=0, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Site(company, f"http://127.0.0.1:{port}")
        server.should_exit = True
        await serving


@pytest.fixture
async def board(site: Site, executable: str) -> AsyncIterator[Page]:
    """A dispatcher at work; an error of the page fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        context = await browser.new_context(locale="en-GB")
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security" in said.text else None,
        )
        await page.goto(f"{site.url}/")
        await page.get_by_label("Access key").fill("boss-key-1")
        await page.get_by_role("button", name="Sign in").click()
        # Not before its scripts listen.
        await page.wait_for_url(f"{site.url}/")
        yield page
        await browser.close()
        assert errors == []


Size = Literal["phone", "desktop"]
SIZES: dict[Size, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}


class Pocket:
    """A browser of the engineer E-1 with the page `/me`: what he closes, he can open again."""

    def __init__(self, site: Site, context: BrowserContext, page: Page) -> None:
        self.site, self.context, self.page = site, context, page

    async def open_anew(self) -> None:
        """As after closing the browser's window."""
        await self.page.close()
        self.page = await self.context.new_page()
        await self.page.goto(f"{self.site.url}/me")

    async def ready(self) -> None:
        """Until the page could be opened without a connection."""
        await self.page.evaluate(KEPT)

    async def lose_connection(self) -> None:
        await self.ready()
        await self.context.set_offline(True)

    async def find_connection(self) -> None:
        await self.context.set_offline(False)


# Where a page was kept there are two entries of it: in its language, and in whatever language.
KEPT = """async () => {
  const pages = async () => (await (await caches.open("aftercare-me-1")).keys())
    .filter((one) => new URL(one.url).pathname === "/me");
  while ((await pages()).length < 2) await new Promise((go) => setTimeout(go, 20));
}"""


@pytest.fixture
async def pocket(
    site: Site, executable: str, request: pytest.FixtureRequest
) -> AsyncIterator[Pocket]:
    """Signed in as E-1, whose page it is; on a phone, unless told otherwise."""
    size: Size = getattr(request, "param", "phone")
    await site.company.engineer("E-1", name="赵磊", department="field")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        context = await browser.new_context(locale="en-GB", **SIZES[size])
        errors: list[str] = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security" in said.text else None,
        )
        page = await context.new_page()
        await page.goto(f"{site.url}/me")
        await page.get_by_label("Access key").fill("engineer-key-1")
        await page.get_by_role("button", name="Sign in").click()
        yield Pocket(site, context, page)
        await browser.close()
        assert errors == []

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

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
        yield page
        await browser.close()
        assert errors == []

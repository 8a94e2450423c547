import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from support.browsing import ARGUMENTS
from support.feedback_company import Company
from support.feedback_company import company as running

PHONE_SCREEN = {"width": 360, "height": 740}


@dataclass(frozen=True, slots=True)
class Site:
    """The company's feedback service, where a browser can reach it."""

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
async def browser(executable: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone whose owner reads English; an error of the page fails the test."""
    context = await browser.new_context(locale="en-GB", viewport=PHONE_SCREEN)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    await context.close()
    assert errors == []

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, async_playwright

from support.browsing import ARGUMENTS
from support.intake_desk import DESK, Desk
from support.intake_desk import desk as running

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"
PHONE_SCREEN: ViewportSize = {"width": 360, "height": 740}


@dataclass(frozen=True, slots=True)
class Site:
    """A desk with its archive, where a browser can reach it."""

    desk: Desk
    url: str


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    async with running(database_url) as desk:
        await desk.publish()
        await desk.load()
        config = uvicorn.Config(desk.app, port=0, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Site(desk, f"http://127.0.0.1:{port}")
        server.should_exit = True
        await serving


@pytest.fixture
async def clerk(executable: str, site: Site) -> AsyncIterator[Page]:
    """A clerk who is signed in, on a narrow screen; an error of the page fails the test."""
    key = DESK["Authorization"].removeprefix("Bearer ")
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        page = await browser.new_page(locale="en-GB", viewport=PHONE_SCREEN)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{site.url}/sign-in")
        await page.get_by_label("Access key").fill(key)
        await page.get_by_role("button", name="Sign in").click()
        yield page
        await browser.close()
    assert errors == []


async def suits_everybody(page: Page) -> None:
    """It fits the narrow screen, and axe finds nothing serious."""
    assert not await page.evaluate(WIDER_THAN_THE_SCREEN), page.url
    results: Any = await Axe().run(page)
    found = results.response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []

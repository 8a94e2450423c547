"""The whole system once for all tests of this folder, and a browser for each file."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from support.browsing import ARGUMENTS, page_without_errors
from support.up import Up, free_port_base
from support.whole_system import System

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def system(executable: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    data = tmp_path_factory.mktemp("pages") / "data"
    # Nobody types as fast as these tests, nor from one address as often.
    quick = {"AFTERCARE_FORM_SHORTEST_S": "0", "AFTERCARE_FORMS_PER_MINUTE": "600"}
    own = {"AFTERCARE_NATS_URL": "", "AFTERCARE_DATABASE_URL": ""} | quick
    up = Up(data, free_port_base(), env=own)
    try:
        up.wait_until_up(110)
        system = System(up)
        system.add_staff()
        yield system
    finally:
        up.signal(signal.SIGTERM)
        up.ended(60)


@pytest.fixture(scope="module")
def browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address for a reader of English at a desk, unless told otherwise."""
    with ExitStack() as pages:

        def open_page(url: str, *, may_fail: tuple[str, ...] = (), **context: Any) -> Page:
            reader = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}}
            page = pages.enter_context(
                page_without_errors(browser, may_fail=may_fail, **(reader | context))
            )
            page.goto(url)
            return page

        yield open_page

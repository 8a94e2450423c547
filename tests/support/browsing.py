"""A real browser for the tests of pages, and what every page must keep while it is used."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A page that is left while it loads reports its own requests as failed.
_LEAVING = ("ERR_ABORTED",)


def chromium() -> str:
    """Where the browser is; skips the test where there is none."""
    given = os.environ.get("AFTERCARE_TEST_CHROMIUM")
    found = given or next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(
            f"no browser: AFTERCARE_TEST_CHROMIUM is not set, and no {NAMES[0]} is installed"
        )
    return found


@contextmanager
def page_without_errors(
    browser: Browser, *, may_fail: tuple[str, ...] = (), **context: Any
) -> Generator[Page]:
    """A page in a context of its own; afterwards nothing may have gone wrong in it.

    `may_fail` are words of console errors that the test provokes.
    """
    opened = browser.new_context(**context)
    page = opened.new_page()
    errors: list[str] = []

    def said(message: ConsoleMessage) -> None:
        allowed = (*_LEAVING, *may_fail)
        if message.type == "error" and not any(word in message.text for word in allowed):
            errors.append(message.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", said)
    try:
        yield page
    finally:
        opened.close()
    assert errors == []

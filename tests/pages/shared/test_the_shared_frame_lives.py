"""The frame of every page in a real browser: times, stream, calls, languages, widths."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from support.browsing import ARGUMENTS

PROGRAM = """
from aftercare_http import Settings, load_settings, run
from support.live_page import build
run(build, load_settings(Settings))
"""


class Service:
    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        environment = {"AFTERCARE_PORT": str(self.port), "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=os.environ | environment
        )
        for _ in range(200):
            try:
                httpx.get(f"{self.url}/healthz")
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("the service did not come up")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security" in said.text else None,
    )
    page.goto(f"{service.url}/")
    yield page
    context.close()
    assert errors == []


def test_the_local_system_needs_no_key(page: Page, service: Service) -> None:
    assert page.url == f"{service.url}/"
    expect(page.locator(".who")).to_have_text("local")


def test_times_move_in_place(page: Page) -> None:
    due = page.locator("#due span").first
    expect(due).to_contain_text("left")
    before = due.inner_text()
    expect(due).not_to_have_text(before)
    expect(page.locator("#missed span").first).to_have_text("2 h 05 min late")
    expect(page.locator("#missed")).to_have_class("due late")
    expect(page.locator("#ago span").first).to_have_text("2 hours ago")
    assert "GMT+8" in (page.locator("#due").get_attribute("title") or "")


def test_a_stream_resumes_after_a_crash_and_says_so(page: Page, service: Service) -> None:
    alerts = page.locator(".alert")
    expect(alerts).to_have_text(["1:1", "2:2"])
    service.stop()
    banner = page.locator("#connection")
    expect(banner).to_contain_text("Connection lost")
    service.start()
    expect(alerts).to_have_text(["1:1", "2:2", "3:3", "4:4"], timeout=20_000)
    expect(banner).to_be_hidden(timeout=10_000)


def test_calls_answer_or_throw_their_problem(page: Page) -> None:
    page.get_by_label("text").fill("yes")
    page.get_by_role("button", name="Say").click()
    expect(page.locator("#said")).to_have_text("yes")
    page.get_by_label("text").fill("no")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("it said no")


def test_languages_switch_in_place(page: Page) -> None:
    page.evaluate("scrollTo(0, 700)")
    page.get_by_role("link", name="中文").evaluate("link => link.click()")
    expect(page.get_by_role("heading", level=1)).to_have_text("实时")
    expect(page.locator("#missed span").first).to_have_text("超时 2 小时 05 分")
    expect(page.locator(".rank-executive")).to_have_text("公司领导")
    assert page.evaluate("new Promise(done => setTimeout(() => done(scrollY), 300))") > 600


def test_signing_out_stays_out_of_the_page(page: Page, service: Service) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{service.url}/sign-in*")


@pytest.mark.parametrize("width", [360, 3840])
def test_no_width_is_too_narrow_or_too_wide(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    for button in page.get_by_role("button", name="Say").all():
        assert (button.bounding_box() or {"height": 0})["height"] >= 44


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "BUTTON", "INPUT"} <= reached


def test_the_document_is_read_and_tried_without_the_internet(page: Page, service: Service) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{service.url}/docs")
    expect(page.get_by_role("heading", name="Aftercare")).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()
    assert [url for url in asked if not url.startswith((service.url, "data:"))] == []

"""The timeline of a case in a browser: what it shows, on a phone and without eyes (SL-11)."""

import re

import pytest
from playwright.sync_api import Page, expect

from support.whole_system import System

from .conftest import OpenPage


@pytest.fixture(scope="module")
def case_id(system: System) -> str:
    """Responded to after every rank had been alerted."""
    case_id = system.report(system.customer_with_seconds(2), "大厅空调停机")
    system.case_when(case_id, lambda case: case["holder"] is not None)
    return case_id


@pytest.fixture
def page(system: System, open_page: OpenPage, case_id: str) -> Page:
    page = open_page(system.url("sla-monitor", f"/cases/{case_id}"))
    expect(page.locator(".drawing .lane.breached .pin.fired")).to_have_count(4, timeout=20_000)
    return page


def test_breach_is_a_sign_and_a_word_not_only_a_colour(page: Page) -> None:
    lane = page.locator(".drawing .lane", has_text="Respond")
    expect(lane).to_contain_text("breached")
    expect(lane.locator(".sign.breach")).to_have_count(1)
    expect(lane.locator("rect.overrun").first).to_be_visible()
    expect(page.locator(".drawing .label", has_text="Reported")).to_be_visible()


def test_now_moves_by_itself(page: Page) -> None:
    line = page.locator("line[data-now]")
    drawing = page.locator(".drawing")
    begin, end = (drawing.get_attribute(f"data-{edge}") for edge in ("begin", "end"))
    assert begin is not None
    assert end is not None
    assert begin < end
    before = line.get_attribute("x1")
    expect(line).not_to_have_attribute("x1", before or "")


def test_table_says_the_same_to_those_who_do_not_see_it(page: Page) -> None:
    picture = page.get_by_role("img", name=re.compile("table below says the same"))
    expect(picture).to_be_visible()
    page.get_by_text("The same as a table").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="Promises")
    row = table.get_by_role("row", name=re.compile("^Respond"))
    expect(row).to_contain_text("breached")
    expect(row).to_contain_text(re.compile(r"Executive .*, raised"))
    happened = page.get_by_role("table", name="What happened")
    expect(happened).to_contain_text("Assigned")


def test_closer_view_keeps_the_language_and_says_which_it_is(page: Page) -> None:
    page.get_by_role("link", name="中文").click()
    page.get_by_role("link", name="最初几小时").click()
    expect(page.get_by_role("link", name="最初几小时")).to_have_attribute("aria-current", "true")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".drawing .lane", has_text="响应")).to_contain_text("已超时")


def test_phone_scrolls_the_picture_in_its_own_box_with_the_names_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    box = page.get_by_role("group", name="Timeline")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box.evaluate("box => { box.scrollLeft = 300 }")
    name = page.locator(".drawing .lane-name", has_text="Respond")
    expect(name).to_be_in_viewport()
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(box).to_be_focused()

"""The board: a case that waits appears by itself, and is given away without a mouse (DP-04)."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from support.whole_system import System

from .conftest import OpenPage

SKILL = "elevator"


@pytest.fixture(scope="module")
def off_duty(system: System) -> tuple[str, str]:
    """Two who can mend elevators and are at home, so that it is the dispatcher who decides."""
    names = ("Qian Jin", "Kong Ling")
    for number, name in enumerate(names):
        certificate = {"name": "电梯作业证", "valid_until": "2099-12-31", "skill": SKILL}
        person = {"name": name, "skills": [SKILL], "certificates": [certificate], "level": 2}
        system.call("PUT", "dispatch", f"/v1/engineers/E-LIFT-{number}", person)
        system.call("PUT", "dispatch", f"/v1/rosters/E-LIFT-{number}", {"around_the_clock": False})
    return names


@pytest.fixture
def customer(system: System, off_duty: tuple[str, str]) -> str:
    return system.customer_with_seconds(3600)


def waiting(page: Page, case_id: str) -> Locator:
    return page.get_by_role("region", name="Waiting").locator(".card", has_text=case_id)


def in_work(page: Page, case_id: str) -> Locator:
    return page.get_by_role("region", name="In work").locator(".card", has_text=case_id)


def test_waiting_case_appears_and_goes_by_key(
    system: System, open_page: OpenPage, customer: str, off_duty: tuple[str, str]
) -> None:
    page = open_page(system.url("dispatch"))
    page.evaluate("window.loaded = 'once'")
    case_id = system.report(customer, "电梯停在三楼", category=SKILL)

    card = waiting(page, case_id)
    expect(card.get_by_role("button", name="1 ·")).to_be_visible()
    expect(card).to_contain_text("open cases: 0")
    card.focus()
    page.keyboard.press("1")
    expect(page.get_by_role("dialog")).to_contain_text("off duty")
    page.keyboard.type("lives nearby")
    page.keyboard.press("Enter")

    expect(in_work(page, case_id)).to_contain_text(re.compile("|".join(off_duty)))
    expect(in_work(page, case_id)).to_contain_text("assigned by hand: lives nearby")
    expect(waiting(page, case_id)).to_have_count(0)
    assert page.evaluate("window.loaded") == "once"


def test_somebody_else_is_chosen_for_a_reason_that_stays_in_sight(
    system: System, open_page: OpenPage, customer: str, off_duty: tuple[str, str]
) -> None:
    case_id = system.report(customer, "电梯门夹人", category=SKILL)
    page = open_page(system.url("dispatch", f"/?case={case_id}"))
    page.locator("#day-E-LIFT-1").get_by_role("button", name="Send").click()
    page.keyboard.type("knows the ")
    second = system.report(customer, "电梯按钮失灵", category=SKILL)
    system.case_when(second, lambda case: case["wanted"] is not None)
    expect(waiting(page, second)).to_be_visible()
    page.keyboard.type("building")
    page.keyboard.press("Enter")

    held = in_work(page, case_id)
    expect(held).to_contain_text(off_duty[1])
    expect(held).to_contain_text("assigned by hand: knows the building")


def test_case_that_was_given_by_itself_says_why(system: System, open_page: OpenPage) -> None:
    case_id = system.report(system.customer_with_seconds(3600), "交换机重启", category="device")
    page = open_page(system.url("dispatch"))
    expect(in_work(page, case_id)).to_contain_text(
        re.compile(r"open cases: \d · level \d .* suitable")
    )

"""All pages: two languages, light and dark, phone to wall, by keyboard, nothing in the way."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from support.faxes import tiff, typed
from support.whole_system import System

from .conftest import OpenPage

PAGES = (
    *("report", "complaint", "status", "desk", "customer", "desk case", "card", "faxes", "fax"),
    *("held", "duplicates", "quarantine", "call-backs"),
    *("wall", "case", "board", "whose", "loans", "calls", "call", "survey", "thanks"),
)
WIDTHS = (360, 1440, 3840)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERIOUS = ("serious", "critical")
STICKS_OUT = """
() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth)
    .map((element) => element.outerHTML.slice(0, 300))
"""
FOCUS_IS_SEEN = """
() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}
"""


@pytest.fixture(scope="module")
def addresses(system: System) -> dict[str, str]:
    """Every page with something on it."""
    urgent, calm = system.customer_with_seconds(2), system.customer_with_seconds(3600)
    escalated = system.report(urgent, "核心交换机反复重启，二号楼全部断网，客户非常着急")
    solved, answered = (system.report(calm, summary) for summary in ("打印机卡纸", "路灯不亮"))
    survey, thanks = system.resolve(solved), system.resolve(answered)
    status = system.call("GET", "intake", f"/v1/requests/{escalated}/status")["status_url"]
    callback = system.callback_of(answered)
    done = {"officer_id": "O-LIN-NA", "outcome": "satisfied", "scores": {"attitude": 5}}
    path = f"/v1/callbacks/{callback['callback_id']}/complete"
    system.call("POST", "feedback", path, done)
    call = f"/callbacks/{system.callback_of(solved)['callback_id']}"
    for _ in range(3):
        wish = {"case_id": escalated, "model": "Taihang TH-2288"}
        system.call("POST", "dispatch", "/v1/loans", wish)
    fax = system.fax(tiff(typed(["IT-SRV-01"], size=(800, 320))), sender="+86 21 5550 0137")
    return {
        **clerks_pages(system, urgent, escalated),
        "report": system.url("intake", "/report"),
        "faxes": system.url("intake", "/desk/faxes"),
        "fax": system.url("intake", f"/desk/faxes/{fax}"),
        "complaint": system.url("intake", "/report/complaint"),
        "status": status,
        "wall": system.url("sla-monitor"),
        "case": system.url("sla-monitor", f"/cases/{escalated}"),
        "board": system.url("dispatch"),
        "whose": system.url("dispatch", "/me"),
        "loans": system.url("dispatch", "/loans"),
        "calls": system.url("feedback"),
        "call": system.url("feedback", call),
        "survey": system.url("feedback", survey),
        "thanks": system.url("feedback", thanks),
    }


def clerks_pages(system: System, customer: str, case: str) -> dict[str, str]:
    paths = {
        "desk": "/",
        "customer": f"/desk/customers/{customer}",
        "desk case": f"/desk/cases/{case}",
        "card": f"/cards/{case}",
        "held": "/desk/held",
        "duplicates": "/desk/duplicates",
        "quarantine": "/desk/quarantine",
        "call-backs": "/desk/calls",
    }
    for _ in range(2):
        system.report(customer, "二号楼的摄像头黑屏，重启后仍然没有图像")
    # A contract whose hand-over file is missing is one more thing to tell.
    contract = {"customer_id": customer, "policy": "portal-operations", "starts_on": "2020-01-01"}
    system.call("PUT", "intake", "/v1/contracts/CT-waiting", contract | {"handover_required": True})
    device = {"customer_id": customer, "serial": "SN-77", "accepted_on": "2020-01-01"}
    system.call("PUT", "intake", "/v1/devices/D-77", device)
    abandoned = {"call_id": "given-up", "caller": "+86 139 5550 0166", "outcome": "abandoned"}
    times = {"started_at": "2026-10-12T10:35:12+08:00", "ended_at": "2026-10-12T10:35:58+08:00"}
    system.call("POST", "intake", "/v1/calls", abandoned | times | {"direction": "inbound"})
    return {name: system.url("intake", path) for name, path in paths.items()}


def serious_findings(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {node['html']}"
        for finding in found
        if finding["impact"] in SERIOUS
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(
    addresses: dict[str, str], open_page: OpenPage, name: str
) -> None:
    page = open_page(addresses[name])
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert serious_findings(page) == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_fit_every_width_and_switch_in_place(
    addresses: dict[str, str], open_page: OpenPage, name: str
) -> None:
    page = open_page(addresses[name], locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert too_wide(page) == []
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert too_wide(page) == []
    assert page.url.partition("?")[0] == addresses[name]
    page.goto(addresses[name])
    expect(page.locator("html")).to_have_attribute("lang", "en")


def too_wide(page: Page) -> list[str]:
    """What sticks out of which screen."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {html}" for html in page.evaluate(STICKS_OUT)]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_focus_is_seen_wherever_it_goes(
    addresses: dict[str, str], open_page: OpenPage, name: str
) -> None:
    page = open_page(addresses[name])
    page.keyboard.press("Tab")
    for _ in range(12):
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return

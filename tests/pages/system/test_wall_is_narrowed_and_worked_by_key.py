"""The wall narrowed to what matters, acknowledged and left by keyboard alone (SL-03, SL-06)."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from support.whole_system import System

from .conftest import OpenPage


@pytest.fixture(scope="module")
def customers(system: System) -> tuple[str, str]:
    return system.customer_with_seconds(3), system.customer_with_seconds(3)


def cards(page: Page) -> Locator:
    return page.get_by_role("region", name="Open escalations").locator(".card")


def of(page: Page, case_id: str) -> Locator:
    return cards(page).filter(has_text=case_id)


def wall_of(customer: str) -> str:
    return f"/?customer={customer}"


def test_chosen_customer_stands_in_the_address_and_live_updates_keep_to_it(
    system: System, open_page: OpenPage, customers: tuple[str, str]
) -> None:
    one, other = (system.report(customer, "闸机故障") for customer in customers)
    page = open_page(system.url("sla-monitor"))
    expect(of(page, one)).to_be_visible(timeout=10_000)
    expect(of(page, other)).to_be_visible(timeout=10_000)
    page.reload()
    page.get_by_label("Customer", exact=True).select_option(customers[0])
    expect(of(page, other)).to_have_count(0)
    expect(page).to_have_url(re.compile(f"customer={customers[0]}"))

    later, unseen = (system.report(customer, "门锁故障") for customer in customers)
    expect(of(page, later)).to_have_attribute("data-rank", "executive", timeout=10_000)
    expect(of(page, unseen)).to_have_count(0)

    sent = open_page(page.url)
    expect(of(sent, one)).to_be_visible()
    expect(of(sent, other)).to_have_count(0)
    expect(sent.get_by_label("Customer", exact=True)).to_have_value(customers[0])

    page.go_back()
    expect(of(page, other)).to_be_visible()


def test_count_of_a_rank_leads_to_that_rank_and_back_also_in_the_other_language(
    system: System, open_page: OpenPage, customers: tuple[str, str]
) -> None:
    case_id = system.report(customers[0], "屏幕不亮")
    page = open_page(system.url("sla-monitor", wall_of(customers[0])))
    expect(of(page, case_id)).to_have_attribute("data-rank", "executive", timeout=10_000)
    tally = page.get_by_role("list", name="Open escalations by rank")
    tally.get_by_role("link", name="Engineer").click()
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_text("Nothing here is of the kind you chose.").first).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(re.compile("rank=engineer"))
    expect(page.get_by_text("没有符合所选条件的内容").first).to_be_visible()
    page.locator("#count-engineer a").click()
    expect(page.locator("[data-part=open] .card", has_text=case_id)).to_be_visible()
    assert "rank" not in page.url


def test_case_is_found_acknowledged_and_opened_by_key(
    system: System, open_page: OpenPage, customers: tuple[str, str]
) -> None:
    first, second = (system.report(customers[1], summary) for summary in ("水泵异响", "风机停转"))
    page = open_page(system.url("sla-monitor", wall_of(customers[1])))
    for case_id in (first, second):
        expect(of(page, case_id)).to_have_attribute("data-rank", "executive", timeout=10_000)

    page.keyboard.press("/")
    expect(page.get_by_label("Customer", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    links = cards(page).get_by_role("link")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.nth(0)).to_be_focused()

    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(links.nth(0)).to_be_focused()

    page.keyboard.press("a")
    page.get_by_role("button", name="in 60 min").press("Enter")
    page.get_by_label("I'll have it done by").press("Enter")
    expect(cards(page).nth(0)).to_contain_text("acknowledged by local", timeout=15_000)
    expect(cards(page).nth(0)).to_contain_text("promised for")
    expect(links.nth(0)).to_be_focused()
    name = links.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_refused_acknowledgement_is_said_where_it_was_asked(
    system: System, open_page: OpenPage, customers: tuple[str, str]
) -> None:
    case_id = system.report(customers[1], "配电箱跳闸")
    page = open_page(system.url("sla-monitor", wall_of(customers[1])), may_fail=("409",))
    card = of(page, case_id)
    expect(card).to_have_attribute("data-rank", "executive", timeout=10_000)
    card.get_by_role("button", name="Acknowledge").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("I have it")
    for alert in system.alerts(case_id):
        path = f"/v1/alerts/{alert['alert_id']}/ack"
        system.call("POST", "sla-monitor", path, {"actor": "E-7"})
    expect(card).to_contain_text("acknowledged by E-7")
    dialog.get_by_role("button", name="Acknowledge").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Somebody was faster")
    expect(dialog.get_by_label("Note")).to_have_value("I have it")
    dialog.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("link")).to_be_focused()

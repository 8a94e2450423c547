"""The wall of ops: escalations appear, climb and end by themselves, also after an outage."""

import re

from playwright.sync_api import Locator, Page, expect

from support.whole_system import System

from .conftest import OpenPage

RANKS = ("engineer", "pm", "leadership", "executive")
# Notes when each rank of each promise was first on the screen, in the clock of this machine.
NOTE_ARRIVALS = """
window.arrivals = {};
new MutationObserver(() => {
  for (const card of document.querySelectorAll("[data-part=open] .card")) {
    arrivals[`${card.id} ${card.dataset.rank}`] ??= Date.now() / 1000;
  }
}).observe(document, { childList: true, subtree: true });
"""


def card_of(page: Page, case_id: str) -> Locator:
    return page.get_by_role("region", name="Open escalations").locator(".card", has_text=case_id)


def test_untouched_case_climbs_every_rank_before_ones_eyes(
    system: System, open_page: OpenPage
) -> None:
    customer = system.customer_with_seconds(8)
    page = open_page("about:blank")
    page.add_init_script(NOTE_ARRIVALS)
    page.goto(system.url("sla-monitor"))
    case_id = system.report(customer, "收银系统死机")

    card = card_of(page, case_id)
    expect(card).to_have_attribute("data-rank", "executive", timeout=20_000)
    expect(card.locator(".rank")).to_have_text("Executive")
    expect(card.locator("time.due")).to_contain_text("late")

    arrivals = page.evaluate("arrivals")
    shown = [arrivals.get(f"{case_id}-respond-1 {rank}") for rank in RANKS]
    assert None not in shown, "a rank was never on the screen"
    assert shown == sorted(shown)


def test_promise_counts_down_in_place(system: System, open_page: OpenPage) -> None:
    case_id = system.report(system.customer_with_seconds(300), "电梯照明闪烁")
    page = open_page(system.url("sla-monitor"))
    row = page.get_by_role("region", name="Due next").locator(".card", has_text=case_id)
    due = row.locator("time.due")
    expect(due).to_contain_text("left")
    first = due.locator("span").first.inner_text()
    expect(due.locator("span").first).not_to_have_text(first)
    assert "GMT+8" in (due.get_attribute("title") or "")


def test_alert_is_acknowledged_from_the_page(system: System, open_page: OpenPage) -> None:
    case_id = system.report(system.customer_with_seconds(2), "门禁失灵")
    page = open_page(system.url("sla-monitor"))
    card = card_of(page, case_id)
    expect(card).to_have_attribute("data-rank", "executive", timeout=10_000)
    button = card.get_by_role("button", name="Acknowledge")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Note (optional)").fill("on my way")
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").press("Enter")

    expect(card.get_by_text("acknowledged by local")).to_be_visible(timeout=15_000)
    expect(button).to_have_count(0)
    expect(card.get_by_role("link")).to_be_focused()
    assert {alert["acknowledged_by"] for alert in system.alerts(case_id)} == {"local"}


def test_escalation_leaves_the_wall_when_it_is_over(system: System, open_page: OpenPage) -> None:
    case_id = system.report(system.customer_with_seconds(2), "水泵停转")
    page = open_page(system.url("sla-monitor"))
    expect(card_of(page, case_id)).to_be_visible(timeout=10_000)
    system.call("POST", "dispatch", f"/v1/cases/{case_id}/respond", {})
    expect(card_of(page, case_id)).to_have_count(0)


def test_what_did_not_change_stays_as_it_is(system: System, open_page: OpenPage) -> None:
    customer = system.customer_with_seconds(2)
    settled = system.report(customer, "摄像头离线")
    page = open_page(system.url("sla-monitor"))
    expect(card_of(page, settled)).to_have_attribute("data-rank", "executive", timeout=10_000)
    card_of(page, settled).evaluate("card => { card.mark = 'the same' }")
    link = card_of(page, settled).get_by_role("link")
    link.focus()

    later = system.report(customer, "道闸不抬")
    expect(card_of(page, later)).to_have_attribute("data-rank", "executive", timeout=10_000)
    assert card_of(page, settled).evaluate("card => card.mark") == "the same"
    expect(link).to_be_focused()


def test_stream_goes_on_after_the_monitor_was_killed(system: System, open_page: OpenPage) -> None:
    page = open_page(system.url("sla-monitor"), may_fail=("ERR_", "503"))
    page.evaluate("window.loaded = 'once'")
    customer = system.customer_with_seconds(2)
    before = system.report(customer, "空调漏水")
    expect(card_of(page, before)).to_be_visible(timeout=10_000)

    system.up.children()["sla_monitor"].kill()
    expect(page.get_by_role("status")).to_contain_text("Connection lost")
    meanwhile = system.report(customer, "断网")

    expect(card_of(page, meanwhile)).to_have_attribute("data-rank", "executive", timeout=60_000)
    expect(card_of(page, before)).to_have_attribute("data-rank", "executive")
    expect(page.locator("#connection")).to_be_hidden(timeout=10_000)
    after = system.report(customer, "断电")
    expect(card_of(page, after)).to_have_attribute("data-rank", "executive", timeout=20_000)
    assert page.evaluate("window.loaded") == "once"


def test_page_of_a_case_explains_and_follows_its_promise(
    system: System, open_page: OpenPage
) -> None:
    case_id = system.report(system.customer_with_seconds(4), "大屏黑屏")
    page = open_page(system.url("sla-monitor"))
    page.get_by_role("link", name=case_id).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("大屏黑屏")
    alerts = page.get_by_role("region", name="Alerts").locator(".card")
    expect(alerts).to_have_count(4, timeout=20_000)
    promise = page.get_by_role("region", name="Promises").locator(".card")
    expect(promise).to_contain_text("breached")
    promise.get_by_text("Where this time comes from").click()
    expect(promise.get_by_text(re.compile("target: 4 s"))).to_be_visible()

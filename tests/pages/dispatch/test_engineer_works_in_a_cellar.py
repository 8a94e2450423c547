"""The engineer's page in a real browser, with and without a connection (DP-07, DP-08)."""

import asyncio
from base64 import b64decode
from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Route, expect

from support.dispatch_cases import START, WRITTEN

from .conftest import Pocket

CASE = "CASE-1"
BOTH = pytest.mark.parametrize("pocket", ["phone", "desktop"], indirect=True)
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SENT = "Everything is sent"
FITS = "document.documentElement.scrollWidth <= innerWidth"


async def accepted(pocket: Pocket, case_id: str = CASE) -> None:
    company = pocket.site.company
    await company.report(case_id, summary="二号楼灯不亮", site_id="S-1")
    await company.post(f"/v1/cases/{case_id}/assign", engineer_id="E-1")
    await company.post(f"/v1/cases/{case_id}/accept")


async def on_site(pocket: Pocket) -> None:
    await accepted(pocket)
    await pocket.site.company.post(f"/v1/cases/{CASE}/arrive")
    await expect(button(pocket.page, "It works again")).to_be_visible()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def said_of(pocket: Pocket, *names: str) -> list[str]:
    return [name for name in await pocket.site.company.types("case", CASE) if name in names]


@BOTH
async def test_done_without_connection_arrives_once_with_its_time(pocket: Pocket) -> None:
    company, page = pocket.site.company, pocket.page
    await accepted(pocket)
    await expect(button(page, "Depart")).to_be_visible()
    assert await page.evaluate(FITS)
    await pocket.lose_connection()
    began = company.clock.now()
    for done in ("Depart", "Arrived", "It works again"):
        await button(page, done).click()
    await expect(page.get_by_text("3 saved on this phone")).to_be_visible()
    assert await said_of(pocket, "departed") == []
    await company.clock.advance(timedelta(hours=3))
    await pocket.find_connection()
    await expect(page.get_by_text(SENT)).to_be_visible(timeout=15_000)
    done = ("departed", "arrived", "restored")
    events = [one for one in await company.events("case", CASE) if one.type.split(".")[2] in done]
    assert [one.type.split(".")[2] for one in events] == list(done)
    assert all(timedelta(0) <= one.time - began < timedelta(minutes=1) for one in events)


async def test_page_opens_without_connection_and_keeps_what_was_done(pocket: Pocket) -> None:
    await accepted(pocket)
    await expect(button(pocket.page, "Depart")).to_be_visible()
    await pocket.page.reload()
    await pocket.lose_connection()
    await button(pocket.page, "Depart").click()
    await expect(pocket.page.get_by_text("1 saved on this phone")).to_be_visible()
    await pocket.open_anew()
    await expect(pocket.page.get_by_text("1 saved on this phone")).to_be_visible()
    await expect(pocket.page.get_by_text("二号楼灯不亮")).to_be_visible()
    await button(pocket.page, "Arrived").click()
    await pocket.find_connection()
    await expect(pocket.page.get_by_text(SENT)).to_be_visible(timeout=15_000)
    assert await said_of(pocket, "departed", "arrived") == ["departed", "arrived"]


async def test_answer_that_was_lost_doubles_nothing(pocket: Pocket) -> None:
    await on_site(pocket)
    lost: list[str] = []

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()
        lost.append(route.request.url)
        await (route.abort() if len(lost) == 1 else route.fulfill(response=answer))

    await pocket.context.route("**/v1/cases/*/restore", lose_the_first)
    await button(pocket.page, "It works again").click()
    await expect(pocket.page.get_by_text(SENT)).to_be_visible(timeout=20_000)
    assert len(lost) > 1
    assert await said_of(pocket, "restored") == ["restored"]


async def test_what_is_refused_is_told_and_can_be_dropped(pocket: Pocket) -> None:
    await accepted(pocket)
    await expect(button(pocket.page, "Depart")).to_be_visible()
    await pocket.lose_connection()
    await button(pocket.page, "Depart").click()
    await pocket.site.company.post(
        f"/v1/cases/{CASE}/assign", engineer_id="E-1", replaces="E-1", reason="other day"
    )
    await pocket.site.company.post(f"/v1/cases/{CASE}/depart")
    await pocket.find_connection()
    await expect(pocket.page.get_by_text("1 refused")).to_be_visible(timeout=15_000)
    await expect(pocket.page.get_by_text("E-1 is on the way")).to_be_visible()
    await button(pocket.page, "Drop").click()
    await expect(pocket.page.get_by_text("1 refused")).to_be_hidden()
    assert await said_of(pocket, "departed") == ["departed"]


async def test_record_names_what_is_missing_and_takes_photos(pocket: Pocket) -> None:
    page = pocket.page
    await on_site(pocket)
    await button(page, "It works again").click()
    await button(page, "Write the record").click()
    await page.get_by_label("Cause").fill("fuse")
    await button(page, "Write the record").click()
    await expect(page.get_by_text("What was done is missing")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Cause")).to_have_value("fuse")
    labels = {
        "What was done": WRITTEN["action"],
        "How to prevent it": WRITTEN["prevention"],
        "Technique": WRITTEN["technique"],
        "Reported by": WRITTEN["reported_by"],
    }
    for label, text in labels.items():
        await page.get_by_label(label).fill(text)
    picture = {"name": "fuse.png", "mimeType": "image/png", "buffer": PNG}
    await page.get_by_label("Photos").set_input_files([picture])
    await expect(page.get_by_alt_text("Photo 1 taken")).to_be_visible()
    assert await page.evaluate(FITS)
    await button(page, "Write the record").click()
    await button(page, "Solved").click()
    await expect(button(page, "Customer signs")).to_be_visible()
    await pocket.site.company.said("resolved", "case", CASE)
    assert await said_of(pocket, "photo_added", "recorded", "resolved") == [
        "photo_added",
        "recorded",
        "resolved",
    ]


async def test_remote_work_asks_for_consent_and_a_pause_for_its_reason(pocket: Pocket) -> None:
    page = pocket.page
    await accepted(pocket)
    await page.get_by_role("link", name=CASE).click()
    await button(page, "Start remote work").click()
    await button(page, "Start remote work").click()
    await expect(page.get_by_text("How and when the customer agreed is missing")).to_be_visible()
    await page.get_by_label("How and when").fill("by phone, recording 7")
    await button(page, "Start remote work").click()
    await button(page, "Pause").click()
    await page.get_by_label("no access to the site").check()
    await button(page, "Pause").click()
    await button(page, "Go on").click()
    await button(page, "Hand to experts").click()
    await page.get_by_label("Id of the expert").fill("EXPERTS")
    await button(page, "Hand to experts").click()
    await pocket.site.company.said("escalated_to_expert", "case", CASE)
    told = ("remote_started", "paused", "resumed", "escalated_to_expert")
    assert await said_of(pocket, *told) == list(told)


async def test_whoever_is_on_site_is_told_what_comes_before_going_elsewhere(pocket: Pocket) -> None:
    """DP-06."""
    page, company = pocket.page, pocket.site.company
    await accepted(pocket)
    later = {"start": "2026-11-02T12:00:00Z", "end": "2026-11-02T14:00:00Z"}
    await company.report("OTHR-CASE", summary="三号楼灯不亮", site_id="S-1")
    await company.post("/v1/cases/OTHR-CASE/assign", engineer_id="E-1", slot=later)
    await company.post("/v1/cases/OTHR-CASE/arrive")
    await page.get_by_role("link", name=CASE).click()
    await button(page, "Depart").click()
    await expect(page.get_by_text("You are on site at another case")).to_be_visible()
    assert await said_of(pocket, "departed") == []


async def test_what_was_refused_is_put_right_with_its_time(pocket: Pocket) -> None:
    page = pocket.page
    await on_site(pocket)
    await page.get_by_role("link", name=CASE).click()
    await button(page, "Pause").click()
    await page.get_by_label("no access to the site").check()
    await page.get_by_text("Did it happen earlier?").click()
    await page.get_by_label("When (Beijing time)").fill("2026-11-01T16:00:00")
    await button(page, "Pause").click()
    await expect(page.get_by_text("That was before the case was reported.")).to_be_visible()
    await button(page, "Correct").click()
    await expect(page.get_by_label("When (Beijing time)")).to_have_value("2026-11-01T16:00")
    await page.get_by_label("When (Beijing time)").fill("2026-11-02T16:00:00")
    await button(page, "Pause").click()
    await pocket.site.company.said("paused", "case", CASE)
    (paused,) = [
        one for one in await pocket.site.company.events("case", CASE) if "paused" in one.type
    ]
    assert paused.time == START


@BOTH
async def test_what_the_contract_wants_measured_is_asked_for(pocket: Pocket) -> None:
    """DP-29: without a connection too, and within its bounds."""
    company, page = pocket.site.company, pocket.page
    figures = [{"name": "psu_volts", "at_least": "220", "at_most": "240"}, {"name": "load"}]
    await company.contract(acceptance_figures=figures)
    await on_site(pocket)
    await pocket.lose_connection()
    await button(page, "It works again").click()
    volts = page.get_by_label("psu_volts (220 – 240)")
    await volts.fill("much")
    await button(page, "It works again").click()
    await expect(page.get_by_text("psu_volts (220 – 240): a number, such as 220.5")).to_be_visible()
    await expect(page.get_by_text("load is missing")).to_be_visible()
    await page.get_by_label("load").fill("0.5")
    await volts.fill("250")
    await button(page, "It works again").click()
    await expect(page.get_by_text("outside the acceptance figures")).to_be_visible()
    assert await page.evaluate(FITS)
    await volts.fill("231")
    await button(page, "It works again").click()
    await pocket.find_connection()
    await expect(page.get_by_text(SENT)).to_be_visible(timeout=15_000)
    assert (await company.case(CASE))["measured"] == {"psu_volts": "231", "load": "0.5"}


async def test_answer_that_comes_late_takes_no_form_away(pocket: Pocket) -> None:
    """On a slow connection somebody puts right what was refused before the cases are read again."""
    page = pocket.page
    await on_site(pocket)
    await page.get_by_role("link", name=CASE).click()
    await button(page, "Pause").click()
    read, reading = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        reading.set()
        await read.wait()
        await route.continue_()

    await pocket.context.route("**/me/cases?*", hold)
    await page.get_by_label("no access to the site").check()
    await page.get_by_text("Did it happen earlier?").click()
    await page.get_by_label("When (Beijing time)").fill("2026-11-01T16:00:00")
    await button(page, "Pause").click()
    await button(page, "Correct").click()
    await reading.wait()
    async with page.expect_response("**/me/cases?*"):
        read.set()
    await page.get_by_label("When (Beijing time)").fill("2026-11-02T16:00:00")
    await button(page, "Pause").click()
    await pocket.site.company.said("paused", "case", CASE)


async def test_customer_signs_on_the_screen(pocket: Pocket) -> None:
    company, page = pocket.site.company, pocket.page
    await on_site(pocket)
    await company.post(f"/v1/cases/{CASE}/record", **WRITTEN)
    await company.post(f"/v1/cases/{CASE}/resolve")
    await button(page, "Customer signs").click()
    await page.get_by_label("Name of who signs").fill("王芳")
    pad = page.get_by_role("img", name="Area to sign in")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    await page.mouse.up()
    await button(page, "Customer signs").click()
    await pocket.site.company.said("signed_off", "case", CASE)
    assert await said_of(pocket, "signed_off") == ["signed_off"]
    shown = await company.http.get(
        f"/v1/cases/{CASE}/signature?min_position={await company.log.end()}"
    )
    assert shown.headers["content-type"] == "image/png"


async def test_page_suits_every_reader(pocket: Pocket) -> None:
    page = pocket.page
    await accepted(pocket)
    await expect(button(page, "Depart")).to_be_visible()
    await page.get_by_role("link", name=CASE).click()
    await expect(page.get_by_role("heading", level=1, name=CASE)).to_be_visible()
    await button(page, "Pause").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("no access to the site")).to_be_visible()
    await no_serious_findings(page)
    await page.goto(f"{pocket.site.url}/me/cases/{CASE}?lang=zh")
    await expect(button(page, "出发")).to_be_visible()
    assert await page.evaluate(FITS)
    await page.emulate_media(color_scheme="dark")
    await no_serious_findings(page)


async def no_serious_findings(page: Page) -> None:
    found = (await Axe().run(page)).response["violations"]
    assert [one for one in found if one["impact"] in ("serious", "critical")] == []

"""The engineer's page in a real browser, with and without a connection (DP-07, DP-08)."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from .conftest import Pocket

CASE = "CASE-1"
BOTH = pytest.mark.parametrize("pocket", ["phone", "desktop"], indirect=True)


async def accepted(pocket: Pocket, case_id: str = CASE) -> None:
    company = pocket.site.company
    await company.report(case_id, summary="二号楼灯不亮", site_id="S-1")
    await company.post(f"/v1/cases/{case_id}/assign", engineer_id="E-1")
    await company.post(f"/v1/cases/{case_id}/accept")


async def on_site(pocket: Pocket) -> None:
    await accepted(pocket)
    await pocket.site.company.post(f"/v1/cases/{CASE}/arrive")
    await expect(button(pocket.page, "It works again")).to_be_visible()


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


@BOTH
async def test_done_without_connection_arrives_once_with_its_time(pocket: Pocket) -> None:
    company, page = pocket.site.company, pocket.page
    await accepted(pocket)
    await expect(button(page, "Depart")).to_be_visible()
    await pocket.lose_connection()
    began = company.clock.now()
    for done in ("Depart", "Arrived", "It works again"):
        await button(page, done).click()
    await expect(page.get_by_text("3 saved on this phone")).to_be_visible()
    assert "departed" not in await company.types("case", CASE)
    await company.clock.advance(timedelta(hours=3))
    await pocket.find_connection()
    await expect(page.get_by_text("Everything is sent")).to_be_visible(timeout=15_000)
    said = [one for one in await company.events("case", CASE) if one.type.split(".")[2] in WITHOUT]
    assert [one.type.split(".")[2] for one in said] == ["departed", "arrived", "restored"]
    assert all(timedelta(0) <= one.time - began < timedelta(minutes=1) for one in said)


WITHOUT = ("departed", "arrived", "restored")

"""The dispatcher's board: waiting cases with proposals, cases in work, engineers' days, live."""

import asyncio
from typing import Any

from support.dispatch_company import Company

ENGLISH = {"Accept-Language": "en"}


async def panels(company: Company, **headers: str) -> str:
    answer = await company.http.get(
        f"/board/panels?min_position={await company.log.end()}", headers=ENGLISH | headers
    )
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_empty_board_says_what_would_be_here(company: Company) -> None:
    html = await panels(company)
    for words in ("No case waits", "No case is in work", "No engineer is registered"):
        assert words in html


async def test_board_speaks_chinese_and_english(company: Company) -> None:
    chinese = await company.http.get("/", headers={"Accept-Language": "zh-CN"})
    english = await company.http.get("/?lang=en")
    assert "派单台" in chinese.text
    assert "Dispatch board" in english.text


async def test_waiting_case_says_why_nobody_goes(company: Company) -> None:
    await company.engineer("E-1", name="赵磊")
    await company.put("/v1/rosters/E-1", around_the_clock=False)
    await company.report("CASE-1", summary="switch <b>dead</b>")
    html = await panels(company)
    assert "Waiting (1)" in html
    assert "1 off duty" in html
    assert "switch &lt;b&gt;dead&lt;/b&gt;" in html
    assert "赵磊 (off duty)" in html


async def test_case_in_work_says_who_goes_and_why(company: Company) -> None:
    await company.engineer("E-1", name="赵磊")
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", lambda case: case["holder"])
    await company.post("/v1/cases/CASE-1/contact")
    html = await panels(company)
    assert "In work (1)" in html
    assert "<strong>赵磊</strong>" in html
    assert "0 open cases · level 1" in html
    assert "✓ contacted" in html
    assert 'href="#CASE-1"' in html.partition('id="day-E-1"')[2]


async def test_stranger_is_sent_to_sign_in(company: Company) -> None:
    nobody = {"Authorization": ""}
    page = await company.http.get("/", headers=nobody)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2F")
    assert (await company.http.get("/board/panels", headers=nobody)).status_code == 401


async def test_bell_rings_when_the_board_moves_on(company: Company) -> None:
    updates = company.app.state.dispatch.updates
    moves = updates.follow(updates.position)
    upcoming: Any = asyncio.ensure_future(anext(moves))
    position = await company.report("CASE-1")
    async with asyncio.timeout(5):
        assert await upcoming == position
    assert await anext(updates.follow(0)) >= position

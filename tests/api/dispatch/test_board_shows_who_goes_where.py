"""The dispatcher's board: waiting cases with proposals, cases in work, engineers' days, live."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

from aftercare_events.catalogue.archive import SiteRecorded
from aftercare_events.catalogue.case import CaseAssigned
from aftercare_events.catalogue.sla import AlertRaised, CasePromised, PromisedTime
from support.dispatch_company import Company
from support.dispatch_company import company as running

ENGLISH = {"Accept-Language": "en"}


async def panels(company: Company, case: str = "") -> str:
    """What the board shows, perhaps with a case chosen; a line for each run of blanks."""
    chosen = f"&case={case}" if case else ""
    answer = await company.http.get(
        f"/board/panels?min_position={await company.log.end()}{chosen}", headers=ENGLISH
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
    assert re.search(r"1 · 赵磊</button>\s*<span class=\"against\">⚠ off duty", html)


async def test_case_in_work_says_who_goes_and_why(company: Company) -> None:
    await company.contract()
    await company.engineer("E-1", name="赵磊")
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", lambda case: case["holder"])
    await company.post("/v1/cases/CASE-1/contact")
    html = await panels(company)
    assert "In work (1)" in html
    assert "<strong>赵磊</strong>" in html
    assert "open cases: 0 · level 1" in html
    assert "✓ contacted" in html
    assert 'href="/?case=CASE-1"' in html.partition('id="day-E-1"')[2]


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


async def promise(company: Company, case_id: str, minutes: int) -> None:
    due = company.clock.now() + timedelta(minutes=minutes)
    promised = (PromisedTime(clock="onsite", due_at=due),)
    await company.say(
        CasePromised(case_id=case_id, policy="x", policy_version=1, promised=promised)
    )


async def test_those_with_the_least_time_left_come_first(company: Company) -> None:
    for case_id, minutes in (("CALM", 300), ("NONE", 0), ("SOON", 30)):
        await company.report(case_id)
        if minutes:
            await promise(company, case_id, minutes)
    html = await panels(company)
    assert re.findall(r'<li class="card" id="(\w+)"', html) == ["SOON", "CALM", "NONE"]


async def test_rank_is_shown_by_its_own_colour(company: Company) -> None:
    await company.report("CASE-1")
    now = company.clock.now()
    await company.say(
        AlertRaised(
            case_id="CASE-1",
            clock="onsite",
            cycle=1,
            alert_id="A-1",
            step="leadership",
            threshold=80,
            due_at=now,
            fire_at=now,
            late_by_s=0,
            recipient="leadership",
        )
    )
    assert 'class="rank rank-leadership"' in await panels(company)


async def test_chosen_case_says_of_everybody_what_speaks_against(company: Company) -> None:
    await company.engineer("E-1", name="赵磊")
    await company.engineer("E-2", name="徐婷")
    await company.put("/v1/rosters/E-2", around_the_clock=False)
    await company.contract()
    await company.report("BUSY", severity="1")
    await company.until("BUSY", lambda case: case["assignment"] and case["assignment"]["slot"])
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", lambda case: case["wanted"] == "onsite")
    await promise(company, "CASE-1", 30)
    html = (await panels(company, case="CASE-1")).partition('id="people-title"')[2]
    first = html.partition('id="day-E-1"')[2].partition("</li>")[0]
    second = html.partition('id="day-E-2"')[2].partition("</li>")[0]
    assert "booked until" in first
    assert "(BUSY)" in first
    assert "min after the promised time" in first
    assert "off duty" in second.partition("data-against=")[2]
    assert "data-reason" in second
    assert "data-reason" not in first


async def test_whoever_goes_later_is_judged_by_then_as_the_decider_does(company: Company) -> None:
    await company.contract()
    await company.engineer("E-1", name="赵磊")
    spans = [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "08:00", "end": "17:00"}]
    await company.put("/v1/rosters/E-1", around_the_clock=False, spans=spans)
    await company.report("BUSY", severity="1")
    held = await company.until(
        "BUSY", lambda case: case["assignment"] and case["assignment"]["slot"]
    )
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", lambda case: case["wanted"] == "onsite")
    html = await panels(company, case="CASE-1")
    row = html.partition('id="day-E-1"')[2].partition("</li>")[0]
    assert re.search(r'data-against="off duty · booked until [^"]*\(BUSY\)[^"]*" data-reason', row)
    start = datetime.fromisoformat(held["assignment"]["slot"]["end"])
    slot = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    await company.refused(
        "/v1/cases/CASE-1/assign", "rule-broken", 422, engineer_id="E-1", slot=slot
    )


async def test_case_that_somebody_has_is_taken_over_only_for_a_reason(company: Company) -> None:
    await company.engineer("E-1", name="赵磊")
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", lambda case: case["holder"])
    await company.engineer("E-2", name="徐婷")
    html = await panels(company, case="CASE-1")
    assert "has the case" in html
    assert re.search(r'data-send="E-2"[^>]* data-holder="E-1"[^>]* data-reason', html)


async def test_case_that_is_not_there_is_not_chosen(company: Company) -> None:
    people = await company.http.get("/board/people?case=NEVER-WAS", headers=ENGLISH)
    assert "Choose a case to see who could come" in people.text
    assert (await company.http.get("/board/people?case=a%20b")).status_code == 422


async def test_day_shows_leave_duty_and_where_somebody_is_resident(company: Company) -> None:
    await company.engineer("E-1", name="赵磊", residence={"customer_id": "C-9"}, reserve=True)
    spans = [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "16:00", "end": "18:00"}]
    await company.put("/v1/rosters/E-1", around_the_clock=False, spans=spans)
    leave = {"start": "2026-11-02T17:00:00+08:00", "end": "2026-11-03T17:00:00+08:00"}
    await company.put("/v1/rosters/E-1/absences/A-1", **leave)
    day = (await panels(company)).partition('id="day-E-1"')[2].partition("</li>")[0]
    for words in ("on duty", "on leave", "resident at C-9", "reserve team"):
        assert words in day
    # The line begins at 15:00 and is twelve hours long.
    assert '<rect class="on" x="8.33%" width="8.34%"' in day
    assert '<rect class="away" x="16.67%" width="83.33%"' in day


async def test_map_shows_where_everybody_is(company: Company) -> None:
    place = {"latitude": 31.2, "longitude": 121.5}
    await company.engineer("E-1", name="赵磊", home=place)
    await company.put("/v1/rosters/E-1", around_the_clock=False)
    site = SiteRecorded(site_id="S-1", customer_id="C-1", name="医院", city="上海", **place)
    await company.say(site)
    await company.report("CASE-1", site_id="S-1")
    html = (await panels(company)).partition('class="map"')[2]
    assert 'aria-label="医院: CASE-1"' in html
    assert 'aria-label="赵磊"' in html
    assert ">上海</text>" in html


async def test_board_of_another_log_shows_nothing_of_this_one(
    company: Company, database_url: str
) -> None:
    """A case that is plain is drawn once; its number and position say so within one log only."""
    await company.report("CASE-1", summary="switch dead")
    assert "switch dead" in await panels(company)
    async with running(database_url) as other:
        await other.report("CASE-1", summary="lamp dark")
        assert "lamp dark" in await panels(other)


async def test_all_cases_in_work_are_counted(company: Company) -> None:
    """Of more than are drawn, the board says how many there are."""
    for number in range(102):
        await company.report(f"CASE-{number:03}")
        await company.say(
            CaseAssigned(case_id=f"CASE-{number:03}", engineer_id="E-1", mode="hotline"),
            service="dispatch",
        )
    html = await panels(company)
    assert "In work (102)" in html
    assert "2 more are in work; those with the next promise are shown." in html

"""The wall and the page of a case as the server draws them, with time moved by hand (SL-06)."""

import re
from datetime import timedelta

from aftercare_events.catalogue.case import CasePaused
from support.monitors import CASE, Served, fault

OTHER = "7H3P-X1Y2"


async def page(served: Served, path: str, language: str = "en", status: int = 200) -> str:
    answer = await served.http.get(path, params={"lang": language})
    assert answer.status_code == status, answer.text
    return answer.text


def section(html: str, part: str) -> str:
    """What stands in one part of the page, tags and runs of blanks left out."""
    found = re.search(rf'data-part="{part}".*?>(.*?)</[ou]l>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


async def rung(served: Served, minutes: float, count: int) -> None:
    await served.clock.advance(timedelta(minutes=minutes))
    await seen(served, await served.rung(count))


async def seen(served: Served, position: int) -> None:
    await served.http.get("/v1/alerts", params={"min_position": position})


async def test_empty_wall_says_what_would_be_there(served: Served) -> None:
    english, chinese = [await page(served, "/", language) for language in ("en", "zh")]
    assert "Nothing is escalated" in section(english, "open")
    assert "No promise is running" in section(english, "next")
    assert "目前没有升级" in section(chinese, "open")


async def test_one_card_a_promise_climbs_with_it(served: Served) -> None:
    await served.say(fault())
    await rung(served, 5, 1)
    assert section(await page(served, "/"), "open").count(CASE) == 2
    await rung(served, 10, 4)
    shown = section(await page(served, "/"), "open")
    assert shown.startswith("Executive")
    assert shown.count("Contact") == 2
    assert "Executive 1 Leadership 0 Project manager 0 Engineer 0" in section(
        await page(served, "/"), "tally"
    )


async def test_highest_rank_comes_first(served: Served) -> None:
    await served.say(fault())
    await rung(served, 6, 1)
    await served.say(fault(OTHER))
    await rung(served, 6, 4)
    shown = section(await page(served, "/"), "open")
    assert shown.index(CASE) < shown.index(OTHER)
    assert shown.startswith("Leadership")


async def test_broken_promise_makes_room_for_the_next_one(served: Served) -> None:
    await seen(served, await served.say(fault()))
    assert f"{CASE} Contact" in section(await page(served, "/"), "next")
    await rung(served, 15, 4)
    assert f"{CASE} Respond" in section(await page(served, "/"), "next")


async def test_acknowledged_card_names_who(served: Served) -> None:
    await served.say(fault())
    await rung(served, 5, 1)
    alerts = (await served.http.get("/v1/alerts")).json()["items"]
    await served.http.post(f"/v1/alerts/{alerts[0]['alert_id']}/ack", json={"actor": "E-7"})
    shown = section(await page(served, "/"), "open")
    assert "acknowledged by E-7" in shown
    assert "Acknowledge " not in shown


async def test_page_of_a_case_shows_clocks_ladder_and_alerts(served: Served) -> None:
    await served.say(fault())
    await rung(served, 15, 4)
    html = await page(served, f"/cases/{CASE}")
    assert "Contact breached" in section(html, "clocks")
    assert section(html, "alerts").startswith("Executive")
    assert "合同 it-integration" in await page(served, f"/cases/{CASE}", "zh")


async def test_page_of_a_paused_case_shows_the_steps_that_fired_before(served: Served) -> None:
    await served.say(fault())
    await rung(served, 12 * 60, 13)
    await seen(
        served,
        await served.say(CasePaused(case_id=CASE, reason="no_site_access"), service="dispatch"),
    )
    html = await page(served, f"/cases/{CASE}")
    onsite = re.search(r'<g class="lane paused">(?:(?!</g>).)*On site.*?</g>', html, re.DOTALL)
    assert onsite is not None
    assert onsite[0].count('class="pin fired') == 1
    assert "Paused · no access" in html


async def test_case_nobody_reported_is_not_found(served: Served) -> None:
    await page(served, f"/cases/{CASE}", status=404)

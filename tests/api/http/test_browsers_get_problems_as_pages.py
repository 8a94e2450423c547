"""A person who meets an error reads a page in her language; a program reads the document."""

from typing import Any

import httpx

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


async def test_flood_is_a_page_that_says_when_to_come_back(serve: Any) -> None:
    async with serve(rate_per_s=0.001, rate_burst=1) as http:
        await http.get("/sign-in")
        refused = await http.get("/sign-in", headers=BROWSER, params={"lang": "en"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 900
    assert "<h1>Too many at once</h1>" in refused.text
    assert refused.headers["X-Correlation-ID"] in refused.text
    assert refused.headers["Cache-Control"] == "no-store"


async def test_missing_page_is_said_in_the_readers_language(http: httpx.AsyncClient) -> None:
    chinese = await http.get("/nowhere", headers=BROWSER | {"Accept-Language": "zh-CN"})
    assert (chinese.status_code, chinese.headers["Content-Language"]) == (404, "zh")
    assert "没有这个页面" in chinese.text


async def test_defect_tells_nothing_of_itself(http: httpx.AsyncClient) -> None:
    answer = await http.get("/nowhere/<script>", headers=BROWSER)
    assert "<script>" not in answer.text.partition("<main")[2]


async def test_program_gets_the_document(http: httpx.AsyncClient) -> None:
    for accept in ("*/*", "application/json"):
        answer = await http.get("/nowhere", headers={"Accept": accept})
        assert answer.headers["Content-Type"] == "application/problem+json"

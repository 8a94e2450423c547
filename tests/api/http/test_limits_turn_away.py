import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from .conftest import READER, WRITER


async def chunks(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize("path", ["/v1/things", "/v1/lean"])
async def test_a_body_too_large_is_413_stated_or_streamed(serve: Any, path: str) -> None:
    async with serve(max_body_bytes=1000) as http:
        http.headers.update(WRITER | {"Content-Type": "application/json"})
        assert (await http.post(path, content=b"x" * 1001)).status_code == 413
        answer = await http.post(path, content=chunks(100, 11))
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/body-too-large"
        assert (await http.post(path, content=chunks(100, 10))).status_code == 400


async def test_a_body_that_comes_in_parts_is_taken_whole(http: httpx.AsyncClient) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b'{"summ', b"", b'ary":"pap', b'er jam"}'):
            yield part

    http.headers.update(WRITER | {"Content-Type": "application/json"})
    answer = await http.post("/v1/lean", content=parts())
    assert (answer.status_code, answer.json()["summary"]) == (202, "paper jam")


async def test_a_path_can_have_a_limit_of_its_own(serve: Any) -> None:
    async with serve(max_body_bytes=10) as http:
        answer = await http.post("/v1/form", data={"name": "x" * 100})
        assert answer.status_code == 200
        answer = await http.post("/v1/form", data={"name": "x" * 5000})
        assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999"])
async def test_a_length_that_is_none_is_413(http: httpx.AsyncClient, length: str) -> None:
    answer = await http.post(
        "/v1/things", content=b"{}", headers=WRITER | {"Content-Length": length}
    )
    assert answer.status_code == 413


async def test_a_flood_is_429_for_that_client_only(serve: Any) -> None:
    async with serve(rate_per_s=0.001, rate_burst=3) as http:
        seen = [(await http.get("/v1/things/a", headers=READER)).status_code for _ in range(5)]
        assert seen == [200, 200, 200, 429, 429]
        refused = await http.get("/v1/things/a", headers=READER)
        assert int(refused.headers["retry-after"]) > 900

        assert (await http.get("/v1/things/a", headers=WRITER)).status_code == 200
        for path in ("/healthz", "/readyz", "/metrics") * 3:
            assert (await http.get(path)).status_code == 200


async def test_slow_work_is_given_up(serve: Any) -> None:
    async with serve(request_timeout_s=0.05) as http:
        answer = await http.get("/v1/slow", headers=READER)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


async def test_each_request_has_its_own_time(serve: Any) -> None:
    async with serve(request_timeout_s=0.2) as http:
        http.headers.update(READER)
        ended: list[str] = []

        async def ask(name: str, path: str) -> int:
            answer = await http.get(path)
            ended.append(name)
            return answer.status_code

        first = asyncio.create_task(ask("first", "/v1/slow"))
        await asyncio.sleep(0.1)
        later = asyncio.create_task(ask("later", "/v1/slow"))
        assert await ask("quick", "/v1/things/a") == 200
        assert await asyncio.gather(first, later) == [503, 503]
        assert await ask("last", "/v1/slow") == 503
        assert ended == ["quick", "first", "later", "last"]


async def test_too_many_at_once_are_shed_and_the_place_is_given_back(serve: Any) -> None:
    async with serve(max_in_flight=2, request_timeout_s=0.3) as http:
        http.headers.update(READER)
        slow = [asyncio.create_task(http.get("/v1/slow")) for _ in range(2)]
        await asyncio.sleep(0.05)
        shed = await http.get("/v1/things/a")
        assert (shed.status_code, shed.json()["type"]) == (503, "/problems/overloaded")
        assert (await http.get("/healthz")).status_code == 200

        await asyncio.gather(*slow)
        assert (await http.get("/v1/things/a")).status_code == 200

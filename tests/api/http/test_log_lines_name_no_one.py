import math

import httpx
import pytest
from structlog.typing import EventDict


async def test_a_request_is_one_line_with_its_route_and_caller(
    desk: httpx.AsyncClient, log_lines: list[EventDict]
) -> None:
    await desk.get("/v1/things/a?phone=13912345678", headers={"X-Correlation-Id": "call-7"})

    (line,) = log_lines
    assert line["route"] == "/v1/things/{thing_id}"
    assert (line["method"], line["status"], line["principal"]) == ("GET", 200, "desk")
    assert (line["log_level"], line["correlation_id"]) == ("debug", "call-7")
    assert "13912345678" not in str(line)


@pytest.mark.parametrize(
    ("how", "levels"),
    [("defect", ["error", "info"]), ("log", ["warning", "info"]), ("conflict", ["info"])],
)
async def test_failures_are_told_by_their_weight(
    desk: httpx.AsyncClient, log_lines: list[EventDict], how: str, levels: list[str]
) -> None:
    await desk.post(f"/v1/fail/{how}")
    assert [line["log_level"] for line in log_lines] == levels
    assert len({line["correlation_id"] for line in log_lines}) == 1
    assert ("exc_info" in log_lines[0]) is (how == "defect")


async def test_probes_that_succeed_are_silent(
    http: httpx.AsyncClient, log_lines: list[EventDict], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftercare_http.boundary._SLOW_S", math.inf)
    for path in ("/healthz", "/readyz", "/metrics"):
        await http.get(path)
    assert log_lines == []

"""Whatever happens to a service, what it is asked is asked again as it was."""

import httpx
import pytest

from aftercare_cli.simulate import wire
from aftercare_cli.simulate.wire import Call, Unanswered, Wire

CALL = Call(service="intake", path="/v1/requests", key="k-1", json={"summary": "no light"})


def wired(*answers: int | type[httpx.TransportError]) -> tuple[Wire, list[httpx.Request]]:
    """A wire to a service that answers like this, one after the other."""
    seen: list[httpx.Request] = []
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, int):
            return httpx.Response(answer, json={"type": "/problems/some-reason"})
        raise answer("gone")

    client = httpx.AsyncClient(base_url="http://intake", transport=httpx.MockTransport(handle))
    return Wire({"intake": client}), seen


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(wire, "LONGEST_WAIT_SECONDS", 0.001)


async def test_it_is_the_same_call_each_time() -> None:
    line, seen = wired(httpx.ConnectError, httpx.ReadTimeout, 503, 429, 202)
    answer = await line.send(CALL)
    assert (answer.status, answer.tries, line.retries) == (202, 5, 4)
    assert {request.headers["Idempotency-Key"] for request in seen} == {"k-1"}
    assert len({request.content for request in seen}) == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
async def test_an_answer_is_an_answer(status: int) -> None:
    line, seen = wired(status)
    answer = await line.send(CALL)
    assert (answer.ok, answer.problem, len(seen)) == (False, "some-reason", 1)


async def test_at_last_it_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PATIENCE_SECONDS", 0.02)
    line, _ = wired(httpx.ConnectError)
    with pytest.raises(Unanswered, match="POST /v1/requests: ConnectError"):
        await line.send(CALL)

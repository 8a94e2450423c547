"""A key makes a command happen once, for ever; a desk may act for somebody."""

import asyncio
from typing import Any

import httpx
import pytest

from aftercare_events.log import whole
from support.feedback_cases import CASE
from support.feedback_company import Company

CALLBACK, ACTION = f"CB-{CASE}-1", f"CA-{CASE}-1"
UNANSWERED = (
    f"/v1/callbacks/{CALLBACK}/attempt",
    {"officer_id": "O-LIN", "outcome": "no_answer", "note": "nobody there"},
)
COMPLAINT = (
    f"/v1/callbacks/{CALLBACK}/complete",
    {"officer_id": "O-LIN", "outcome": "unsatisfied", "suggestions": "come sooner"},
)
SATISFIED = (COMPLAINT[0], {"officer_id": "O-LIN", "outcome": "satisfied"})
COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    UNANSWERED,
    COMPLAINT,
    (
        f"/v1/corrective-actions/{ACTION}/assign",
        {"owner_id": "M-1", "due_at": "2026-11-09T18:00:00+08:00"},
    ),
    (f"/v1/corrective-actions/{ACTION}/done", {"measures": "talked to E-1"}),
    (
        f"/v1/corrective-actions/{ACTION}/verify",
        {"officer_id": "O-LIN", "outcome": "satisfied", "note": "thanks"},
    ),
)


async def send(
    company: Company, command: tuple[str, dict[str, Any]], key: str = "abc", **changes: str
) -> httpx.Response:
    path, body = command
    return await company.http.post(path, json=body | changes, headers={"Idempotency-Key": key})


@pytest.fixture(autouse=True)
async def resolved(company: Company) -> None:
    await company.resolve()


async def test_same_key_gets_the_same_answer_whatever_followed(company: Company) -> None:
    first = [await send(company, command) for command in COMMANDS]
    end = await company.log.end()
    again = [await send(company, command) for command in COMMANDS]
    assert [answer.status_code for answer in first] == [200] * len(COMMANDS)
    assert [answer.json() for answer in again] == [answer.json() for answer in first]
    for before, after in zip(first, again, strict=True):
        assert after.headers["X-Log-Position"] == before.headers["X-Log-Position"]
    assert first[1].json()["corrective_action_id"] == ACTION
    assert first[-1].json()["case_became"] == "closed"
    assert await company.log.end() == end


async def test_same_key_with_another_body_is_refused(company: Company) -> None:
    for command in COMMANDS:
        await send(company, command)
        end = await company.log.end()
        other = await send(company, command, actor="M-9")
        problem = other.json()
        assert (other.status_code, problem["type"]) == (422, "/problems/idempotency-key-reused")
        assert problem["field"] == "Idempotency-Key"
        assert await company.log.end() == end


async def test_another_key_is_another_call(company: Company) -> None:
    first = await send(company, UNANSWERED)
    second = await send(company, UNANSWERED, key="def")
    assert second.json()["position"] > first.json()["position"]


async def test_twins_at_the_same_time_are_one_call(company: Company) -> None:
    answers = await asyncio.gather(*(send(company, UNANSWERED) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.json()["position"] for answer in answers}) == 1
    assert await company.types("callback", CALLBACK) == ["scheduled", "attempted"]


async def test_key_that_was_refused_is_still_free(company: Company) -> None:
    refused = await send(company, SATISFIED, officer_id="E-1")
    assert refused.status_code == 422
    assert (await send(company, SATISFIED)).json()["case_became"] == "closed"


async def test_desk_acts_for_somebody(company: Company) -> None:
    for path, body in COMMANDS:
        await company.http.post(path, json=body | {"actor": "O-WANG"})
    for subject in (whole("callback", CALLBACK), whole("corrective_action", ACTION)):
        newest = await company.log.last(subject)
        assert newest is not None
        assert newest.event.actor == "O-WANG"


async def test_desk_that_names_nobody_acts_for_itself(company: Company) -> None:
    path, body = UNANSWERED
    await company.post(path, **body)
    newest = await company.log.last(whole("callback", CALLBACK))
    assert newest is not None
    assert newest.event.actor == "boss"

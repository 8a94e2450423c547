"""IN-03: connect rate and seconds to answer agree with what the log says of every call."""

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any
from zoneinfo import ZoneInfo

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import CallRecorded, ConnectRateFallen
from support.intake_desk import READER, START, Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBERS = ["13855500119", "13855500120", "13900000001", "13900000002"]


def random_call(chance: random.Random, number: int) -> dict[str, Any]:
    began = START - timedelta(seconds=chance.randrange(1, 5 * 86_400))
    waited = timedelta(seconds=chance.randrange(90))
    call: dict[str, Any] = {
        "call_id": f"r-{number}",
        "direction": chance.choice(["inbound", "inbound", "inbound", "outbound"]),
        "caller": chance.choice(NUMBERS),
        "started_at": began.isoformat(),
        "ended_at": (began + waited).isoformat(),
        "outcome": chance.choice(["answered", "answered", "abandoned", "transferred"]),
    }
    if call["outcome"] != "abandoned":
        call |= {"answered_at": call["ended_at"], "agent": "agent-07"}
    return call


def folded(
    calls: Sequence[CallRecorded], period: Callable[[datetime], datetime]
) -> dict[datetime, dict[str, Any]]:
    """The same figures straight from the events, one call after the other."""
    of: dict[datetime, list[CallRecorded]] = defaultdict(list)
    for call in calls:
        if call.direction == "inbound":
            of[period(call.started_at.astimezone(SHANGHAI))].append(call)
    return {start: figures(some) for start, some in of.items()}


def figures(calls: Sequence[CallRecorded]) -> dict[str, Any]:
    seconds = [(c.answered_at - c.started_at).total_seconds() for c in calls if c.answered_at]
    return {
        "calls": len(calls),
        **{
            outcome: sum(call.outcome == outcome for call in calls)
            for outcome in ("answered", "transferred", "abandoned")
        },
        "connect_rate": round(100 * len(seconds) / len(calls), 2),
        "mean": round(fmean(seconds), 3) if seconds else None,
        "median": round(median(seconds), 3) if seconds else None,
        "longest": max(seconds, default=None),
    }


def flat(counted: dict[str, Any]) -> dict[str, Any]:
    answered = counted["seconds_to_answer"]
    rest = ("calls", "answered", "transferred", "abandoned", "connect_rate")
    return {name: counted[name] for name in rest} | {
        name: answered[name] for name in ("mean", "median", "longest")
    }


async def counted(desk: Desk, **query: Any) -> dict[str, Any]:
    answer = await desk.http.get("/v1/calls/statistics", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_figures_agree_with_a_fold_of_the_log(desk: Desk) -> None:
    chance = random.Random(26)
    for number in range(200):
        answer = await desk.http.post("/v1/calls", json=random_call(chance, number))
        assert answer.status_code == 202, answer.text
    whole = {
        "min_position": answer.json()["position"],
        "from": (START - timedelta(days=6)).isoformat(),
        "until": START.isoformat(),
    }
    log = [catalogue.decode(event) for event in await desk.events("call.recorded")]
    hours = await counted(desk, **whole)
    days = await counted(desk, **whole, by="day")
    for shown, period in (
        (hours, lambda at: at.replace(minute=0, second=0)),
        (days, lambda at: at.replace(hour=0, minute=0, second=0)),
    ):
        told = {datetime.fromisoformat(one["start"]): flat(one) for one in shown["periods"]}
        assert told == folded(log, period)
    assert flat(days["total"]) == figures([one for one in log if one.direction == "inbound"])
    of_customer = [one for one in log if one.customer_id == "C-1" and one.direction == "inbound"]
    for narrowed in ({"customer": "C-1"}, {"contract": "CT-1"}):
        assert flat((await counted(desk, **whole, **narrowed))["total"]) == figures(of_customer)


async def test_figures_come_as_csv(desk: Desk) -> None:
    chance = random.Random(27)
    for number in range(5):
        answer = await desk.http.post("/v1/calls", json=random_call(chance, number))
    query = {
        "min_position": answer.json()["position"],
        "from": (START - timedelta(days=6)).isoformat(),
        "by": "day",
    }
    told = await counted(desk, **query)
    answer = await desk.http.get("/v1/calls/statistics", params=query | {"format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(line["start"], int(line["calls"])) for line in lines] == [
        (one["start"], one["calls"]) for one in told["periods"]
    ]


async def test_nobody_called_is_no_division_by_zero(desk: Desk) -> None:
    told = await counted(desk)
    assert (told["total"]["calls"], told["total"]["connect_rate"], told["periods"]) == (0, None, [])


async def test_what_cannot_be_counted_is_refused(desk: Desk) -> None:
    for query, field in (
        ({"by": "week"}, "by"),
        ({"from": "0001-01-01T00:00:00+14:00", "until": "0001-01-01T01:00:00+14:00"}, "from"),
        ({"until": "9999-12-31T23:59:59-12:00"}, "until"),
        ({"from": "2026-11-02"}, "from"),
        ({"from": "2026-11-02T09:00:00Z", "until": "2026-11-02T08:00:00Z"}, "until"),
        ({"from": "2020-01-01T00:00:00Z"}, "until"),
        ({"contract": "CT-9"}, "contract"),
        ({"contract": "CT-1", "customer": "C-2"}, "contract"),
    ):
        answer = await desk.http.get("/v1/calls/statistics", params=query)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await desk.http.get("/v1/calls/statistics", headers=READER)).status_code == 403


async def test_too_many_abandoned_calls_are_an_alert_and_answered_ones_its_end(desk: Desk) -> None:
    async def calls(outcome: str, numbers: range) -> None:
        for number in numbers:
            began = START - timedelta(minutes=30) + timedelta(seconds=number)
            call = {
                "call_id": f"c-{number}",
                "direction": "inbound",
                "caller": "13900000001",
                "started_at": began.isoformat(),
                "ended_at": (began + timedelta(seconds=20)).isoformat(),
                "outcome": outcome,
            }
            if outcome == "answered":
                call["answered_at"] = call["ended_at"]
            await desk.http.post("/v1/calls", json=call)

    await calls("answered", range(15))
    await calls("abandoned", range(15, 21))
    [fallen] = await desk.said("connect_rate", 1)
    assert isinstance(fallen, ConnectRateFallen)
    assert (fallen.scope, fallen.promised) == ("all", 90)
    assert fallen.calls >= 20
    assert fallen.rate < 90
    await calls("abandoned", range(21, 24))
    await calls("answered", range(24, 140))
    _, recovered = await desk.said("connect_rate", 2)
    assert recovered.reason == "rate_is_back"


async def test_contract_with_a_rate_that_is_none_is_refused(desk: Desk) -> None:
    entry = {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2024-12-20"}
    for rate, status in (("95", 200), ("120", 422)):
        options = {"policy_options": {"connect_rate": rate}}
        answer = await desk.http.put("/v1/contracts/CT-1", json=entry | options)
        assert answer.status_code == status
    assert answer.json()["field"] == "policy_options"

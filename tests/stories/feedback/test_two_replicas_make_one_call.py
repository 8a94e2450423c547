"""FB-01 on a real log: two replicas side by side schedule once, complete once, end once."""

import asyncio

from aftercare_events.jetstream import JetStreamLog
from support.feedback_cases import CASE
from support.feedback_company import Company, company
from support.patience import posted

ANSWERS = {"outcome": "satisfied", "scores": {"attitude": 2}}


async def complete(replica: Company, callback_id: str, officer: int) -> int:
    path, body = f"/v1/callbacks/{callback_id}/complete", {"officer_id": f"O-{officer}", **ANSWERS}
    return (await posted(replica.http, path, json=body)).status_code


async def test_two_replicas_make_one_call(log: JetStreamLog, database_url: str) -> None:
    async with (
        company(database_url, log) as one,
        company(database_url, log, one.clock) as other,
    ):
        callback_id = await one.resolve()
        replicas = (one, other)
        answers = await asyncio.gather(
            *(complete(replicas[number % 2], callback_id, number) for number in range(100))
        )
        assert sorted(answers) == [200] + [409] * 99
        assert await one.types("callback", callback_id) == ["scheduled", "completed"]
        assert await one.types("corrective_action", f"CA-{CASE}-1") == ["opened"]
        assert await one.types("case", CASE) == [
            "reported",
            "assigned",
            "resolved",
            "called_back",
            "closed",
        ]
        await other.get(f"/v1/callbacks?min_position={await log.end()}")
        detail = await other.get(f"/v1/callbacks/{callback_id}")
        assert detail["status"] == "completed"

"""Needs NATS and PostgreSQL: one process answers, another projects and works through the lists."""

import asyncio

import pytest

from aftercare_events.jetstream import JetStreamLog
from aftercare_http import position
from support.intake_desk import REQUEST
from support.intake_replicas import replica
from support.running import eventually
from support.servers import free_port

STRANGER = {**REQUEST, "customer_id": None, "channel": "visit", "device_serial": None}


async def test_what_web_accepted_is_seen_at_web_once_a_worker_projected_it(
    nats_url: str, database_url: str, log: JetStreamLog
) -> None:
    async with (
        replica(nats_url, database_url, role="web") as web,
        replica(nats_url, database_url, role="worker"),
    ):
        accepted = (await web.post("/v1/requests", json=STRANGER)).json()
        found = await web.get(
            f"/v1/cases/{accepted['case_id']}", params={"min_position": accepted["position"]}
        )
        assert (found.status_code, found.json()["case_id"]) == (200, accepted["case_id"])


async def test_web_goes_on_accepting_without_a_worker_and_says_what_it_lacks(
    nats_url: str, database_url: str, log: JetStreamLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(position, "PATIENCE_S", 0.1)
    async with replica(nats_url, database_url, role="web") as web:
        answer = await web.post("/v1/requests", json=STRANGER)
        assert answer.status_code == 202
        accepted = answer.json()
        path = f"/v1/cases/{accepted['case_id']}?min_position={accepted['position']}"
        assert (await web.get(path)).json()["type"].endswith("not-yet-visible")

        async def says_so() -> bool:
            ready = await web.get("/readyz")
            return ready.status_code == 503 and not ready.json()["checks"]["projector"]["ok"]

        await eventually(says_so)
        monkeypatch.undo()
        async with replica(nats_url, database_url, role="worker"):
            assert (await web.get(path)).status_code == 200


async def test_mail_comes_in_at_web_only(
    nats_url: str, database_url: str, log: JetStreamLog
) -> None:
    at_web, at_worker = free_port(), free_port()
    async with (
        replica(nats_url, database_url, role="web", lmtp_port=at_web),
        replica(nats_url, database_url, role="worker", lmtp_port=at_worker),
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", at_web)
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", at_worker)

"""Needs NATS and PostgreSQL: a hundred posts of one request are one case, by every identity.

And again after intake and the log were restarted, a day later, when the log has forgotten the ids.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import nats

from aftercare_events.catalogue import record
from aftercare_events.catalogue.archive import CustomerRecorded
from aftercare_events.clock import ManualClock
from aftercare_events.jetstream import STREAM, JetStreamLog
from support.intake_desk import CALL, REQUEST, SAMPLES, START
from support.intake_replicas import replica, reported, two_replicas
from support.patience import posted
from support.servers import Server

POSTS = 100
# Mails and faxes are taken apart before they are known: a second for every ten of them.
READ_FIRST = int(os.environ.get("AFTERCARE_TEST_POSTS", "12"))
WINDOW_NS = 100_000_000
TAKEN_DOWN = {name: REQUEST[name] for name in ("kind", "device_serial", "severity", "summary")}
MAIL = (SAMPLES / "01-mail-gb18030.eml").read_bytes()
FAX = (SAMPLES / "11-fax-two-pages.tif").read_bytes()
# One request of each channel, and what makes it the same request.
WAYS: Mapping[str, tuple[int, str, dict[str, Any]]] = {
    "key": (POSTS, "/v1/requests", {"json": REQUEST, "headers": {"Idempotency-Key": "k1"}}),
    "call id": (POSTS, "/v1/calls", {"json": CALL | {"request": TAKEN_DOWN}}),
    "Message-ID": (READ_FIRST, "/v1/emails", {"content": MAIL}),
    "fax job": (READ_FIRST, "/v1/faxes", {"data": {"job_id": "f"}, "files": {"file": ("f", FAX)}}),
}


async def cases_of(replicas: Sequence[httpx.AsyncClient], way: str) -> list[tuple[str, bool]]:
    """The case that each of the posts was answered with, and whether it was there before."""
    posts, path, request = WAYS[way]
    answers = await asyncio.gather(
        *(posted(replicas[n % len(replicas)], path, **request) for n in range(posts))
    )
    assert {answer.status_code for answer in answers} == {202}, answers[0].text
    return [(answer.json()["case_id"], answer.json()["duplicate"]) for answer in answers]


async def forget_ids(url: str, server: Server) -> None:
    """A restarted log knows the ids of its window only: for this restart it is a short one."""
    usual = await _window(url, WINDOW_NS)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.restart)
    await _window(url, usual)


async def _window(url: str, wanted: int) -> int:
    """Change the stream's duplicate window; what it was before."""
    connection = await nats.connect(url)
    try:
        info = msgspec.json.decode((await connection.request(f"$JS.API.STREAM.INFO.{STREAM}")).data)
        config = info["config"]
        changed = msgspec.json.encode(config | {"duplicate_window": wanted})
        answer = await connection.request(f"$JS.API.STREAM.UPDATE.{STREAM}", changed)
        assert "error" not in msgspec.json.decode(answer.data)
        return config["duplicate_window"]
    finally:
        await connection.close()


async def test_hundred_posts_are_one_case_and_again_a_day_and_a_restart_later(
    nats_url: str, database_url: str, nats_server: Server, log: JetStreamLog
) -> None:
    clock = ManualClock(START)
    entry = CustomerRecorded(customer_id="C-9", name="Seen")
    seen = record(entry, service="intake", time=START, actor="test")
    position = await log.append([seen])
    async with two_replicas(nats_url, database_url, log, clock) as both:
        opened = {way: await cases_of(both, way) for way in WAYS}
    for cases in opened.values():
        assert len({case_id for case_id, _ in cases}) == 1
        assert sum(not known for _, known in cases) == 1
    assert await log.append([seen]) == position

    await forget_ids(nats_url, nats_server)
    assert await log.append([seen]) > position
    await clock.advance(timedelta(days=1))
    async with replica(nats_url, database_url, clock) as restarted:
        again = {way: await cases_of([restarted], way) for way in WAYS}
    for way, cases in opened.items():
        assert set(again[way]) == {(cases[0][0], True)}
    assert await reported(log) == len(WAYS)

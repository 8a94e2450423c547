"""P5: replay to NDJSON beside `nats-py` fetching 1,000 at a time and decoding the same events.

Both sides read the same log from the same server in turn, several rounds; the ratio is that of
the medians. `--events N` sets the length of the history.
"""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import msgspec
import nats
from nats.js.api import AckPolicy, ConsumerConfig

from aftercare_cli.embedded import EmbeddedNats
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.registry import record
from aftercare_events.envelope import Event
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.ndjson import lines

AT_LEAST = 3.0
ROUNDS = 5
BATCH = 1000


def reported(number: int) -> Event:
    data = CaseReported(
        case_id=f"C{number}",
        kind="fault",
        channel="phone",
        policy="it-integration",
        policy_version=1,
        severity="2",
        place="local",
        customer_id="CU-0001",
        device_id=f"D-{number % 5000}",
        summary="大厅主屏黑屏，指示灯亮，无法开机",
    )
    return record(data, service="intake", time=datetime.now(UTC), actor="bench")


async def fill(log: JetStreamLog, events: int) -> None:
    for start in range(0, events, BATCH):
        await log.append([reported(start + n) for n in range(min(BATCH, events - start))])


async def plain_fetch(url: str, events: int) -> None:
    connection = await nats.connect(url)
    config = ConsumerConfig(ack_policy=AckPolicy.NONE)
    subscription = await connection.jetstream().pull_subscribe(
        "ac.>", stream="AFTERCARE", config=config
    )
    decoder = msgspec.json.Decoder(Event)
    seen = 0
    while seen < events:
        for message in await subscription.fetch(BATCH):
            decoder.decode(message.data)
            seen += 1
    await connection.close()


async def replay(out: BinaryIO, url: str, events: int) -> None:
    log = await JetStreamLog.connect(url, name="bench")
    seen = 0
    async for batch in log.read():
        out.write(lines(batch))
        seen += len(batch)
    if seen != events:
        raise RuntimeError(f"replayed {seen} of {events} events")
    await log.close()


async def timed(run: Callable[[str, int], Awaitable[None]], url: str, events: int) -> float:
    """Events per second."""
    started = time.perf_counter()
    await run(url, events)
    return events / (time.perf_counter() - started)


async def measure(url: str, events: int, out: BinaryIO) -> tuple[float, float]:
    log = await JetStreamLog.connect(url, name="bench")
    await fill(log, events)
    await log.close()
    sides: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        sides[0].append(await timed(plain_fetch, url, events))
        sides[1].append(await timed(partial(replay, out), url, events))
    return statistics.median(sides[0]), statistics.median(sides[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=50_000)
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as out:
        server = EmbeddedNats(Path(directory) / "nats")
        server.start()
        try:
            fetched, replayed = asyncio.run(measure(server.url, events, out))
        finally:
            server.stop()
    machine = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
    print(f"P5 replay of {events:,} events to NDJSON ({machine}, nats-py {version('nats-py')})")
    print(f"   nats-py fetch({BATCH}) + decode  {fetched:>10,.0f} events/s")
    print(f"   replay                     {replayed:>10,.0f} events/s")
    print(f"   ratio                      {replayed / fetched:>10.1f}   (at least {AT_LEAST})")


if __name__ == "__main__":
    main()

"""P5: replay to NDJSON beside `nats-py` fetching 1,000 at a time and decoding the same events.

Both sides read the same log from the same server in turn, several rounds; the ratio is that of
the medians. `--events N` sets the length of the history.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from support.histories import history

from aftercare_cli.embedded import EmbeddedNats
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.ndjson import lines
from support import plain, report

AT_LEAST = 3.0
ROUNDS = 5
BATCH = 500


async def fill(log: JetStreamLog, events: int) -> None:
    waiting = list(history(events))
    for start in range(0, events, BATCH):
        await log.append(waiting[start : start + BATCH])


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
        sides[0].append(await timed(plain.fetch, url, events))
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
    report.compare(
        f"P5 replay of {events:,} events to NDJSON",
        (("nats-py fetch(1000) + decode", fetched), ("replay", replayed)),
        "events/s",
        AT_LEAST,
    )


if __name__ == "__main__":
    main()

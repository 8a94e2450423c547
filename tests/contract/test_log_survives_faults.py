"""What only a real server can show: it dies, it forgets a consumer, its answer is lost."""

import asyncio
from collections.abc import Callable

import pytest

from aftercare_events.envelope import Recorded
from aftercare_events.jetstream import JetStreamLog, StreamUnfit, appender
from aftercare_events.log import Conflict, Expect, LogUnavailable, whole
from support.reading import everything
from support.sample_events import noted
from support.servers import Server

OPEN = 0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # conditions of all kinds, none has an event
            await asyncio.sleep(0.01)


class Follower:
    """Collects what a following reader hands on."""

    def __init__(self, log: JetStreamLog) -> None:
        self.seen: list[Recorded] = []
        self._task = asyncio.ensure_future(self._follow(log))

    async def _follow(self, log: JetStreamLog) -> None:
        async for batch in log.read(follow=True):
            self.seen += batch

    async def reach(self, position: int) -> None:
        await until(lambda: bool(self.seen) and self.seen[-1].position >= position)
        self._task.cancel()


class Writer:
    """Opens one case after the other, several at a time, and counts what was acknowledged."""

    def __init__(self, log: JetStreamLog, parallel: int) -> None:
        self.acknowledged: dict[str, int] = {}
        self._log, self._going, self._number = log, True, 0
        self._tasks = [asyncio.ensure_future(self._write()) for _ in range(parallel)]

    async def _write(self) -> None:
        while self._going:
            self._number += 1
            case_id = f"C{self._number}"
            events = [noted(case_id, "1"), noted(case_id, "2")]
            position = await self._log.append(events, [Expect(whole("case", case_id), OPEN)])
            self.acknowledged[case_id] = position

    async def more(self, count: int) -> None:
        goal = len(self.acknowledged) + count
        await until(lambda: len(self.acknowledged) >= goal or any(t.done() for t in self._tasks))

    async def stop(self) -> None:
        self._going = False
        await asyncio.gather(*self._tasks)


@pytest.mark.parametrize("parallel", [4, 100])
async def test_a_killed_server_loses_doubles_and_skips_nothing(
    nats_url: str, nats_server: Server, parallel: int
) -> None:
    log = await JetStreamLog.connect(nats_url, name="patient", patience=60)
    follower, writer = Follower(log), Writer(log, parallel)
    for _ in range(3):
        await writer.more(200)
        await asyncio.to_thread(nats_server.kill)
        await asyncio.to_thread(nats_server.restart)
    await writer.more(200)
    await writer.stop()
    stored = await everything(log)
    await follower.reach(stored[-1].position)
    assert follower.seen == stored
    assert [r.position for r in stored] == list(range(1, len(stored) + 1))
    assert len(stored) == 2 * len(writer.acknowledged)
    last = {r.event.aggregate_id: r.position for r in stored}
    assert last == writer.acknowledged
    await log.close()


async def test_an_append_waits_through_an_outage(log: JetStreamLog, nats_server: Server) -> None:
    nats_server.kill()
    waiting = asyncio.ensure_future(log.append([noted("A")], [Expect(whole("case", "A"), 0)]))
    await until(lambda: not log.connected)
    nats_server.restart()
    assert await waiting == 1


async def test_a_server_that_hangs_is_survived(
    nats_url: str, nats_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retries that are due while the connection is down go out with the next one."""
    monkeypatch.setattr(appender, "ANSWER_SECONDS", 0.1)
    log = await JetStreamLog.connect(nats_url, name="patient", patience=60)
    follower = Follower(log)
    nats_server.pause()
    waiting = [
        asyncio.ensure_future(log.append([noted(f"C{n}")], [Expect(whole("case", f"C{n}"), 0)]))
        for n in range(50)
    ]
    await until(lambda: not log.connected)
    nats_server.resume()
    positions = await asyncio.gather(*waiting)
    assert sorted(positions) == list(range(1, 51))
    await follower.reach(50)
    assert [r.position for r in follower.seen] == list(range(1, 51))
    await log.close()


async def test_an_append_gives_up_when_its_patience_ends(
    nats_url: str, nats_server: Server
) -> None:
    log = await JetStreamLog.connect(nats_url, name="impatient", patience=0.5)
    nats_server.kill()
    with pytest.raises(LogUnavailable):
        await log.append([noted("A")])
    with pytest.raises(LogUnavailable):
        await log.end()
    nats_server.restart()
    await until(lambda: log.connected)
    assert await log.append([noted("A")]) == 1
    await log.close()


async def test_no_server_is_said_so(nats_url: str, nats_server: Server) -> None:
    nats_server.kill()
    with pytest.raises(LogUnavailable):
        await JetStreamLog.connect(nats_url, name="early", patience=0.5)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("expected", [True, False])
async def test_a_lost_answer_is_found_in_the_log(
    log: JetStreamLog, monkeypatch: pytest.MonkeyPatch, count: int, expected: bool
) -> None:
    monkeypatch.setattr(appender, "ANSWER_SECONDS", 0.1)
    swallowed = swallow_next_answer(log)
    events = [noted("A", str(n)) for n in range(count)]
    expect = [Expect(whole("case", "A"), 0)] if expected else []
    assert await log.append(events, expect) == count
    assert swallowed
    assert await log.end() == count


async def test_the_lost_answer_of_a_full_batch_is_found_for_each(
    log: JetStreamLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appender, "ANSWER_SECONDS", 0.3)
    swallowed = swallow_next_answer(log)
    positions = await asyncio.gather(
        *(log.append([noted(f"C{n}")], [Expect(whole("case", f"C{n}"), 0)]) for n in range(100))
    )
    assert swallowed
    assert sorted(positions) == list(range(1, 101))


async def test_a_conflict_behind_a_lost_answer_stays_one(
    log: JetStreamLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appender, "ANSWER_SECONDS", 0.1)
    await log.append([noted("A")])
    swallow_next_answer(log)
    with pytest.raises(Conflict):
        await log.append([noted("A")], [Expect(whole("case", "A"), 0)])


async def test_a_reader_outlives_its_consumer(log: JetStreamLog) -> None:
    follower = Follower(log)
    await log.append([noted("A")])
    await until(lambda: len(follower.seen) == 1)
    manager = log.nc.jetstream()
    [consumer] = await manager.consumers_info("AFTERCARE")
    await manager.delete_consumer("AFTERCARE", consumer.name)
    await log.append([noted("A")])
    await follower.reach(2)
    assert [r.position for r in follower.seen] == [1, 2]


async def test_a_reader_notices_a_message_that_never_came(log: JetStreamLog) -> None:
    follower = Follower(log)
    await log.append([noted("A")])
    await until(lambda: len(follower.seen) == 1)
    sid, listener = list(log.nc.listeners.items())[-1]
    log.nc.listeners[sid] = lambda *message: None
    await log.append([noted("A")])
    log.nc.listeners[sid] = listener
    await log.append([noted("A")])
    await follower.reach(3)
    assert [r.position for r in follower.seen] == [1, 2, 3]


async def test_a_reader_leaves_no_consumer_behind(log: JetStreamLog) -> None:
    await log.append([noted("A")])
    await everything(log)
    async with asyncio.timeout(5):
        while await log.nc.jetstream().consumers_info("AFTERCARE"):
            pass


async def test_a_stream_that_forgets_is_refused(nats_url: str) -> None:
    log = await JetStreamLog.connect(nats_url, name="first")
    await log.nc.jetstream().delete_stream("AFTERCARE")
    await log.nc.jetstream().add_stream(name="AFTERCARE", subjects=["ac.>"], max_age=3600)
    with pytest.raises(StreamUnfit, match="max_age"):
        await JetStreamLog.connect(nats_url, name="second")
    await log.close()


def swallow_next_answer(log: JetStreamLog) -> list[bytes]:
    """Lose the next acknowledgement of an append, as a cut connection would."""
    [(sid, listener)] = log.nc.listeners.items()
    swallowed: list[bytes] = []

    def swallow(*message: bytes) -> None:
        swallowed.append(message[3])
        log.nc.listeners[sid] = listener

    log.nc.listeners[sid] = swallow
    return swallowed

"""A busy day on a system in which something dies, or stops, again and again."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from aftercare_cli.addresses import Addresses
from aftercare_cli.embedded import free_port
from aftercare_cli.service_process import ServiceProcess
from aftercare_events.catalogue import decode
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log
from support.busy_day import BusyDay
from support.effects import doubled
from support.read_models import differences
from support.reading import everything
from support.servers import Server
from support.up import Up

# Of the writes of a day the first and the last are left alone; a case makes a dozen at least.
EARLIEST, WRITES_OF_A_CASE = 20, 10
BACK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Disturbed:
    """`containers` are the servers that are none of the system's own processes."""

    system: Up
    containers: Mapping[str, Server]
    known: Addresses
    day: BusyDay
    log: Log

    async def by_killing(self, victims: Sequence[str]) -> None:
        """`kill -9` one after the other, each when the day has come as far as drawn by lot."""
        lot = Random("killed")
        moments = sorted(lot.sample(range(EARLIEST, self._latest), len(victims)))
        for victim, moment in zip(lot.sample(victims, len(victims)), moments, strict=True):
            await asyncio.to_thread(self._kill, victim, moment)
        await self._nothing_is_lost_or_doubled()

    async def by_stopping(self, victim: str, seconds: float) -> None:
        """SIGSTOP for so long, with a second replica that could take over."""
        with self._replica(victim):
            moment = Random(victim).randrange(EARLIEST, self._latest)
            assert await asyncio.to_thread(self.day.reached, moment)
            stopped = self.system.children()[victim]
            stopped.send_signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            stopped.send_signal(signal.SIGCONT)
            await self._nothing_is_lost_or_doubled()

    @property
    def _latest(self) -> int:
        return self.day.cases * WRITES_OF_A_CASE

    def _kill(self, victim: str, moment: int) -> None:
        assert self.day.reached(moment), "the day was over before it could be disturbed"
        if server := self.containers.get(victim):
            server.kill()
            server.restart()
            return
        killed = self.system.children()[victim]
        killed.kill()

        def replaced() -> bool:
            return self.system.children().get(victim, killed).pid != killed.pid

        self.system.wait_for(replaced, BACK_SECONDS)

    @contextlib.contextmanager
    def _replica(self, module: str) -> Generator[None]:
        """Another process of a service on the same servers, on a port of its own."""
        running = self.system.children()[module].environ()
        given = {name: value for name, value in running.items() if name.startswith("AFTERCARE_")}
        environment = {**given, "AFTERCARE_PORT": str(free_port())}
        log = self.system.data / "log" / f"second-{module}.log"
        second = ServiceProcess(module, module, environment, log)
        second.start(lambda: None)
        try:
            yield
            assert second.running()
        finally:
            second.stop()

    async def _nothing_is_lost_or_doubled(self) -> None:
        told = await asyncio.to_thread(self.day.summary)
        await asyncio.to_thread(_wait_until_ready, self.known)
        _nothing_is_lost(told, self.day)
        events = await everything(self.log)
        assert doubled(events) == []
        assert _unacknowledged_attempts(events, self.day) == []
        assert await differences(self.log, self.known.database_url) == []


def _nothing_is_lost(told: Mapping[str, Any], day: BusyDay) -> None:
    assert (told["lost"], told["defects"]) == ([], [])
    assert told["acknowledged"] == told["requests"] == day.cases
    assert told["duplicates_recognised"] == told["duplicates_sent"] > 0
    assert told["writes_found"] == told["writes_acknowledged"] == len(day.entries())


def _unacknowledged_attempts(events: Sequence[Recorded], day: BusyDay) -> list[int]:
    """Positions of calls to customers that nobody reported: one reported twice would be two."""
    entries = day.entries()
    cases = {entry.about for entry in entries if entry.opens}
    reported = {entry.position for entry in entries if entry.what == "attempt"}
    return [
        recorded.position
        for recorded in events
        if recorded.event.type == "aftercare.callback.attempted.v1"
        and f"case/{decode(recorded.event).case_id}" in cases
        and recorded.position not in reported
    ]


def _wait_until_ready(known: Addresses) -> None:
    deadline = time.monotonic() + BACK_SECONDS
    while not all(_is_ready(url) for url in known.services.values()):
        assert time.monotonic() < deadline, "not ready again"
        time.sleep(0.05)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False, timeout=5).is_success
    except httpx.HTTPError:
        return False

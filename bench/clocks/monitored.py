"""The sla-monitor as a process of its own, and what it takes from the machine."""

import asyncio
import base64
import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import httpx
import psutil

HEADERS = {"Authorization": "Bearer local-dev-key"}
SAMPLE_SECONDS = 0.5
LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 3_600.0
_POSITION = re.compile(r'^aftercare_projector_position\{projection="sla"\} (\S+)', re.MULTILINE)


class Monitored:
    """Starts, stops and measures one monitor; `peak_mb` is the most memory it ever held."""

    def __init__(self, environment: Mapping[str, str], port: int) -> None:
        master_key = base64.b64encode(os.urandom(32)).decode()
        self._environment = {
            **os.environ,
            "AFTERCARE_MASTER_KEY": master_key,
            **environment,
            "AFTERCARE_PORT": str(port),
        }
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=HEADERS, trust_env=False, timeout=30
        )
        self._process: psutil.Popen | None = None
        self.peak_mb = 0.0

    async def start(self) -> None:
        """Return once it answers, caught up or not."""
        self._process = psutil.Popen(
            [sys.executable, "-m", "sla_monitor"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await self._until(lambda _: True)

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait)
            self._process = None

    async def projected(self, position: int) -> None:
        """Wait until the tables hold that position."""
        await self._until(lambda reached: reached >= position)

    async def running_clocks(self, case_id: str) -> int:
        answer = await self._http.get(f"/v1/cases/{case_id}/clocks")
        clocks = answer.raise_for_status().json()["clocks"]
        return sum(clock["state"] == "running" for clock in clocks)

    async def cpu_percent(self, seconds: float) -> float:
        """Of one core, over so many seconds from now on."""
        before, began = self._cpu_seconds(), time.monotonic()
        await asyncio.sleep(seconds)
        return 100 * (self._cpu_seconds() - before) / (time.monotonic() - began)

    def memory_mb(self) -> float:
        """Resident, now."""
        return self._running.memory_info().rss / 2**20

    async def watch_memory(self) -> None:
        """Keep `peak_mb` for ever."""
        while True:
            with contextlib.suppress(RuntimeError, psutil.NoSuchProcess):
                self.peak_mb = max(self.peak_mb, self.memory_mb())
            await asyncio.sleep(SAMPLE_SECONDS)

    async def close(self) -> None:
        await self.stop()
        await self._http.aclose()

    @property
    def _running(self) -> psutil.Popen:
        if self._process is None:
            raise RuntimeError("the monitor is not running")
        return self._process

    def _cpu_seconds(self) -> float:
        times = self._running.cpu_times()
        return times.user + times.system

    async def _until(self, enough: Callable[[float], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (reached := await self._position()) is None or not enough(reached):
                if self._running.poll() is not None:
                    raise RuntimeError("the monitor has ended")
                await asyncio.sleep(LOOK_SECONDS)

    async def _position(self) -> float | None:
        """Where its tables stand; None while it does not answer."""
        try:
            answer = await self._http.get("/metrics")
        except httpx.TransportError:
            return None
        found = _POSITION.search(answer.text)
        return float(found[1]) if found else None

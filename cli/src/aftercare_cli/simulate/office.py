"""Those who decide what the system proposes: the dispatcher, and the keeper of the spares.

What they say needs no plan of its own: it answers what the history tells.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from .acts import MINUTE
from .history import Line
from .request import HOUR
from .scene import Scene

# So many of the cases of a proposal have to be known as one matter before it is confirmed.
MOST = 0.5


class Office:
    """Hears from the history what waits for a decision, and decides it a while later."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self._incidents: dict[str, list[str]] = {}
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._answers: Mapping[str, Callable[[Line], Awaitable[None]]] = {
            "incident.proposed": self._judge,
            "guarantee.proposed": self._grant,
            "unit.returned": self._inspect,
        }

    def hear(self, line: Line) -> None:
        if line.name == "incident.joined":
            self._incidents.setdefault(line.data["incident_id"], []).append(line.data["case_id"])
        if line.name in self._answers and self._is_ours(line):
            self._busy += 1
            self._idle.clear()
            self._lines.put_nowait(line)

    async def work(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._answer(await self._lines.get()))

    async def finish(self, seconds: float) -> None:
        """Go home when everything is decided, or after `seconds` of ours."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            self._scene.books.defects.append(f"{self._busy} proposals were not decided")

    def _is_ours(self, line: Line) -> bool:
        """What has nothing to do with a case of this day is left to others."""
        cases = self._scene.books.cases
        match line.name:
            case "incident.proposed":
                return not cases.isdisjoint(line.data["case_ids"])
            case "guarantee.proposed":
                return line.data["case_id"] in cases
            case _:
                return bool(line.data.get("to_inspect"))

    async def _answer(self, line: Line) -> None:
        try:
            await self._answers[line.name](line)
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def _judge(self, line: Line) -> None:
        """Like faults are one matter where somebody knows it; then everybody is told (DP-17)."""
        incident_id = line.data["incident_id"]
        await self._scene.let_pass(10 * MINUTE)
        cases = [*line.data["case_ids"], *self._incidents.get(incident_id, ())]
        if not is_one_matter(self._scene.history.of(one).struck for one in cases):
            await self._say(line, "dismiss", {"reason": "互不相关的故障"})
            return
        await self._say(line, "confirm", {"title": f"片区故障：{line.data['category']}"})
        await self._scene.let_pass(10 * MINUTE)
        told = {
            "zh": "已确认为片区故障，正在抢修，恢复后另行通知。",
            "en": "An outage of your area is confirmed and being repaired; we will tell you more.",
        }
        await self._say(line, "announce", told)
        await self._scene.let_pass(3 * HOUR)
        await self._say(line, "end", {"reason": "片区故障已排除"})

    async def _grant(self, line: Line) -> None:
        """What the contract gives is given: the proposal brings its evidence (DP-15)."""
        await self._scene.let_pass(HOUR)
        await self._say(line, "accept", {"reason": "证据属实"})

    async def _inspect(self, line: Line) -> None:
        """What came back from a customer is lent again once somebody looked at it (DP-11)."""
        await self._scene.let_pass(30 * MINUTE)
        await self._say(line, "inspect", {"fit": True, "finding": "通电测试正常"})

    async def _say(self, line: Line, command: str, body: Mapping[str, object]) -> None:
        kind, _, identifier = line.subject.partition("/")
        path = f"/v1/{kind}s/{identifier}/{command}?min_position={line.sequence}"
        key = f"{identifier}-{line.sequence}-{command}"
        await self._scene.tell("dispatch", path, line.subject, key, body)


def is_one_matter(struck: Iterable[bool]) -> bool:
    known = list(struck)
    return sum(known) > MOST * len(known)

"""Those who watch the wall: they acknowledge the alerts of the cases they have an eye on."""

import asyncio

from .acts import MINUTE
from .history import Line
from .scene import Scene


class Ops:
    """Hears of alerts from the history, and goes through them one by one."""

    def __init__(self) -> None:
        self._alerts: asyncio.Queue[Line] = asyncio.Queue()

    def hear(self, line: Line) -> None:
        if line.name == "case.alert_raised":
            self._alerts.put_nowait(line)

    async def work(self, scene: Scene) -> None:
        """For ever."""
        while True:
            alert = await self._alerts.get()
            await scene.let_pass(MINUTE)
            if scene.history.of(alert.data["case_id"]).watched:
                await _acknowledge(alert, scene)


async def _acknowledge(alert: Line, scene: Scene) -> None:
    """The history is faster than the wall, so the position goes with the acknowledgement."""
    case_id, alert_id = alert.data["case_id"], alert.data["alert_id"]
    path = f"/v1/alerts/{alert_id}/ack?min_position={alert.sequence}"
    body = {"actor": "ops-desk", "note": "seen"}
    await scene.tell("sla-monitor", path, f"case/{case_id}", alert_id, body)

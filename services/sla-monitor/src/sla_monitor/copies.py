"""Copies of alert movements for whoever listens on NATS: `alerts.<step>.<policy>.<case>`.

At most once, and not part of the log: a listener that was away has missed them. Whoever must not
miss anything resumes the stream, or subscribes.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from aftercare_events.ndjson import line
from aftercare_events.outage import is_outage
from aftercare_events.projector.leadership import leadership
from aftercare_events.racing import end_if_cancelled, first_of

from . import alerts
from .monitor import Monitor

RETRY_SECONDS = 0.5

Tell = Callable[[str, bytes], Awaitable[None]]
logger = structlog.get_logger()


async def copy_alerts(monitor: Monitor, tell: Tell) -> None:
    """Among replicas one copies, for ever; what moves while none does is not copied."""
    while True:
        lost = asyncio.Event()
        try:
            async with leadership(monitor.engine, "alert copies", on_lost=lost.set):
                await first_of(_copy(monitor, tell), lost.wait())
        except Exception as error:
            end_if_cancelled(error)
            if not is_outage(error):
                logger.exception("alert_copies_failed")
        await asyncio.sleep(RETRY_SECONDS)


async def _copy(monitor: Monitor, tell: Tell) -> None:
    after = await monitor.log.end()
    async for moved in alerts.stream(monitor.log, monitor.engine, monitor.projector, after):
        alert = moved.alert
        subject = f"alerts.{alert.step}.{alert.policy}.{alert.case_id}"
        await tell(subject, line(moved.recorded).rstrip(b"\n"))

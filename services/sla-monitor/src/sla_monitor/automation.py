"""What the monitor does by itself: say what was promised, and announce what fell due."""

from contextlib import aclosing

import structlog
from prometheus_client import Counter, Histogram

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.sla import AlertRaised, CasePromised
from aftercare_events.log import Conflict, Expect, whole
from aftercare_events.todo import Handler, Item, finish

from .changes import SWEEP
from .domain.decide import decide_due
from .domain.promising import promised
from .editions import follow_newest, sweep
from .monitor import ACTOR, SERVICE, Monitor
from .projection import BEHIND, STEPS
from .promises import PROMISES, SAID
from .tables import infra

logger = structlog.get_logger()

RAISED = Counter("aftercare_alerts_raised_total", "Alerts raised", ["step"])
LATENESS = Histogram(
    "aftercare_alert_lateness_seconds",
    "From a step's instant to the alert",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)


def handlers(monitor: Monitor) -> dict[str, Handler]:
    async def steps(item: Item) -> None:
        await announce(monitor, item.key)

    async def editions(item: Item) -> None:
        await sweep(monitor, item)

    async def behind(item: Item) -> None:
        await follow_newest(monitor, item.key)

    async def promises(item: Item) -> None:
        if not await promise(monitor, item.key):
            await finish(monitor.engine, infra, item, now=monitor.clock.now())

    return {STEPS: steps, SWEEP: editions, BEHIND: behind, PROMISES: promises}


async def promise(monitor: Monitor, case_id: str) -> bool:
    """Say what a case is promised, unless that was said; whether there was something to say.

    Raises Conflict when the case moved meanwhile.
    """
    row = await monitor.rows.get(case_id)
    if row is None or row.clocks.course.ended:
        return False
    fact = promised(row.clocks, await monitor.terms_of(row.clocks))
    if row.clocks.promised and fact == await _promised_last(monitor, case_id):
        return False
    now = monitor.clock.now()
    event = record(fact, service=SERVICE, time=now, actor=ACTOR, correlation_id=case_id)
    await monitor.log.append([event], [Expect(whole("case", case_id), row.position)])
    return True


async def _promised_last(monitor: Monitor, case_id: str) -> CasePromised | None:
    said = None
    async with aclosing(monitor.log.read(subject=f"ac.{SERVICE}.case.{case_id}")) as batches:
        async for batch in batches:
            for recorded in batch:
                if recorded.event.type == SAID:
                    said = decode(recorded.event)
    return said


async def announce(monitor: Monitor, case_id: str) -> None:
    """Append what fell due for a case (SL-05).

    The expectation on the whole case makes it once and never over a milestone: if the case moved
    meanwhile the log refuses, and the projection of what moved it puts the case back on the list.
    If that is projected already, perhaps set aside, the log's own position is the basis.
    Raises Conflict when somebody was faster again.
    """
    try:
        await _announce(monitor, case_id, None)
    except Conflict:
        last = await monitor.log.last(whole("case", case_id))
        logger.info("case moved, looking again", case_id=case_id)
        if last is not None and last.position <= monitor.projector.position:
            await _announce(monitor, case_id, last.position)


async def _announce(monitor: Monitor, case_id: str, position: int | None) -> None:
    """As of a position of the log; of the row's own where none is given."""
    row = await monitor.rows.get(case_id)
    if row is None:
        return
    now = monitor.clock.now()
    terms = await monitor.terms_of(row.clocks)
    facts = decide_due(row.clocks, now, terms, await monitor.roll.current())
    if not facts:
        return
    events = [
        record(fact, service=SERVICE, time=now, actor=ACTOR, correlation_id=case_id)
        for fact in facts
    ]
    basis = Expect(whole("case", case_id), row.position if position is None else position)
    end = await monitor.log.append(events, [basis])
    for fact in facts:
        if isinstance(fact, AlertRaised):
            _count(fact, end)


def _count(alert: AlertRaised, position: int) -> None:
    RAISED.labels(alert.step).inc()
    LATENESS.observe(alert.late_by_s)
    logger.info(
        "alert raised",
        case_id=alert.case_id,
        clock=alert.clock,
        step=alert.step,
        recipient=alert.recipient,
        late_by_s=alert.late_by_s,
        position=position,
    )

"""Watches the connect rate: an alert for ops when too few calls are answered (IN-03)."""

from collections.abc import Sequence
from datetime import date

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import ConnectRateFallen
from aftercare_events.clock import Clock
from aftercare_events.log import Expect, Log
from aftercare_events.todo import NEVER, Item, rest

from ..archive import Archive
from ..domain.connect_rate import (
    DAY,
    EVERYBODY,
    HOUR,
    ConnectRateEvent,
    Promise,
    Tally,
    judge,
    let_go,
    promised_rate,
    window_of,
)
from ..domain.entitlement import out_of_force
from ..opening import Said, subject_of
from ..tables import infra
from .statistics import tally

MACHINE = "intake"

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.connect_rate")
_ALERTS = Counter(
    "aftercare_connect_rate_alerts",
    "How often the connect rate fell below what is promised, and recovered",
    ["what"],
)


class ConnectRate:
    """Judges the windows in which calls came, soon after each of them.

    `promised` is the rate of all calls, in per cent, and of contracts that name none; a window
    with less than `min_calls` says nothing.
    """

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        archive: Archive,
        clock: Clock,
        *,
        promised: float,
        min_calls: int,
    ) -> None:
        self._log = log
        self._engine = engine
        self._archive = archive
        self._clock = clock
        self._promised = promised
        self._min_calls = min_calls

    async def watch(self, item: Item) -> None:
        """Say what is to be said of the window; where it fell, look again when it is stale.

        After that nothing is left to do about it, whatever alert of a later window is open.
        """
        customer_id = item.payload["customer_id"]
        window = window_of(item.due_at, DAY if customer_id else HOUR)
        counted = await tally(self._engine, window, customer_id)
        promises = await self._promises(customer_id, window.start.date())
        fallen = [promise for promise in promises if await self._fallen(promise, counted)]
        now = self._clock.now()
        until = window.stale_at if fallen and now < window.stale_at else NEVER
        await rest(self._engine, infra, [item], now=now, until=until)

    async def _promises(self, customer_id: str | None, day: date) -> Sequence[Promise]:
        if customer_id is None:
            return [Promise(EVERYBODY, self._promised)]
        dossier = await self._archive.dossier(customer_id)
        promises: list[Promise] = []
        for contract in dossier.contracts if dossier else ():
            if out_of_force(contract, day) is None:
                terms = await self._archive.terms(contract.policy)
                rate = promised_rate(contract, terms, self._promised)
                promises.append(Promise(contract.contract_id, rate, customer_id))
        return promises

    async def _fallen(self, promise: Promise, counted: Tally) -> bool:
        """Whether the alert of this promise is open, after what is said now."""
        subject = subject_of("connect_rate", promise.scope)
        last = await self._log.last(subject)
        said: ConnectRateEvent | None = catalogue.decode(last.event) if last else None
        now = self._clock.now()
        if now >= counted.window.stale_at:
            event = let_go(counted, said)
        else:
            event = judge(promise, counted, said, self._min_calls)
        if event is not None:
            recorded = Said(now, MACHINE, "").event(event)
            await self._log.append([recorded], [Expect(subject, last.position if last else 0)])
            _tell(event)
        return isinstance(event or said, ConnectRateFallen)


def _tell(event: ConnectRateEvent) -> None:
    """A line for whoever watches logs, and a count for whoever watches figures."""
    fell = isinstance(event, ConnectRateFallen)
    what = "fallen" if fell else "recovered"
    _ALERTS.labels(what).inc()
    say = logger.warning if fell else logger.info
    say(
        f"connect_rate_{what}",
        scope=event.scope,
        rate=event.rate,
        promised=event.promised,
        calls=event.calls,
        window_start=event.window_start.isoformat(),
    )
